"""With the rights of deploy/kafka/acls.toml each part can do its work, and nothing else."""

import asyncio
import subprocess
import sys
import time
import tomllib
from collections.abc import AsyncIterator, Coroutine, Iterator
from contextlib import AsyncExitStack, asynccontextmanager
from typing import Any, Protocol, TypeVar

import pytest
from aiokafka import AIOKafkaConsumer, AIOKafkaProducer, TopicPartition
from aiokafka.client import AIOKafkaClient
from aiokafka.errors import (
    IllegalOperation,
    TopicAuthorizationFailedError,
    TransactionalIdAuthorizationFailed,
)
from aiokafka.protocol.admin import CreateAclsRequest

from tests.deploy.secured import ADMIN, NAME, Secured, run_secured_broker
from tests.support.commands import ROOT
from tidemark.deploy.kafka.acls import TABLE
from tidemark.streams.contracts.family import Stream
from tidemark.streams.contracts.identity import LogIdentity
from tidemark.streams.contracts.published import Kind
from tidemark.streams.ledger.worker import Worker
from tidemark.streams.log import engine_of, open_readers
from tidemark.streams.log.engine import Topic
from tidemark.streams.log.errors import LogError, LogUnsupported, RightsInvalid
from tidemark.streams.log.kafka.address import KafkaAddress, parse_kafka
from tidemark.streams.log.kafka.admin import connect_admin, wait_for
from tidemark.streams.log.kafka.producing import start_producer
from tidemark.streams.log.kafka.rights import apply_rights, format_right, make_right, make_rights, read_rights
from tidemark.streams.log.kafka.topics import open_topics
from tidemark.streams.log.port import Entry, Receipt, WholeLog

pytestmark = pytest.mark.xdist_group("kafka-acls")

PARTS: dict[str, dict[str, list[str]]] = tomllib.loads(TABLE.read_text("utf-8"))
IDENTITY = LogIdentity(partitions=2)
TOPICS = ("facts", "signals", "control", "state.probe", "dead.probe")
OTHER = f"{NAME}2"
TWO_PHASE_COMMIT = 15
"""The number of an operation in Kafka's protocol."""
WRITERS = {
    "topics": {"control"},
    "gateway": {"facts", "signals"},
    "ledger": {"state.probe", "dead.probe"},
    "rebuild": {"control", "state.probe", "dead.probe"},
    "exporter": set(),
    "board": set(),
    "sender": {"facts", "signals", "control"},
    "auditor": set(),
}
READERS = {
    "topics": {"control"},
    "gateway": {"control"},
    "ledger": {"facts", "control", "state.probe"},
    "rebuild": {"facts", "control", "state.probe"},
    "exporter": {"control", "state.probe"},
    "board": {"control", "state.probe"},
    "sender": {"facts", "signals", "control", "state.probe", "dead.probe"},
    "auditor": {"facts", "signals", "control", "state.probe", "dead.probe"},
}
"""Written by hand, independently of the table."""


class Closable(Protocol):
    async def close(self) -> None: ...


T = TypeVar("T", bound=Closable)


@pytest.fixture(scope="module")
def broker(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Secured]:
    """A broker to which the command has applied the table."""
    with run_secured_broker(tmp_path_factory.mktemp("secured"), PARTS) as secured:
        assert run_acls(secured).returncode == 0
        yield secured


@pytest.fixture
async def log(broker: Secured) -> Secured:
    """The broker with a log, a second log, and a record in every topic."""
    await engine_of(broker.url_of("topics")).apply_topics(IDENTITY)
    admin = parse_kafka(broker.url(ADMIN))
    async with open_topics(admin) as topics:
        await topics.create(
            [Topic(topic, 1, {}) for topic in list_topics() if "probe" in topic or OTHER in topic]
        )
    async with open_producer(broker, ADMIN) as producer:
        for topic in list_topics():
            await write_record(producer, topic)
    return broker


def list_topics() -> list[str]:
    """One topic of each kind, and one of another log whose name has the same prefix."""
    return [*(f"{NAME}.{topic}" for topic in TOPICS), f"{OTHER}.facts"]


def run_acls(broker: Secured, *flags: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "deploy/kafka/acls.py", "--log", broker.url(ADMIN), *flags]
    return subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=120, check=False)


def read_clock() -> int:
    return time.time_ns() // 1_000_000


async def send(url: str, receipt: Receipt | None = None) -> None:
    """Append events, as the gateway does, or with a receipt, as the import does."""
    events = await engine_of(url).open_log(read_clock)
    try:
        for stream in Stream:
            await events.append(stream, [Entry(0, b"{}"), Entry(1, b"{}")], receipt)
            await events.ends(stream)
    finally:
        await events.close()


async def run_ledger(url: str) -> None:
    """Catch up, as a ledger worker does."""
    async with AsyncExitStack() as stack:
        events = await open_on(stack, engine_of(url).open_log(read_clock))
        state = await open_on(stack, engine_of(url).open_state_writer())
        share = await open_on(stack, engine_of(url).join(IDENTITY.partitions, "worker-1"))
        await Worker(events, state, share, time.monotonic, retry_at_once).catch_up()


async def rebuild(url: str) -> None:
    """Rebuild the state, as `tidemark rebuild` does."""
    async with AsyncExitStack() as stack:
        events = await open_on(stack, engine_of(url).open_log(read_clock))
        state = await open_on(stack, engine_of(url).begin_rebuild())
        await Worker(events, state, WholeLog(IDENTITY.partitions), time.monotonic, retry_at_once).catch_up()
        await state.promote()


async def open_on(stack: AsyncExitStack, opening: Coroutine[Any, Any, T]) -> T:
    """Open it, and close it with the stack."""
    opened_now = await opening
    stack.push_async_callback(opened_now.close)
    return opened_now


async def retry_at_once(_seconds: float) -> None:
    """Retry without a pause."""
    await asyncio.sleep(0)


async def read_totals(url: str) -> int:
    """Read as exporter and board do; returns the number of rows."""
    async with open_readers(url, read_clock) as (events, reader):
        await events.ends(Stream.FACTS)
        return len((await reader.poll(0, 0)).rows)


async def test_with_the_listed_rights_every_part_does_its_work(log: Secured) -> None:
    await send(log.url_of("gateway"))
    await send(log.url_of("sender"), Receipt("file", "row 2"))
    await run_ledger(log.url_of("ledger"))
    for part in ("exporter", "board", "auditor"):
        assert await read_totals(log.url_of(part)) > 0
    async with open_readers(log.url_of("auditor"), read_clock) as (events, reader):
        assert (await events.read(Stream.FACTS, 0, 0, 10)).records
        assert await reader.rows(Kind.DEAD)
    for _ in range(3):  # only the third one drops a generation
        await rebuild(log.url_of("rebuild"))
    await run_ledger(log.url_of("ledger"))


@pytest.mark.parametrize("part", [*PARTS, "stranger"])
async def test_it_writes_and_reads_these_topics_and_no_others(log: Secured, part: str) -> None:
    user = part if part == "stranger" else f"{NAME}-{part}"
    assert await list_writable(log, user) == {f"{NAME}.{topic}" for topic in WRITERS.get(part, ())}
    assert await list_readable(log, user) == {f"{NAME}.{topic}" for topic in READERS.get(part, ())}


async def list_writable(broker: Secured, user: str) -> set[str]:
    """The topics that a user may write."""
    async with open_producer(broker, user) as producer:
        return {topic for topic in list_topics() if await is_permitted(write_record(producer, topic))}


async def list_readable(broker: Secured, user: str) -> set[str]:
    """The topics that a user may read: those that are listed to it and that it can fetch from."""
    consumer = AIOKafkaConsumer(**parse_kafka(broker.url(user)).client_settings())
    await consumer.start()
    try:
        shown = await consumer.topics()
        return {
            topic
            for topic in list_topics()
            if topic in shown and await is_permitted(read_record(consumer, topic))
        }
    finally:
        await consumer.stop()


async def is_permitted(work: Coroutine[Any, Any, None]) -> bool:
    try:
        await asyncio.wait_for(work, 30)
    except TopicAuthorizationFailedError:
        return False
    return True


@asynccontextmanager
async def open_producer(broker: Secured, user: str) -> AsyncIterator[AIOKafkaProducer]:
    producer = AIOKafkaProducer(**parse_kafka(broker.url(user)).client_settings())
    await producer.start()
    try:
        yield producer
    finally:
        await producer.stop()


async def write_record(producer: AIOKafkaProducer, topic: str) -> None:
    await producer.send_and_wait(topic, b"{}", b"probe", partition=0)


async def read_record(consumer: AIOKafkaConsumer, topic: str) -> None:
    place = TopicPartition(topic, 0)
    consumer.assign([place])
    consumer.seek(place, 0)
    await consumer.getone(place)


@pytest.mark.parametrize("part", [*PARTS, "stranger"])
async def test_only_who_publishes_totals_can_push_a_ledger_worker_out(broker: Secured, part: str) -> None:
    address = parse_kafka(broker.url(part if part == "stranger" else f"{NAME}-{part}"))
    try:
        producer = await start_producer(address, f"{NAME}.state.probe.0")
    except TransactionalIdAuthorizationFailed:
        assert part not in {"ledger", "rebuild"}
    else:
        assert part in {"ledger", "rebuild"}
        await producer.stop()


async def test_the_ledger_cannot_send_events(log: Secured) -> None:
    with pytest.raises(LogError, match="lists the rights"):
        await send(log.url_of("ledger"))


@pytest.mark.parametrize(
    ("word", "target"),
    [("write", "state.*"), ("write", "dead.*"), ("transaction", "state.*"), ("group", "ledger")],
)
async def test_a_right_that_is_taken_away_is_missed(log: Secured, word: str, target: str) -> None:
    """The negative control: the ledger fails without the right, and works again with it.

    aiokafka may refuse the second send of a transaction before it reports why the first was refused.
    """
    admin = parse_kafka(log.url(ADMIN))
    less = PARTS["ledger"] | {word: [each for each in PARTS["ledger"][word] if each != target]}
    await send(log.url_of("gateway"))
    try:
        assert await apply_rights(admin, PARTS | {"ledger": less}, dry_run=False)
        with pytest.raises((LogError, IllegalOperation)):
            await run_ledger(log.url_of("ledger"))
    finally:
        assert await apply_rights(admin, PARTS, dry_run=False)
    await run_ledger(log.url_of("ledger"))


async def test_a_second_run_changes_nothing_and_a_dry_run_never_does(broker: Secured) -> None:
    extra = make_right(NAME, "gateway", "write", "state.*")
    async with connect_admin(parse_kafka(broker.url(ADMIN))) as client:
        await wait_for(*client.create_acls([extra]).values())
    line = f"- {format_right(extra)}"
    assert line == "- User:tidemark-gateway write topic tidemark.state.*"
    assert line in run_acls(broker, "--dry-run").stdout
    assert line in run_acls(broker).stdout
    assert run_acls(broker).stdout == "0 rights changed\n"


async def test_the_rights_of_others_are_left_alone(broker: Secured) -> None:
    other = make_right(OTHER, "gateway", "write", "facts")
    async with connect_admin(parse_kafka(broker.url(ADMIN))) as client:
        await wait_for(*client.create_acls([other]).values())
        assert run_acls(broker).returncode == 0
        assert await read_rights(client, [other.principal]) == {other}


@pytest.mark.parametrize("flags", [(), ("--dry-run",)], ids=["run", "dry run"])
def test_a_user_without_the_right_to_change_rights_gets_an_error(
    broker: Secured, flags: tuple[str, ...]
) -> None:
    command = [sys.executable, "deploy/kafka/acls.py", "--log", broker.url_of("gateway"), *flags]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=120, check=False)
    assert done.returncode == 1
    assert "lists the rights" in done.stderr
    assert "Traceback" not in done.stderr


@pytest.mark.parametrize("word", ["wirte", "groups", "any"])
def test_a_word_that_kafka_does_not_know_is_refused_by_name(word: str) -> None:
    with pytest.raises(RightsInvalid, match=f"gateway.*{word}.*write"):
        make_rights({"gateway": {word: ["facts"]}}, NAME)


async def test_a_right_of_a_kind_that_the_client_does_not_know_is_named(broker: Secured) -> None:
    """A right of an unknown kind cannot be removed by name, and must not be ignored."""
    address = parse_kafka(broker.url(ADMIN).replace(f"/{NAME}?", "/odd?"))
    client = AIOKafkaClient(**address.client_settings())
    await client.bootstrap()
    try:
        request = CreateAclsRequest(5, "odd.x", 3, "User:odd-gateway", "*", TWO_PHASE_COMMIT, 3)
        await client.send(client.get_random_node(), request)
    finally:
        await client.close()
    with pytest.raises(LogUnsupported, match=r"User:odd-gateway.*odd\.x.*kafka-acls"):
        await asyncio.wait_for(apply_until_refused(address), 30)


async def apply_until_refused(address: KafkaAddress) -> None:
    """Apply rights until an error: the queried broker sees a new right a moment later."""
    while True:
        await apply_rights(address, {"gateway": {}}, dry_run=True)


def test_every_user_has_a_line_above() -> None:
    assert PARTS.keys() == WRITERS.keys() == READERS.keys()
