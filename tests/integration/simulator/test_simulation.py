from datetime import date
from functools import cache
from hashlib import sha256
from itertools import islice, pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.support.simulations import PARTITIONS, START, quiet, sent_in, week
from tidemark.services.simulator.planned import Sent
from tidemark.services.simulator.scenario import load_scenario
from tidemark.services.simulator.simulation import MODEL, Run, Simulation
from tidemark.streams.contracts.envelope import key_of
from tidemark.streams.contracts.family import HOUR, MINUTE, Stream
from tidemark.streams.contracts.partitions import partition_of
from tidemark.streams.families.codec import decode, encode
from tidemark.streams.families.table import EVENT_TYPES

pytestmark = pytest.mark.xdist_group("simulated-week")


def test_the_same_run_sends_the_same_bytes_and_has_the_same_truth() -> None:
    first, second = quiet("hostile"), quiet("hostile")
    assert sent_in(first, 2) == sent_in(second, 2)
    assert first.truth.to_json() == second.truth.to_json()


def test_the_bytes_are_the_same_on_every_machine() -> None:
    digest = sha256()
    for sent in sent_in(quiet("hostile", scale=0.5), 3):
        digest.update(b"%d %d " % (sent.arrival_ms, sent.partition) + sent.stream.encode() + sent.raw)
    assert (MODEL, digest.hexdigest()[:16]) == (2, "261b09953233a1e0"), (
        "the simulated events have changed: increase MODEL"
    )


def test_another_seed_sends_other_events() -> None:
    assert sent_in(quiet(), 0.5) != sent_in(quiet(seed=8), 0.5)


@cache
def two_days_at_once() -> tuple[list[Sent], bytes]:
    """What arrives in two days, and the truth of it."""
    whole = quiet("hostile", scale=0.2)
    return sent_in(whole, 2), whole.truth.to_json()


# Each example simulates for half a second.
FEW = settings(max_examples=15)


@FEW
@given(cuts=st.lists(st.integers(0, 48 * 60), max_size=5), taken=st.integers(0, 400))
def test_continuing_from_any_moment_equals_running_through_at_once(cuts: list[int], taken: int) -> None:
    expected, truth = two_days_at_once()
    parts = quiet("hostile", scale=0.2)
    sent = list(islice(parts.events(), taken))
    for cut in sorted(cuts):
        sent += parts.events(parts.start_ms + cut * MINUTE)
    sent += sent_in(parts, 2)
    assert sent[: len(expected)] == expected
    if len(sent) == len(expected):
        assert parts.truth.to_json() == truth


def test_the_truth_covers_exactly_the_yielded_records() -> None:
    simulation = quiet("hostile")
    some = list(islice(simulation.events(), 500))
    facts = [sent for sent in some if sent.stream is Stream.FACTS]
    assert simulation.truth.events == len(facts) == sum(simulation.truth.ends)
    assert simulation.signals == len(some) - len(facts)


@pytest.mark.parametrize("faults", ["none", "standard", "hostile"])
def test_records_come_in_order_of_arrival(faults: str) -> None:
    _, records = week(faults)
    assert all(record.arrival_ms <= following.arrival_ms for record, following in pairwise(records))


def test_all_types_appear_within_a_week() -> None:
    _, records = week("none")
    assert {decode(sent.raw).kind for sent in records} == set(EVENT_TYPES)


def test_every_clean_event_round_trips_and_lies_in_its_partition_and_stream() -> None:
    _, records = week("none")
    for sent in records:
        event = decode(sent.raw)
        assert encode(event) == sent.raw
        assert event.simulated
        assert event.family.stream is sent.stream
        assert partition_of(key_of(event), PARTITIONS) == sent.partition


def test_every_clean_event_has_an_id_of_its_own() -> None:
    _, records = week("none")
    events = [decode(sent.raw) for sent in records]
    assert len({(event.source, event.id) for event in events}) == len(events)


@pytest.mark.parametrize("name", ["year", "demo", "mix"])
def test_every_scenario_round_trips(name: str) -> None:
    simulation = Simulation(load_scenario(name), Run(1, date(2026, 5, 1), scale=0.01))
    for sent in sent_in(simulation, 1):
        assert encode(decode(sent.raw)) == sent.raw


@pytest.mark.parametrize("zone", ["Asia/Shanghai", "UTC", "Australia/Melbourne", "America/St_Johns"])
def test_it_runs_in_any_zone(zone: str) -> None:
    simulation = quiet(zone=zone, start=date(2026, 3, 28), scale=0.3)
    for sent in sent_in(simulation, 10):
        assert encode(decode(sent.raw)) == sent.raw


@FEW
@given(hours=st.integers(2, 40), seconds=st.integers(1, 20_000), pause=st.integers(1, 30_000))
def test_the_end_of_a_live_interval_does_not_change_what_was_sent_before(
    hours: int, seconds: int, pause: int
) -> None:
    begins = quiet().start_ms + hours * HOUR + 12_345
    ends = begins + seconds * 1000
    first = quiet("hostile", scale=0.2, live=((begins, 2 * 10**12),))
    again = quiet("hostile", scale=0.2, live=((begins, ends), (ends + pause * 1000, 2 * 10**12)))
    assert list(first.events(ends)) == list(again.events(ends))
    assert first.name == again.name


def test_windows_are_short_only_while_live() -> None:
    begins = quiet().start_ms + 10 * HOUR
    simulation = quiet(live=((begins, begins + HOUR),))
    seconds: dict[bool, set[int]] = {True: set(), False: set()}
    for sent in sent_in(simulation, 1):
        event = decode(sent.raw)
        if event.kind.name == "footfall.counted":
            start = int(event.data.window_start.timestamp() * 1000)
            seconds[begins <= start < begins + HOUR].add(event.data.window_s)
    assert seconds == {True: {60}, False: {1800}}


def test_scale_reduces_the_number_of_sensors_but_not_their_counts() -> None:
    def visits(scale: float) -> tuple[int, float]:
        simulation = Simulation(load_scenario("year"), Run(7, START, scale=scale))
        counted = [
            event.data
            for event in (decode(sent.raw) for sent in sent_in(simulation, 1))
            if event.kind.name == "footfall.counted"
        ]
        sensors = len({data.sensor_id for data in counted})
        return sensors, sum(data.entered for data in counted) / sensors

    few, level = visits(0.02)
    many, same_level = visits(0.08)
    assert (few, many) == (40, 160)
    assert level == pytest.approx(same_level, rel=0.35)
