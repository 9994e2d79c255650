"""The ledger's host: reads the log, feeds the folds, publishes what changed."""

import asyncio
import gc
from collections.abc import Awaitable, Callable

import structlog

from streams.contracts.family import Stream
from streams.log.errors import LogError, StateOfAnotherLog, StateSuperseded
from streams.log.port import EventLog
from streams.log.state import StateWriter, Update

from .fold import PartitionFold

READ_LIMIT = 1_000
IDLE_S = 0.02
"""How long to wait before looking again when there was nothing to read."""
FLUSH_CAUGHT_UP_S = 0.2
FLUSH_BEHIND_S = 1.0
FLUSH_REBUILDING_S = 10.0
"""Nobody reads a generation that is being rebuilt, and the longer the pause, the fewer rows."""
PUBLISH_TRIES = 10

log = structlog.get_logger()


class Worker:
    """Keeps the published state of all partitions of a log up with its end.

    `clock` gives seconds that only rise, `pause` waits for so many seconds; `flush_behind_s`
    is how often it publishes while there is more to read.
    """

    def __init__(
        self,
        events: EventLog,
        state: StateWriter,
        clock: Callable[[], float],
        pause: Callable[[float], Awaitable[None]] = asyncio.sleep,
        flush_behind_s: float = FLUSH_BEHIND_S,
    ) -> None:
        self._events = events
        self._state = state
        self._clock = clock
        self._pause = pause
        self._flush_behind_s = flush_behind_s
        self._folds = [PartitionFold(events.identity, p) for p in range(events.identity.partitions)]
        self._outbox: list[Update] = []
        self._flushed_at = clock()

    @property
    def positions(self) -> list[int]:
        """For each partition the offset to read next."""
        return [fold.position for fold in self._folds]

    def sizes(self) -> dict[str, int]:
        """Cells, entities and ids held, over all partitions."""
        held = [fold.sizes() for fold in self._folds]
        return {name: sum(sizes[name] for sizes in held) for name in held[0]}

    async def restore(self) -> None:
        """Go on from the published state.

        Raises OtherFoldVersion, LogError; StateOfAnotherLog when the log does not hold what
        the state stands for.
        """
        for partition, fold in enumerate(self._folds):
            start = fold.restore(await self._state.load(partition))
            await self._check_last(partition, fold)
            while start < fold.position:
                limit = min(READ_LIMIT, fold.position - start)
                records = await self._events.read(Stream.FACTS, partition, start, limit)
                records = [record for record in records if record.offset < fold.position]
                fold.remember(records)
                start = records[-1].offset + 1
                await asyncio.sleep(0)

    async def _check_last(self, partition: int, fold: PartitionFold) -> None:
        """The last record the state stands for must lie in the log, with its arrival time."""
        if fold.position == 0:
            return
        records = await self._events.read(Stream.FACTS, partition, fold.position - 1, 1)
        if not records or records[0].arrival_ms != fold.last_arrival_ms:
            raise StateOfAnotherLog(
                f"partition {partition}: the totals stand for {fold.position:,} records which this log does "
                "not hold; bring the log back with `tidemark restore`, or make the totals anew with "
                "`tidemark rebuild`"
            )

    async def step(self) -> bool:
        """Read once from every partition and publish when it is time; True if anything came."""
        busy = False
        for partition, fold in enumerate(self._folds):
            records = await self._events.read(Stream.FACTS, partition, fold.position, READ_LIMIT)
            if records:
                fold.feed(records)
                busy = busy or len(records) == READ_LIMIT
                await asyncio.sleep(0)
        if busy:
            gc.freeze()
        due = self._flush_behind_s if busy else FLUSH_CAUGHT_UP_S
        if self._clock() - self._flushed_at >= due:
            await self.flush()
        return busy

    async def flush(self) -> None:
        """Publish what changed, all partitions at once. Raises LogError after several tries.

        The folds move on when they are settled, so what a cancelled or failed flush leaves
        waits in the outbox for the next; publishing absolute values twice is harmless.
        """
        await self._publish_outbox()
        self._outbox = [
            Update(partition, rows) for partition, fold in enumerate(self._folds) if (rows := fold.settle())
        ]
        await self._publish_outbox()
        self._flushed_at = self._clock()

    async def catch_up(self, on_progress: Callable[[int], None] = lambda _done: None) -> None:
        """Come to the ends that the log has now, and publish. Reports offsets passed so far."""
        ends = await self._events.ends(Stream.FACTS)
        start = sum(self.positions)
        while any(position < end for position, end in zip(self.positions, ends, strict=True)):
            passed = sum(self.positions)
            await self.step()
            if sum(self.positions) == passed:
                await self._pause(IDLE_S)
            on_progress(sum(self.positions) - start)
        await self.flush()

    async def run(self, stop: asyncio.Event) -> None:
        """Keep up until told to stop, then publish what is left."""
        while not stop.is_set():
            if not await self.step():
                await self._pause(IDLE_S)
        await self.flush()

    async def _publish_outbox(self) -> None:
        if self._outbox:
            await self._publish(self._outbox)
            self._outbox = []

    async def _publish(self, updates: list[Update]) -> None:
        for attempt in range(1, PUBLISH_TRIES + 1):
            try:
                return await self._state.publish(updates)
            except StateSuperseded:
                raise
            except LogError as error:
                if attempt == PUBLISH_TRIES:
                    raise
                log.warning("publishing failed, trying again", attempt=attempt, error=str(error))
                await self._pause(min(5.0, 0.1 * 2**attempt))
        raise AssertionError("unreachable")


def calm_collector() -> None:
    """Keep the cyclic garbage collector from walking millions of long-lived cells.

    The state holds no cycles. `gc.freeze` takes no time and moves what there is out of the
    collector's sight; a worker that is behind does it after every step, since nearly all it
    allocates stays. What it bought stands in decision 0011.
    """
    gc.collect()
    gc.freeze()
    gc.set_threshold(1_000_000, 50, 1_000)
