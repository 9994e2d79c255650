"""The ledger service through outages: how often it starts over, and when it gives up."""

import asyncio
from collections.abc import Sequence
from typing import Any

import pytest

from tests.support.events import IDENTITY
from tests.support.folding import NOON, ms
from tidemark.services.ledger.app import OUTAGE, TAKING_OVER, follow_log
from tidemark.services.ledger.metrics import LedgerMetrics
from tidemark.streams.contracts.family import Stream
from tidemark.streams.log.errors import LogError, LogLocked, LogUnavailable, StateSuperseded
from tidemark.streams.log.memory import MemoryLog, MemoryState
from tidemark.streams.log.port import Batch, WholeLog

AWAY, HELD = LogUnavailable("away"), LogLocked("held")


class Ledger:
    """`openings` are the outcomes of opening the state, `reads` those of reading the log; None is success.

    The last read sets `stop`. `waited` collects the pauses, in which no time passes.
    """

    def __init__(self, *openings: LogError | None, reads: Sequence[LogError | None] = (None,)) -> None:
        self._openings = list(openings)
        self._reads = list(reads)
        self.opened = 0
        self.waited: list[float] = []
        self.stop = asyncio.Event()

    async def open_state_writer(self) -> MemoryState:
        self.opened += 1
        if self._openings and (error := self._openings.pop(0)):
            raise error
        return MemoryState()

    def read(self) -> None:
        error = self._reads.pop(0)
        if not self._reads:
            self.stop.set()
        if error:
            raise error

    async def sleep(self, seconds: float) -> None:
        self.waited.append(seconds)

    async def follow(self) -> None:
        log, metrics = FailingLog(self.read), LedgerMetrics()
        engine: Any = self
        async with asyncio.timeout(20):
            await follow_log(engine, log, WholeLog(log.identity.partitions), metrics, self.stop, self.sleep)


class FailingLog(MemoryLog):
    """Calls a function before each read."""

    def __init__(self, before_read: Any) -> None:
        super().__init__(IDENTITY, lambda: ms(NOON))
        self._before_read = before_read

    async def read(self, stream: Stream, partition: int, start: int, limit: int) -> Batch:
        if partition == 0:
            self._before_read()
        return await super().read(stream, partition, start, limit)


async def test_a_lasting_outage_is_raised_after_its_tries_and_no_pause_is_over_twenty_seconds() -> None:
    ledger = Ledger(*[AWAY] * 99)
    with pytest.raises(LogUnavailable):
        await ledger.follow()
    assert (ledger.opened, OUTAGE.tries) == (30, 30)
    assert len(ledger.waited) == 29
    assert 1.6 <= ledger.waited[0] <= 2.0
    assert max(ledger.waited) <= 20


async def test_a_state_that_is_still_held_is_waited_for_five_seconds() -> None:
    ledger = Ledger(*[HELD] * 99)
    with pytest.raises(LogLocked):
        await ledger.follow()
    assert (ledger.opened, set(ledger.waited)) == (TAKING_OVER.tries, {0.25})
    assert 4.5 <= sum(ledger.waited) <= 5


async def test_the_count_of_failures_starts_over_once_the_log_was_followed() -> None:
    almost = [AWAY] * (OUTAGE.tries - 1)
    ledger = Ledger(*almost, None, *almost, None, reads=[AWAY, None])
    await ledger.follow()
    assert ledger.opened == 2 * OUTAGE.tries


async def test_a_log_that_always_fails_while_it_is_followed_is_tried_again_after_a_pause_each_time() -> None:
    ledger = Ledger(reads=[*[AWAY] * 40, None])
    await ledger.follow()
    assert (ledger.opened, ledger.waited) == (41, [2.0] * 40)


async def test_a_newer_generation_is_taken_over_at_once() -> None:
    ledger = Ledger(reads=[StateSuperseded("promoted"), None])
    await ledger.follow()
    assert (ledger.opened, ledger.waited) == (2, [])


async def test_a_ledger_that_is_stopped_during_an_outage_does_not_start_over() -> None:
    ledger = Ledger(*[AWAY] * 99)

    async def sleep(seconds: float) -> None:
        ledger.stop.set()

    ledger.sleep = sleep  # type: ignore[method-assign]
    await ledger.follow()
    assert ledger.opened == 1
