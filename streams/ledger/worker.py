"""The worker: reads the log, feeds one fold per partition, publishes what changed.

Guarantee: what is published of a partition at position N is exactly the fold of its records before N, after
any crash, outage or move to another worker. The worker only schedules; batch sizes, flush intervals and the
clock decide when something is published, never what. None of them may enter a fold.

A step follows the partition assignment first: it gives up all partitions that are no longer this worker's
and takes up one that is new. Then it reads at most READ_LIMIT records of each partition, feeds them, and
when a flush is due, fills the outbox: `fold.settle()` hands over the changed rows as absolute totals and
forgets that they changed. The outbox is published in the background while reading goes on.

- Only the outbox remembers what a fold has handed over, so it is filled again only after the one before is
  published. A flush that failed or was cancelled leaves it full; publishing totals twice is harmless.
- Before partitions are given up or taken up, the outbox is published.
- Taking up: `StateWriter.load` ends the previous owner's right to publish and only then reads the rows. Read
  the other way round, its last publish would be missed. The records behind the position are read again only
  for their ids, so that a duplicate across a restart is still one; they are not counted.
- A publish that is refused because another worker has the partition (PartitionsLost) costs the partition:
  its fold and its rows in the outbox are dropped, and the assignment is requested again. A fold must never be
  kept after that: it may lack what the other worker has published since.

A crash loses what was folded since the last publish. Whoever takes the partition up folds the same records
again from the published position and comes to the same state. If the log ends before that position, or the
record just before it has another arrival time, this is another log or an older copy: the worker stops rather
than add the two up.
"""

import asyncio
import gc
from collections.abc import Callable, Sequence
from functools import partial

import structlog

from tidemark.streams.contracts.family import Stream
from tidemark.streams.log.errors import (
    LogError,
    LogForbidden,
    PartitionsLost,
    RecordTooLarge,
    StateOfAnotherLog,
    StateSuperseded,
)
from tidemark.streams.log.port import EventLog, PartitionAssignment, StateWriter, Update
from tidemark.streams.retries import AsyncSleep, Backoff, RetryPolicy, retry_async

from .fold import PartitionFold

READ_LIMIT = 1_000
IDLE_S = 0.02
"""How long to wait before looking again when there was nothing to read."""
FLUSH_CAUGHT_UP_S = 0.2
FLUSH_BEHIND_S = 1.0
FLUSH_REBUILDING_S = 10.0
"""Nobody reads a generation that is being rebuilt, and the longer the pause, the fewer rows."""
PUBLISHING = RetryPolicy(
    event="publishing failed, trying again",
    tries=10,
    backoff=Backoff(first_s=0.2, longest_s=5.0, jitter=0.2),
    on=LogError,
    unless=(StateSuperseded, PartitionsLost, LogForbidden, RecordTooLarge),
)

log = structlog.get_logger()


class Worker:
    """Keeps the published state of its share of a log's partitions up with the log's end.

    `clock` gives seconds that only rise, `pause` waits for so many seconds; `flush_behind_s`
    is how often it publishes while there is more to read.
    """

    def __init__(
        self,
        events: EventLog,
        state: StateWriter,
        share: PartitionAssignment,
        clock: Callable[[], float],
        pause: AsyncSleep = asyncio.sleep,
        flush_behind_s: float = FLUSH_BEHIND_S,
    ) -> None:
        self._events = events
        self._state = state
        self._assignment = share
        self._clock = clock
        self._pause = pause
        self._flush_behind_s = flush_behind_s
        self._folds: dict[int, PartitionFold] = {}
        self._outbox: list[Update] = []
        self._publishing: asyncio.Task[None] | None = None
        self._flushed_at = clock()

    @property
    def positions(self) -> dict[int, int]:
        """For each partition held the offset to read next."""
        return {partition: fold.position for partition, fold in self._folds.items()}

    @property
    def restoring(self) -> int:
        """How many partitions of the share are not held yet."""
        return len(self._assignment.partitions() - self._folds.keys())

    def sizes(self) -> dict[str, int]:
        """Cells, entities and ids held, over all partitions."""
        held = [fold.sizes() for fold in self._folds.values()]
        return {name: sum(sizes[name] for sizes in held) for name in ("cells", "entities", "ids")}

    async def restore(self) -> None:
        """Hold the share's partitions, going on from the published state.

        Raises OtherFoldVersion, LogError; StateOfAnotherLog when the log does not hold what
        the state stands for.
        """
        while await self._follow_assignment():
            pass

    async def step(self) -> bool:
        """Read once from every partition and publish when it is time; True if more was there."""
        busy = await self._follow_assignment()
        for partition, fold in self._folds.items():
            batch = await self._events.read(Stream.FACTS, partition, fold.position, READ_LIMIT)
            fold.fold(batch.records)
            fold.skip_to(batch.next)
            busy = busy or batch.more
            await asyncio.sleep(0)
        if busy:
            gc.freeze()
        due = self._flush_behind_s if busy else FLUSH_CAUGHT_UP_S
        if self._clock() - self._flushed_at >= due:
            await self._drain_to_outbox()
        return busy

    async def flush(self) -> None:
        """Publish what changed in every partition. Raises LogError after several tries.

        The folds move on when they are settled, so what a cancelled or failed flush leaves
        waits in the outbox for the next; publishing absolute values twice is harmless.
        """
        await self._drain_to_outbox()
        await self._await_publishing()

    async def catch_up(self, on_progress: Callable[[int], None] = lambda _done: None) -> None:
        """Come to the ends that the log has now, and publish. Reports offsets passed so far."""
        ends = await self._events.ends(Stream.FACTS)
        await self.restore()
        start = passed = sum(self.positions.values())
        while True:
            while self._behind(ends):
                await self.step()
                if sum(self.positions.values()) == passed:
                    await self._pause(IDLE_S)
                passed = sum(self.positions.values())
                on_progress(passed - start)
            await self.flush()
            if not self._behind(ends):  # a flush may lose partitions that are to be taken up again
                return

    async def run(self, stop: asyncio.Event) -> None:
        """Keep up until told to stop, then publish what is left."""
        while not stop.is_set():
            if not await self.step():
                await self._pause(IDLE_S)
        await self.flush()

    def _behind(self, ends: Sequence[int]) -> bool:
        return self._folds.keys() != self._assignment.partitions() or any(
            fold.position < ends[partition] for partition, fold in self._folds.items()
        )

    async def _follow_assignment(self) -> bool:
        """Give up what is no longer this worker's, take up one partition; True if more may be to do."""
        owned = self._assignment.partitions()
        if owned == self._folds.keys():
            return False
        await self._await_publishing()
        for partition in self._folds.keys() - owned:
            await self._release_partition(partition)
            log.info("partition given up", partition=partition)
        gained = owned - self._folds.keys()
        if gained:
            await self._take_over_partition(min(gained))
        return len(gained) > 1

    async def _take_over_partition(self, partition: int) -> None:
        started = self._clock()
        fold = PartitionFold(self._events.identity, partition)
        rows = await self._state.load(partition)
        # Aside: a million cells take seconds, in which a worker of a group has to show that it lives.
        start = await asyncio.to_thread(fold.restore, rows)
        if rows:
            log.info("restoring a partition", partition=partition, rows=len(rows), ids=fold.position - start)
        await self._check_last(partition, fold)
        while start < fold.position:
            limit = min(READ_LIMIT, fold.position - start)
            batch = await self._events.read(Stream.FACTS, partition, start, limit)
            fold.remember_ids(record for record in batch.records if record.offset < fold.position)
            start = batch.next
            await asyncio.sleep(0)
        self._folds[partition] = fold
        log.info(
            "partition taken up",
            partition=partition,
            position=fold.position,
            rows=len(rows),
            seconds=round(self._clock() - started, 2),
        )

    async def _release_partition(self, partition: int) -> None:
        self._folds.pop(partition, None)
        self._outbox = [update for update in self._outbox if update.partition != partition]
        await self._state.release(partition)

    async def _check_last(self, partition: int, fold: PartitionFold) -> None:
        """What the state stands for must lie in the log, and its last record with its arrival time."""
        if fold.position == 0:
            return
        end = (await self._events.ends(Stream.FACTS))[partition]
        batch = await self._events.read(Stream.FACTS, partition, fold.position - 1, 1)
        last = [record for record in batch.records if record.offset < fold.position]
        if end < fold.position or (last and last[0].arrival_ms != fold.last_arrival_ms):
            raise StateOfAnotherLog(
                f"partition {partition}: the totals stand for {fold.position:,} records which this log does "
                "not hold; bring the log back with `tidemark restore`, or make the totals anew with "
                "`tidemark rebuild`"
            )

    async def _drain_to_outbox(self) -> None:
        """Fill the outbox, once the one before is published, and publish it while reading goes on."""
        await self._await_publishing()
        self._outbox = [
            Update(partition, rows, fold.position)
            for partition, fold in self._folds.items()
            if (rows := fold.drain_changes())
        ]
        if self._outbox:
            self._publishing = asyncio.create_task(self._publish(self._outbox))
            # A worker that ends over something else does not come to ask how this went.
            self._publishing.add_done_callback(lambda task: task.cancelled() or task.exception())
        self._flushed_at = self._clock()

    async def _await_publishing(self) -> None:
        """Wait until the outbox is published; partitions lost on the way are given up."""
        while self._outbox:
            publishing = self._publishing or asyncio.create_task(self._publish(self._outbox))
            self._publishing = None
            try:
                await publishing
                self._outbox = []
            except PartitionsLost as lost:
                await self._lose(lost)

    async def _publish(self, updates: list[Update]) -> None:
        await retry_async(PUBLISHING, partial(self._state.publish, updates), self._pause)

    async def _lose(self, lost: PartitionsLost) -> None:
        """Another worker may have them: only a share that was asked for anew says whose they are."""
        log.warning("partitions lost", partitions=sorted(lost.partitions), error=str(lost))
        for partition in lost.partitions:
            await self._release_partition(partition)
        await self._assignment.renew()


def calm_collector() -> None:
    """Keep the cyclic garbage collector from walking millions of long-lived cells.

    The state holds no cycles. `gc.freeze` takes no time and moves what there is out of the
    collector's sight; a worker that is behind does it after every step, since nearly all it
    allocates stays. What it bought stands in decision 0011.
    """
    gc.collect()
    gc.freeze()
    gc.set_threshold(1_000_000, 50, 1_000)
