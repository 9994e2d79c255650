from collections.abc import Sequence

import pytest

from tests.support.log_contents import whole_log
from tests.support.simulations import quiet
from tidemark.services.simulator.filling import LogUnsuitable, begin_filling
from tidemark.services.simulator.simulation import Simulation
from tidemark.streams.contracts.family import DAY, Stream
from tidemark.streams.contracts.identity import Content, LogIdentity
from tidemark.streams.log.memory import MemoryLog
from tidemark.streams.log.port import Entry, Receipt

UNTIL_DAYS = 3


class Killed(Exception):
    pass


class KilledLog(MemoryLog):
    """A log whose process is killed after `appends_left` appends."""

    appends_left = 10**9

    async def append(
        self, stream: Stream, entries: Sequence[Entry], receipt: Receipt | None = None
    ) -> list[int]:
        if not self.appends_left:
            raise Killed
        self.appends_left -= 1
        return await super().append(stream, entries, receipt)


def log(content: Content = "simulated") -> KilledLog:
    return KilledLog(LogIdentity(content=content), lambda: 0)


async def fill(target: KilledLog, days: int = UNTIL_DAYS) -> Simulation:
    simulation = quiet("hostile")
    filling = await begin_filling(target, simulation)
    await filling.fill(simulation.start_ms + days * DAY)
    filling.require_reached()
    return simulation


@pytest.mark.parametrize("appends", range(4))
async def test_an_interrupted_filling_continues_where_it_stopped(appends: int) -> None:
    whole, interrupted = log(), log()
    expected = await fill(whole)
    interrupted.appends_left = appends
    with pytest.raises(Killed):
        await fill(interrupted)
    interrupted.appends_left = 10**9
    simulation = await fill(interrupted)
    assert await whole_log(interrupted) == await whole_log(whole)
    assert simulation.truth.to_json() == expected.truth.to_json()


async def test_filling_again_appends_nothing_and_up_to_a_later_time_only_new_records() -> None:
    target, whole = log(), log()
    await fill(target, 1)
    before = await whole_log(target)
    await fill(target, 1)
    assert await whole_log(target) == before
    await fill(target)
    await fill(whole)
    assert await whole_log(target) == await whole_log(whole)


async def test_the_log_ends_where_the_truth_does() -> None:
    target = log()
    simulation = await fill(target)
    assert simulation.truth.ends == await target.ends(Stream.FACTS)
    assert simulation.signals == sum(await target.ends(Stream.SIGNALS))


async def test_a_log_that_holds_more_than_requested_is_refused() -> None:
    target = log()
    await fill(target)
    with pytest.raises(LogUnsuitable, match="later time"):
        await fill(target, 1)


@pytest.mark.parametrize("content", ["real", "mixed"])
async def test_a_log_for_other_events_is_refused(content: Content) -> None:
    with pytest.raises(LogUnsuitable, match=f"{content} events"):
        await begin_filling(log(content), quiet())
