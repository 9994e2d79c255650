"""What the bench against other ways computes by itself: the truth, the pace, the table."""

import json

import msgspec
import pytest
from rich.console import Console

from tests.bench.peers.catalogue import PEERS, RAW, TIDEMARK
from tests.bench.peers.facts import PARTITIONS, Truth, describe_difference, make_facts
from tests.bench.peers.measuring import Measured
from tests.bench.peers.pace import Observation, Pace, compute_pace
from tests.bench.peers.processes import Usage
from tests.bench.peers.table import Outcome, document, table
from tidemark.streams.contracts.envelope import key_of
from tidemark.streams.contracts.partitions import partition_of
from tidemark.streams.families.codec import decode

EVENTS = 2_345
READY = Observation(2.0, 0)


def truth(count: int) -> dict[str, int]:
    found = Truth()
    for entry in make_facts(count):
        found.add(json.loads(entry.value))
    return dict(found.totals)


def test_facts_are_acceptable_events_with_ids_of_their_own_in_their_partitions() -> None:
    entries = list(make_facts(EVENTS))
    events = [decode(entry.value) for entry in entries]
    assert len({(event.source, event.id) for event in events}) == EVENTS
    assert [entry.partition for entry in entries] == [partition_of(key_of(e), PARTITIONS) for e in events]


def test_every_event_is_in_each_of_the_three_totals() -> None:
    entered = sum(json.loads(entry.value)["data"]["entered"] for entry in make_facts(EVENTS))
    totals = truth(EVENTS)
    quarters = sum(total for key, total in totals.items() if "T" in key)
    sensors = sum(total for key, total in totals.items() if key.startswith("sensor-"))
    assert entered > 0
    assert (quarters, sensors, sum(totals.values())) == (entered, entered, 3 * entered)


def test_quarter_hours_and_days_are_the_zones_whatever_offset_an_event_is_written_with() -> None:
    def event(start: str) -> dict[str, object]:
        return {"subject": "mall.a", "data": {"sensor_id": "s1", "window_start": start, "entered": 5}}

    here, there = Truth(), Truth()
    here.add(event("2026-03-03T00:29:00+08:00"))
    there.add(event("2026-03-02T16:29:00Z"))
    assert (
        here.totals
        == there.totals
        == {"mall.a 2026-03-03T00:15": 5, "mall.a 2026-03-03": 5, "s1 2026-03-03": 5}
    )


def test_a_total_that_differs_lacks_or_is_too_many_is_told() -> None:
    right = {"a": 1, "b": 2}
    assert describe_difference(right, right) == ""
    for wrong in ({"a": 1, "b": 3}, {"a": 1}, right | {"c": 1}):
        assert describe_difference(wrong, right).startswith("1 wrong: ")


def steady(per_s: int, events: int) -> list[Observation]:
    return [Observation(READY.seconds + n, min(n * per_s, events)) for n in range(1, -(-events // per_s) + 1)]


def test_the_pace_leaves_out_a_slow_beginning_and_the_wait_before_the_last_commit() -> None:
    slow = [Observation(12.0, 150)]
    going = [Observation(12.0 + n, 150 + 100 * n) for n in range(1, 9)]
    assert compute_pace(READY, [*slow, *going, Observation(60.0, 1_000)], 1_000) == Pace(100.0, warm=True)


def test_rare_commits_are_measured_from_the_assignment_to_the_end() -> None:
    lumps = [Observation(26.0, 1_000), Observation(42.0, 10_000), Observation(42.1, 20_000)]
    assert compute_pace(Observation(2.1, 0), lumps, 20_000) == Pace(500.0, warm=False)


@pytest.mark.parametrize("per_s", [7, 100, 240])
def test_a_steady_peer_has_its_pace(per_s: int) -> None:
    assert compute_pace(READY, steady(per_s, 1_000), 1_000) == Pace(per_s, warm=True)


def outcome(name: str, *paces: float, wrong: str = "") -> Outcome:
    peer = next(peer for peer in PEERS if peer.name == name)
    runs = [Measured(Pace(figure, warm=True), 2.0, 30.0, Usage(2**28, 0.05)) for figure in paces]
    return Outcome(peer, 1_000, runs, wrong)


OUTCOMES = [
    outcome(RAW, 300_000),
    outcome("Quix Streams", wrong="3 wrong: mall.a 2026-03-02 is 1, not 2"),
    outcome(TIDEMARK, 90_000, 100_000, 120_000),
]


def test_rows_hold_medians_and_their_ratio_to_the_floor_and_to_the_ledger() -> None:
    raw, _, ours = msgspec.json.decode(document(OUTCOMES))["peers"]
    assert (ours["events_per_s"], ours["runs"], ours["peak_mib"], ours["totals"]) == (
        100_000,
        3,
        256,
        "equal",
    )
    assert ours["cpu_us"] == pytest.approx(50)
    assert ours["to_raw"] == pytest.approx(1 / 3)
    assert (raw["to_tidemark"], raw["totals"]) == (3, "none kept")


def test_a_wrong_peer_is_shown_as_wrong() -> None:
    console = Console(width=300)
    with console.capture() as shown:
        console.print(table(OUTCOMES))
    line = next(line for line in shown.get().splitlines() if "Quix" in line)
    assert "3 wrong: mall.a 2026-03-02 is 1, not 2" in line
    assert "equal" not in line
