"""The ledger's host: restarts, other logs, and storage that fails for a while."""

import asyncio
from collections.abc import Sequence

import pytest

from streams.contracts.codec import encode
from streams.contracts.family import Stream
from streams.ledger.worker import PUBLISH_TRIES, Worker
from streams.log.errors import LogError, LogFull, StateOfAnotherLog
from streams.log.memory import MemoryLog, MemoryState
from streams.log.port import Entry
from streams.log.state import Update
from tests.support.events import IDENTITY
from tests.support.folding import NOON, count, ms
from tests.support.states import cells_of


class FailingState(MemoryState):
    """Refuses to publish so many times."""

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
    worker = Worker(log, state, lambda: 0.0, no_pause)
    await worker.restore()
    await worker.catch_up()


async def test_totals_that_stand_for_more_than_the_log_holds_are_refused_with_the_remedy() -> None:
    state = MemoryState()
    await fold(await log_of(1, 2, 3), state)
    with pytest.raises(StateOfAnotherLog, match="tidemark rebuild"):
        await fold(await log_of(1, 2), state)


async def test_totals_of_a_log_that_was_replaced_by_a_longer_one_are_refused() -> None:
    state = MemoryState()
    await fold(await log_of(1, 2, 3), state)
    with pytest.raises(StateOfAnotherLog):
        await fold(await log_of(4, 5, 6, 7, arrival_ms=ms(NOON) + 95_000), state)


async def test_publishing_goes_on_when_the_disk_has_room_again() -> None:
    log = await log_of(1, 2, 3)
    undisturbed, failing = MemoryState(), FailingState(PUBLISH_TRIES - 1)
    await fold(log, undisturbed)
    await fold(log, failing)
    assert await cells_of(failing) == await cells_of(undisturbed)


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


async def test_a_flush_cancelled_on_its_way_loses_nothing_to_the_next() -> None:
    log = await log_of(1, 2, 3)
    undisturbed, hanging = MemoryState(), HangingState()
    await fold(log, undisturbed)
    worker = Worker(log, hanging, lambda: 0.0, no_pause)
    flushing = asyncio.create_task(worker.catch_up())
    await hanging.hangs.wait()
    flushing.cancel()
    await asyncio.gather(flushing, return_exceptions=True)
    await worker.catch_up()
    assert await cells_of(hanging) == await cells_of(undisturbed)


async def test_publishing_gives_up_after_its_tries() -> None:
    with pytest.raises(LogError):
        await fold(await log_of(1), FailingState(PUBLISH_TRIES))
