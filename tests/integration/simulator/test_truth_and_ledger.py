"""Two independent implementations of the same definitions: the simulator's truth and the ledger's fold."""

from collections import Counter

import msgspec
import pytest

from tests.support.simulations import START, quiet
from tidemark.services.cli.verification import Truth, verify_truth
from tidemark.services.simulator.filling import begin_filling
from tidemark.services.simulator.scenario import Windows, load_scenario
from tidemark.services.simulator.simulation import Run, Simulation
from tidemark.streams.contracts.civil import Civil
from tidemark.streams.contracts.family import DAY
from tidemark.streams.contracts.identity import LogIdentity
from tidemark.streams.ledger.worker import Worker
from tidemark.streams.log.memory import MemoryLog, MemoryState
from tidemark.streams.log.port import WholeLog
from tidemark.streams.view.view import View, build_view

CIVIL = Civil(LogIdentity().zone)
COUNTS = ("accepted", "duplicate", "late", "expired", "future")


def collect_counters(view: View) -> dict[str, Counter[str]]:
    """All non-zero counters by family, summed over partitions."""
    counters: dict[str, Counter[str]] = {}
    for head in view.heads.values():
        for family, feed in head.feeds.items():
            numbers = {name: getattr(feed, name) for name in COUNTS if getattr(feed, name)}
            counters.setdefault(family, Counter()).update(numbers)
    return counters


def make_slow() -> Simulation:
    """A simulation that outlasts every finite retention and inactivity gap, with daily windows."""
    scenario = load_scenario("quiet")
    daily = msgspec.structs.replace(scenario, port=Windows(86_400), payment=None, retail=None, sensor=None)
    return Simulation(daily, Run(7, START, scale=0.02, faults="hostile"))


@pytest.mark.parametrize(("simulation", "days", "step"), [(quiet("hostile"), 8, 2), (make_slow(), 250, 250)])
async def test_they_agree_on_every_cell_record_and_count(
    simulation: Simulation, days: int, step: int
) -> None:
    log, state = MemoryLog(LogIdentity(content="simulated"), lambda: 0), MemoryState()
    filling = await begin_filling(log, simulation)
    worker = Worker(log, state, WholeLog(log.identity.partitions), lambda: 0.0)
    await worker.restore()
    for day in range(step, days + 1, step):
        await filling.fill(simulation.start_ms + day * DAY)
        await worker.catch_up()
        page = await state.poll(0, 0)
        truth = msgspec.json.decode(simulation.truth.to_json(), type=Truth)
        verdict = verify_truth(truth, page, CIVIL)
        assert verdict.differences == []
        assert {name for name in truth.counts if truth.counts[name]["accepted"]} == {
            name for name in verdict.compared if name != "counts"
        }
        assert collect_counters(build_view(page, CIVIL, {})) == truth.counts
