"""The ledger's worker: restarts, other logs, an assignment that changes, storage that fails for a while."""

import asyncio
from collections.abc import Sequence

import pytest

from tests.support.events import IDENTITY
from tests.support.folding import NOON, admission, count, ms
from tests.support.states import cells_of
from tidemark.streams.contracts.family import Stream
from tidemark.streams.contracts.identity import LogIdentity
from tidemark.streams.contracts.published import Kind, Row, decode_head
from tidemark.streams.families.codec import encode
from tidemark.streams.ledger.worker import PUBLISHING, Worker
from tidemark.streams.log.errors import LogError, LogFull, PartitionsLost, StateOfAnotherLog
from tidemark.streams.log.memory import MemoryLog, MemoryState
from tidemark.streams.log.port import Batch, Entry, Update, WholeLog


class FailingState(MemoryState):
    """Refuses to publish `failures` times."""

    def __init__(self, failures: int) -> None:
        super().__init__()
        self.failures = failures

    async def publish(self, updates: Sequence[Update]) -> None:
        if self.failures:
            self.failures -= 1
            raise LogFull("no room")
        await super().publish(updates)


async def no_pause(_seconds: float) -> None:
    return


async def log_of(*entered: int, arrival_ms: int = ms(NOON) + 90_000) -> MemoryLog:
    log = MemoryLog(IDENTITY, lambda: arrival_ms)
    raws = [encode(count(f"e{n}", NOON, persons)) for n, persons in enumerate(entered)]
    await log.append(Stream.FACTS, [Entry(0, raw) for raw in raws])
    return log


async def fold(log: MemoryLog, state: MemoryState) -> None:
    worker = Worker(log, state, WholeLog(log.identity.partitions), lambda: 0.0, no_pause)
    await worker.restore()
    await worker.catch_up()


async def undisturbed_cells(log: MemoryLog) -> list[tuple[int, bytes, bytes | None]]:
    """The cells that a single undisturbed worker publishes."""
    state = MemoryState()
    await fold(log, state)
    return await cells_of(state)


async def test_totals_of_more_records_than_the_log_holds_are_refused_with_the_remedy() -> None:
    state = MemoryState()
    await fold(await log_of(1, 2, 3), state)
    with pytest.raises(StateOfAnotherLog, match="tidemark rebuild"):
        await fold(await log_of(1, 2), state)


async def test_totals_of_a_log_that_was_replaced_by_a_longer_one_are_refused() -> None:
    state = MemoryState()
    await fold(await log_of(1, 2, 3), state)
    with pytest.raises(StateOfAnotherLog):
        await fold(await log_of(4, 5, 6, 7, arrival_ms=ms(NOON) + 95_000), state)


async def test_publishing_continues_when_the_disk_has_room_again() -> None:
    log = await log_of(1, 2, 3)
    failing = FailingState(PUBLISHING.tries - 1)
    await fold(log, failing)
    assert await cells_of(failing) == await undisturbed_cells(log)


class HangingState(MemoryState):
    """The first publish never ends."""

    def __init__(self) -> None:
        super().__init__()
        self.hangs = asyncio.Event()

    async def publish(self, updates: Sequence[Update]) -> None:
        if not self.hangs.is_set():
            self.hangs.set()
            await asyncio.Event().wait()
        await super().publish(updates)


async def test_a_cancelled_flush_is_completed_by_the_next() -> None:
    log = await log_of(1, 2, 3)
    hanging = HangingState()
    worker = Worker(log, hanging, WholeLog(1), lambda: 0.0, no_pause)
    flushing = asyncio.create_task(worker.catch_up())
    await hanging.hangs.wait()
    flushing.cancel()
    await asyncio.gather(flushing, return_exceptions=True)
    await worker.catch_up()
    assert await cells_of(hanging) == await undisturbed_cells(log)


async def test_publishing_gives_up_after_its_tries() -> None:
    with pytest.raises(LogError):
        await fold(await log_of(1), FailingState(PUBLISHING.tries))


class ChangingAssignment:
    """A PartitionAssignment that the test sets; `renew` replaces it by `after_renewal`."""

    def __init__(self, *owned: int) -> None:
        self.owned = self.after_renewal = frozenset(owned)
        self.renewals = 0

    def partitions(self) -> frozenset[int]:
        return self.owned

    async def renew(self) -> None:
        self.renewals += 1
        self.owned = self.after_renewal

    async def close(self) -> None:
        return


class ContestedState(MemoryState):
    """Refuses partitions that another worker has taken over, until they are loaded again."""

    def __init__(self, publishes_the_rest: bool = True) -> None:
        super().__init__()
        self.publishes_the_rest = publishes_the_rest
        self.taken: set[int] = set()
        self.released: list[int] = []

    async def load(self, partition: int) -> list[Row]:
        self.taken.discard(partition)
        return await super().load(partition)

    async def publish(self, updates: Sequence[Update]) -> None:
        lost = frozenset(update.partition for update in updates) & self.taken
        if self.publishes_the_rest or not lost:
            await super().publish([update for update in updates if update.partition not in lost])
        if lost:
            raise PartitionsLost(lost)

    async def release(self, partition: int) -> None:
        self.released.append(partition)

    async def positions(self) -> dict[int, int]:
        """For each partition, the position published last."""
        heads = await self.rows(Kind.HEAD)
        return {partition: decode_head(row.value or b"").position for partition, row in heads}


TICKETS = ("t2", "t1")
"""The first belongs to partition 0 of two, the second to partition 1."""


async def log_of_two() -> MemoryLog:
    log = MemoryLog(LogIdentity(partitions=2, content="simulated"), lambda: ms(NOON) + 90_000)
    await append_each(log, "e")
    return log


async def append_each(log: MemoryLog, event_id: str) -> None:
    """Append one more event to each partition."""
    raws = [encode(admission(event_id, ticket, NOON)) for ticket in TICKETS]
    await log.append(Stream.FACTS, [Entry(partition, raw) for partition, raw in enumerate(raws)])


async def test_partitions_no_longer_assigned_are_released_and_newly_assigned_ones_are_taken_over() -> None:
    log, state, assignment = await log_of_two(), ContestedState(), ChangingAssignment(0)
    worker = Worker(log, state, assignment, lambda: 0.0, no_pause)
    await worker.catch_up()
    assert (worker.positions, state.released) == ({0: 1}, [])
    assignment.owned = frozenset([1])
    await worker.catch_up()
    assert (worker.positions, state.released) == ({1: 1}, [0])
    assert await cells_of(state) == await undisturbed_cells(log)


async def test_partitions_are_being_restored_until_they_are_held() -> None:
    log, state, assignment = await log_of_two(), ContestedState(), ChangingAssignment(0, 1)
    worker = Worker(log, state, assignment, lambda: 0.0, no_pause)
    assert worker.restoring == 2
    await worker.restore()
    assert worker.restoring == 0
    assignment.owned = frozenset([1])
    assert worker.restoring == 0


async def test_unpublished_changes_of_a_released_partition_are_left_to_its_next_owner() -> None:
    log, state, assignment = await log_of_two(), ContestedState(), ChangingAssignment(0, 1)
    worker = Worker(log, state, assignment, lambda: 0.0, no_pause)
    await worker.catch_up()
    await append_each(log, "more")
    await worker.step()
    assert worker.positions == {0: 2, 1: 2}
    assignment.owned = frozenset([1])
    await worker.step()
    await worker.flush()
    assert await state.positions() == {0: 1, 1: 2}
    assignment.owned = frozenset([0])
    await worker.catch_up()
    assert await cells_of(state) == await undisturbed_cells(log)


@pytest.mark.parametrize("publishes_the_rest", [True, False])
async def test_lost_partitions_are_released_the_assignment_renewed_and_the_others_published(
    publishes_the_rest: bool,
) -> None:
    log, state, assignment = await log_of_two(), ContestedState(publishes_the_rest), ChangingAssignment(0, 1)
    worker = Worker(log, state, assignment, lambda: 0.0, no_pause)
    await worker.restore()
    state.taken, assignment.after_renewal = {0}, frozenset([1])
    await worker.catch_up()
    assert (worker.positions, state.released, assignment.renewals) == ({1: 1}, [0], 1)
    assert await state.positions() == {1: 1}
    assert await cells_of(state) == [cell for cell in await undisturbed_cells(log) if cell[0] == 1]


async def test_a_lost_partition_that_is_still_assigned_after_the_renewal_is_taken_over_again() -> None:
    log, state, assignment = await log_of_two(), ContestedState(), ChangingAssignment(0, 1)
    worker = Worker(log, state, assignment, lambda: 0.0, no_pause)
    await worker.restore()
    state.taken = {0}
    await worker.catch_up()
    await worker.catch_up()
    assert assignment.renewals == 1
    assert await cells_of(state) == await undisturbed_cells(log)


class GappedLog(MemoryLog):
    """Ends with offsets that hold no record, as a log of transactions does."""

    GAP = 3

    async def read(self, stream: Stream, partition: int, start: int, limit: int) -> Batch:
        batch = await super().read(stream, partition, start, limit)
        end = (await self.ends(stream))[partition]
        return batch if batch.next < end - self.GAP else batch._replace(next=end)

    async def ends(self, stream: Stream) -> list[int]:
        return [end + self.GAP for end in await super().ends(stream)]


@pytest.mark.parametrize("records", [0, 3])
async def test_a_log_that_ends_with_a_gap_is_read_to_the_end_of_the_gap(records: int) -> None:
    log, state = GappedLog(IDENTITY, lambda: ms(NOON) + 90_000), ContestedState()
    raws = [encode(count(f"e{n}", NOON)) for n in range(records)]
    await log.append(Stream.FACTS, [Entry(0, raw) for raw in raws])
    async with asyncio.timeout(20):
        await fold(log, state)
        assert await state.positions() == {0: records + GappedLog.GAP}
        await fold(log, state)
