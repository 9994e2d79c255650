"""A crash anywhere between reading and publishing changes nothing; negative controls check the suite.

The crashes here are in-process, at chosen steps; test_ledger_kills.py kills real processes.
"""

import asyncio
from collections.abc import Sequence
from operator import add, sub

import pytest
from hypothesis import Phase, given, settings
from hypothesis import strategies as st

from tests.support.events import ARRIVAL_MS, IDENTITY, histories
from tests.support.states import cells_of
from tidemark.streams.contracts.family import Stream
from tidemark.streams.contracts.published import Kind, Row, Vector, decode_vector, encode_vector
from tidemark.streams.ledger.worker import Worker
from tidemark.streams.log.errors import LogError
from tidemark.streams.log.memory import MemoryLog, MemoryState
from tidemark.streams.log.port import Entry, Update, WholeLog

UNSHRUNK = settings(phases=[Phase.generate], max_examples=50)


class Crash(Exception):
    """The process is gone."""


class CrashingState(MemoryState):
    """Crashes before or after the publish number `crash_at`."""

    def __init__(self, crash_at: int, after: bool) -> None:
        super().__init__()
        self.publishes_left = crash_at
        self.after = after

    async def publish(self, updates: Sequence[Update]) -> None:
        self.publishes_left -= 1
        if self.publishes_left == 0 and not self.after:
            raise Crash
        await super().publish(updates)
        if self.publishes_left == 0:
            raise Crash


class PositionFirst(CrashingState):
    """Negative control: publishes the position in a step of its own, before the cells."""

    async def publish(self, updates: Sequence[Update]) -> None:
        heads = [
            update._replace(rows=[row for row in update.rows if row.kind is Kind.HEAD]) for update in updates
        ]
        await MemoryState.publish(self, heads)
        await super().publish(updates)


class LostAnswer(MemoryState):
    """Every first publish of an update succeeds, but its answer is lost."""

    def __init__(self) -> None:
        super().__init__()
        self._seen: list[Sequence[Update]] = []

    async def publish(self, updates: Sequence[Update]) -> None:
        await super().publish(self.translate(updates))
        if updates not in self._seen:
            self._seen.append(updates)
            raise LogError("the answer was lost")
        self.note_acknowledged(updates)

    def translate(self, updates: Sequence[Update]) -> Sequence[Update]:
        return updates

    def note_acknowledged(self, updates: Sequence[Update]) -> None:
        pass


class Deltas(LostAnswer):
    """Negative control: publishes deltas to be added, instead of absolute totals."""

    def __init__(self) -> None:
        super().__init__()
        self._acknowledged: dict[bytes, Vector] = {}

    def translate(self, updates: Sequence[Update]) -> Sequence[Update]:
        return [
            update._replace(rows=[self._sum_row(update.partition, row) for row in update.rows])
            for update in updates
        ]

    def _sum_row(self, partition: int, row: Row) -> Row:
        if row.kind is not Kind.CELL or row.value is None:
            return row
        total = decode_vector(row.value)
        nothing = (0,) * len(total)
        delta = tuple(map(sub, total, self._acknowledged.get(row.key, nothing)))
        held = self._rows.get((partition, row.kind, row.key))
        now = decode_vector(held[1]) if held else nothing
        return Row(row.kind, row.key, encode_vector(tuple(map(add, now, delta))))

    def note_acknowledged(self, updates: Sequence[Update]) -> None:
        for _, rows, _ in updates:
            self._acknowledged.update(
                (r.key, decode_vector(r.value)) for r in rows if r.kind is Kind.CELL and r.value
            )


async def _no_pause(_seconds: float) -> None:
    return


class _Ticks:
    """A clock that advances by a second at every call, so that every step publishes."""

    def __init__(self) -> None:
        self.now = 0.0

    def __call__(self) -> float:
        self.now += 1.0
        return self.now


async def _log_of(raws: Sequence[bytes]) -> MemoryLog:
    log = MemoryLog(IDENTITY, lambda: ARRIVAL_MS)
    await log.append(Stream.FACTS, [Entry(0, raw) for raw in raws])
    return log


async def _fold(log: MemoryLog, state: MemoryState) -> None:
    worker = Worker(log, state, WholeLog(IDENTITY.partitions), _Ticks(), _no_pause)
    await worker.restore()
    await worker.catch_up()


def _assert_crash_changes_nothing(raws: list[bytes], state: CrashingState) -> None:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("tidemark.streams.ledger.worker.READ_LIMIT", 3)
        asyncio.run(_crash_and_continue(raws, state))


async def _crash_and_continue(raws: list[bytes], state: CrashingState) -> None:
    log = await _log_of(raws)
    with pytest.raises(Crash):
        await _fold(log, state)
    await _fold(log, state)
    undisturbed = MemoryState()
    await _fold(log, undisturbed)
    assert await cells_of(state) == await cells_of(undisturbed)


@given(histories(most=12), st.booleans())
def test_a_crash_before_or_after_any_publish_changes_nothing(raws: list[bytes], after: bool) -> None:
    _assert_crash_changes_nothing(raws, CrashingState(1, after))


def test_publishing_the_position_before_the_cells_is_caught() -> None:
    @UNSHRUNK
    @given(histories(most=12))
    def fold_broken(raws: list[bytes]) -> None:
        _assert_crash_changes_nothing(raws, PositionFirst(1, after=False))

    with pytest.raises(AssertionError):
        fold_broken()


def _assert_lost_answers_change_nothing(raws: list[bytes], state: LostAnswer) -> None:
    asyncio.run(_lose_answers(raws, state))


async def _lose_answers(raws: list[bytes], state: LostAnswer) -> None:
    log = await _log_of(raws)
    await _fold(log, state)
    undisturbed = MemoryState()
    await _fold(log, undisturbed)
    assert await cells_of(state) == await cells_of(undisturbed)


@given(histories(most=12))
def test_publishing_twice_because_an_answer_was_lost_changes_nothing(raws: list[bytes]) -> None:
    _assert_lost_answers_change_nothing(raws, LostAnswer())


def test_publishing_deltas_is_caught() -> None:
    @UNSHRUNK
    @given(histories(most=12))
    def fold_broken(raws: list[bytes]) -> None:
        _assert_lost_answers_change_nothing(raws, Deltas())

    with pytest.raises(AssertionError):
        fold_broken()
