"""A log on Kafka for one test: create it, append to it, fold it in this process, check it."""

import asyncio
import subprocess
from collections.abc import AsyncIterator, Awaitable, Callable, Iterable, Iterator
from contextlib import AsyncExitStack, asynccontextmanager, contextmanager
from pathlib import Path

from aiokafka.admin import AIOKafkaAdminClient

from tidemark.services.cli.verify import verify_refold
from tidemark.streams.contracts.envelope import Event, key_of
from tidemark.streams.contracts.family import Stream
from tidemark.streams.contracts.identity import LogIdentity
from tidemark.streams.contracts.partitions import partition_of
from tidemark.streams.contracts.published import Kind, decode_head
from tidemark.streams.families.codec import decode, encode
from tidemark.streams.ledger.worker import Worker
from tidemark.streams.log import create_log, engine_of, open_readers
from tidemark.streams.log.kafka.address import parse_kafka
from tidemark.streams.log.kafka.state_writer import KafkaStateWriter
from tidemark.streams.log.kafka.topics import Topics, open_topics
from tidemark.streams.log.port import Entry, EventLog, PartitionAssignment, WholeLog

from .commands import TIDEMARK
from .events import IDENTITY
from .folding import NOON, ms

ARRIVAL_MS = ms(NOON) + 90_000
LIMIT_S = 60
PAUSE_S = 0.05


def clock() -> int:
    """The arrival time of everything in these logs."""
    return ARRIVAL_MS


async def make_log(url: str, identity: LogIdentity = IDENTITY) -> None:
    """An empty log."""
    await (await create_log(url, identity, clock)).close()


@asynccontextmanager
async def opened_log(url: str) -> AsyncIterator[EventLog]:
    """A log, closed at the end."""
    log = await engine_of(url).open_log(clock)
    try:
        yield log
    finally:
        await log.close()


@asynccontextmanager
async def administered_at(url: str) -> AsyncIterator[Topics]:
    """The broker's topics."""
    async with open_topics(parse_kafka(url)) as topics:
        yield topics


async def append(url: str, *events: Event) -> None:
    """Send events, each to its partition."""
    async with opened_log(url) as log:
        await log.append(Stream.FACTS, entries(events, log.identity.partitions))


async def append_raw(url: str, *values: bytes) -> None:
    """Send any bytes to the first partition."""
    async with opened_log(url) as log:
        await log.append(Stream.FACTS, [Entry(0, value) for value in values])


def entries(events: Iterable[Event], partitions: int) -> list[Entry]:
    """What the gateway would append."""
    raws = map(encode, events)
    return [Entry(partition_of(key_of(decode(raw)), partitions), raw) for raw in raws]


async def no_pause(_seconds: float) -> None:
    """Return at once."""


class Workers:
    """Ledger workers of one log in this process. By default their clock stands still, so that they publish
    only on request."""

    def __init__(
        self,
        url: str,
        writer: type[KafkaStateWriter] = KafkaStateWriter,
        clock_s: Callable[[], float] = lambda: 0.0,
        pause: Callable[[float], Awaitable[None]] = no_pause,
    ) -> None:
        self._url = url
        self._writer = writer
        self._clock_s = clock_s
        self._pause = pause
        self._stack = AsyncExitStack()

    async def __aenter__(self) -> "Workers":
        return self

    async def __aexit__(self, *_error: object) -> None:
        await self._stack.aclose()

    async def start(self, assignment: PartitionAssignment | None = None) -> Worker:
        """A worker that has restored its partitions, by default all."""
        log = await engine_of(self._url).open_log(clock)
        self._stack.push_async_callback(log.close)
        state = await self._writer.open(parse_kafka(self._url))
        self._stack.push_async_callback(state.close)
        worker = Worker(
            log, state, assignment or WholeLog(log.identity.partitions), self._clock_s, self._pause
        )
        await worker.restore()
        return worker


async def fold(url: str) -> None:
    """Fold a log on any engine up to its end, with one worker."""
    async with opened_log(url) as log:
        state = await engine_of(url).open_state_writer()
        try:
            await Worker(log, state, WholeLog(log.identity.partitions), lambda: 0.0, no_pause).catch_up()
        finally:
            await state.close()


@contextmanager
def running_ledger(url: str, output: Path) -> Iterator[subprocess.Popen[bytes]]:
    """The ledger as a process of its own, killed at the end; its standard error goes to a file."""
    with (
        output.open("wb") as stderr,
        subprocess.Popen([TIDEMARK, "ledger", "--log", url], stderr=stderr) as process,
    ):
        try:
            yield process
        finally:
            process.kill()


async def read_on(worker: Worker, url: str) -> None:
    """Read up to the log's end and publish nothing."""
    async with opened_log(url) as log:
        ends = await log.ends(Stream.FACTS)
    while any(worker.positions[partition] < ends[partition] for partition in worker.positions):
        await worker.step()


async def check_rows(url: str) -> None:
    """Check that every published row equals, byte by byte, that of a fold of the same log in memory."""
    async with open_readers(url, clock) as (log, reader):
        verdict = await verify_refold(log, reader)
    assert not verdict.differences, f"published rows differ: {verdict.differences[:5]}"


async def check_group(url: str) -> None:
    """Check that the offsets committed by the group are the positions of the heads."""
    committed, heads = await read_committed(url), await positions(url)
    assert committed == heads, f"the group has committed {committed}, the heads are at {heads}"


async def all_published(url: str) -> None:
    """Wait until the heads are at the log's end."""
    async with opened_log(url) as log:
        ends = dict(enumerate(await log.ends(Stream.FACTS)))

    async def is_published() -> bool:
        return await positions(url) == ends

    await eventually(is_published)


async def eventually(holds: Callable[[], Awaitable[bool]]) -> None:
    """Wait until the condition holds, for a minute at most."""
    async with asyncio.timeout(LIMIT_S):
        while True:
            if await holds():
                return
            await asyncio.sleep(PAUSE_S)


async def positions(url: str) -> dict[int, int]:
    """The position of each partition's published head."""
    reader = await engine_of(url).open_state_reader()
    try:
        rows = await reader.rows(Kind.HEAD)
    finally:
        await reader.close()
    return {partition: decode_head(row.value or b"").position for partition, row in rows}


async def read_committed(url: str) -> dict[int, int]:
    """The offset committed by the ledger's group for each partition, as tools for consumer lag see it."""
    address = parse_kafka(url)
    admin = AIOKafkaAdminClient(**address.client_settings())
    await admin.start()
    try:
        offsets = await admin.list_consumer_group_offsets(address.topic("ledger"))
    finally:
        await admin.close()
    return {place.partition: committed.offset for place, committed in offsets.items()}
