"""The worker: reads the log, folds each partition's records, publishes the changes.

Guarantee: the published state of a partition at position N is exactly the fold of its records before N, after
any crash, outage or move to another worker. The worker only schedules; batch sizes, flush intervals and the
clock decide when something is published, never what. None of them may enter a fold.

A step follows the partition assignment first: it releases all partitions that are no longer this worker's
and takes over one that is new. Then it reads at most READ_LIMIT records of each partition, folds them, and
when a flush is due, fills the outbox: `PartitionFold.drain_changes` hands over the changed rows as absolute
totals and forgets that they changed. The outbox is published in the background while reading goes on.

- The outbox holds the only copy of the drained changes, so it is filled again only after its previous
  contents are published. A flush that failed or was cancelled leaves it full; publishing totals twice is
  harmless.
- The outbox is published before partitions are released or taken over.
- Taking over: `StateWriter.load` ends the previous owner's right to publish and only then reads the rows. In
  the reverse order, its last publish could be missed. The records behind the position are read again only for
  their ids, so that a duplicate across a restart is still recognised; they are not counted.
- A publish that is refused because another worker owns the partition (PartitionsLost) costs the partition:
  its fold and its rows in the outbox are dropped, and a new assignment is requested. The fold must never be
  used after that: it may lack what the other worker has published since.

A crash loses what was folded since the last publish. The next owner folds the same records again from the
published position and arrives at the same state. If the log ends before that position, or the record just
before it has another arrival time, this is another log or an older copy: the worker stops rather than add the
two up.
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
"""How long to wait before reading again when there was nothing to read."""
FLUSH_CAUGHT_UP_S = 0.2
FLUSH_BEHIND_S = 1.0
FLUSH_REBUILDING_S = 10.0
"""Nobody reads a generation that is being rebuilt, and a longer pause means fewer rows to publish."""
PUBLISHING = RetryPolicy(
    event="publishing failed, trying again",
    tries=10,
    backoff=Backoff(first_s=0.2, longest_s=5.0, jitter=0.2),
    on=LogError,
    unless=(StateSuperseded, PartitionsLost, LogForbidden, RecordTooLarge),
)

log = structlog.get_logger()


class Worker:
    """Keeps the published state of the partitions assigned to it up to date with the log.

    `clock` returns seconds that never decrease, `pause` waits for a number of seconds;
    `flush_behind_s` is the interval of publishing while there is more to read.
    """

    def __init__(
        self,
        events: EventLog,
        state: StateWriter,
        assignment: PartitionAssignment,
        clock: Callable[[], float],
        pause: AsyncSleep = asyncio.sleep,
        flush_behind_s: float = FLUSH_BEHIND_S,
    ) -> None:
        self._events = events
        self._state = state
        self._assignment = assignment
        self._clock = clock
        self._pause = pause
        self._flush_behind_s = flush_behind_s
        self._folds: dict[int, PartitionFold] = {}
        self._outbox: list[Update] = []
        self._publishing: asyncio.Task[None] | None = None
        self._flushed_at = clock()

    @property
    def positions(self) -> dict[int, int]:
        """For each partition held, the offset to read next."""
        return {partition: fold.position for partition, fold in self._folds.items()}

    @property
    def restoring(self) -> int:
        """How many assigned partitions are not held yet."""
        return len(self._assignment.partitions() - self._folds.keys())

    def sizes(self) -> dict[str, int]:
        """How many cells, entities and ids are held, over all partitions."""
        folds = [fold.sizes() for fold in self._folds.values()]
        return {name: sum(sizes[name] for sizes in folds) for name in ("cells", "entities", "ids")}

    async def restore(self) -> None:
        """Take over all assigned partitions, continuing from the published state.

        Raises OtherFoldVersion, LogError; StateOfAnotherLog when the log does not hold the
        records that the state includes.
        """
        while await self._follow_assignment():
            pass

    async def step(self) -> bool:
        """Read once from every partition and publish when it is due; True if there is more to do."""
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
        """Publish the changes of every partition. Raises LogError after several tries.

        Drained changes are no longer in the folds, so after a cancelled or failed flush they wait
        in the outbox for the next one; publishing absolute values twice is harmless.
        """
        await self._drain_to_outbox()
        await self._await_publishing()

    async def catch_up(self, on_progress: Callable[[int], None] = lambda _done: None) -> None:
        """Read up to the ends that the log has now, and publish. Reports the offsets passed so far."""
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
            if not self._behind(ends):  # a flush may lose partitions, which are then taken over again
                return

    async def run(self, stop: asyncio.Event) -> None:
        """Follow the log until `stop` is set, then publish what is left."""
        while not stop.is_set():
            if not await self.step():
                await self._pause(IDLE_S)
        await self.flush()

    def _behind(self, ends: Sequence[int]) -> bool:
        return self._folds.keys() != self._assignment.partitions() or any(
            fold.position < ends[partition] for partition, fold in self._folds.items()
        )

    async def _follow_assignment(self) -> bool:
        """Release partitions that are no longer assigned, take over one that is; True if more are left."""
        owned = self._assignment.partitions()
        if owned == self._folds.keys():
            return False
        await self._await_publishing()
        for partition in self._folds.keys() - owned:
            await self._release_partition(partition)
            log.info("partition released", partition=partition)
        gained = owned - self._folds.keys()
        if gained:
            await self._take_over_partition(min(gained))
        return len(gained) > 1

    async def _take_over_partition(self, partition: int) -> None:
        started = self._clock()
        fold = PartitionFold(self._events.identity, partition)
        rows = await self._state.load(partition)
        # In a thread: a million cells take seconds, in which the group must still get heartbeats.
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
            "partition taken over",
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
        """The log must hold all records that the state includes, the last one with the same arrival time."""
        if fold.position == 0:
            return
        end = (await self._events.ends(Stream.FACTS))[partition]
        batch = await self._events.read(Stream.FACTS, partition, fold.position - 1, 1)
        last = [record for record in batch.records if record.offset < fold.position]
        if end < fold.position or (last and last[0].arrival_ms != fold.last_arrival_ms):
            raise StateOfAnotherLog(
                f"partition {partition}: the totals include all records before offset {fold.position:,}, "
                "which this log does not hold; restore the log with `tidemark restore`, or rebuild the "
                "totals with `tidemark rebuild`"
            )

    async def _drain_to_outbox(self) -> None:
        """Fill the outbox, once its previous contents are published, and publish it in the background."""
        await self._await_publishing()
        self._outbox = [
            Update(partition, rows, fold.position)
            for partition, fold in self._folds.items()
            if (rows := fold.drain_changes())
        ]
        if self._outbox:
            self._publishing = asyncio.create_task(self._publish(self._outbox))
            # A worker that ends with another error never awaits this task; asyncio would log its exception.
            self._publishing.add_done_callback(lambda task: task.cancelled() or task.exception())
        self._flushed_at = self._clock()

    async def _await_publishing(self) -> None:
        """Wait until the outbox is published; partitions that turn out to be lost are released."""
        while self._outbox:
            publishing = self._publishing or asyncio.create_task(self._publish(self._outbox))
            self._publishing = None
            try:
                await publishing
                self._outbox = []
            except PartitionsLost as lost:
                await self._release_lost(lost)

    async def _publish(self, updates: list[Update]) -> None:
        await retry_async(PUBLISHING, partial(self._state.publish, updates), self._pause)

    async def _release_lost(self, lost: PartitionsLost) -> None:
        """Release the partitions and request a new assignment, which alone shows whose they are."""
        log.warning("partitions lost", partitions=sorted(lost.partitions), error=str(lost))
        for partition in lost.partitions:
            await self._release_partition(partition)
        await self._assignment.renew()


def calm_collector() -> None:
    """Keep the cyclic garbage collector from walking millions of long-lived cells.

    The state holds no cycles. `gc.freeze` takes no time and makes the collector ignore all objects
    that exist; a worker that is behind calls it after every step, since nearly all that it allocates
    stays. Decision 0011 has the measurements.
    """
    gc.collect()
    gc.freeze()
    gc.set_threshold(1_000_000, 50, 1_000)
