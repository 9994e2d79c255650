from collections import Counter

import pytest

from tests.support.simulations import fate, quiet, select_accepted, sent_in, week
from tidemark.services.simulator.faults import FaultsUnknown, load_profile
from tidemark.streams.contracts.civil import millis
from tidemark.streams.contracts.family import HOUR, MINUTE, Stream
from tidemark.streams.ledger.admission import SEGMENT_SIZE

pytestmark = pytest.mark.xdist_group("simulated-week")

REASONS = {"undecodable", "unknown_type", "invalid", "partition", "mixed", "stream", "future"}


def test_without_faults_everything_is_accepted_once() -> None:
    simulation, records = week("none")
    assert not simulation.truth.dead
    assert all(set(counts) <= {"accepted", "late"} for counts in simulation.truth.counts.values())
    assert sum(1 for _ in select_accepted(records)) == simulation.truth.events


def test_hostile_records_are_dead_for_every_reason_and_the_truth_counts_each() -> None:
    simulation, records = week("hostile")
    fates = Counter(fate(sent) for sent in records if sent.stream is Stream.FACTS)
    dead = {reason: number for reason, number in fates.items() if isinstance(reason, str)}
    assert set(dead) == REASONS
    assert dead == dict(simulation.truth.dead)


def test_duplicates_are_the_same_bytes_near_and_far_within_the_ledgers_reach() -> None:
    simulation, records = week("hostile")
    first: dict[bytes, int] = {}
    length: Counter[int] = Counter()
    distances = []
    for sent in records:
        if sent.stream is not Stream.FACTS:
            continue
        length[sent.partition] += 1
        if sent.raw in first and not isinstance(fate(sent), str):
            distances.append(length[sent.partition] - first[sent.raw])
        first.setdefault(sent.raw, length[sent.partition])
    assert len(distances) == sum(counts["duplicate"] for counts in simulation.truth.counts.values())
    assert min(distances) < 10
    assert 100 < max(distances) <= SEGMENT_SIZE // 2 + 10


def test_changes_come_after_and_before_what_they_change() -> None:
    _, records = week("hostile")
    created: dict[tuple[str, str], int] = {}
    changed: dict[tuple[str, str, str], int] = {}
    for number, event in enumerate(select_accepted(records)):
        if event.op == "create":
            created[event.source, event.id] = number
        else:
            changed[event.op, event.source, event.id[:-2]] = number
    orders = Counter(
        (op, "after" if number > created[source, original] else "before")
        for (op, source, original), number in changed.items()
        if (source, original) in created
    )
    assert set(orders) == {(op, order) for op in ("correct", "retract") for order in ("after", "before")}


def test_some_corrections_are_taken_back() -> None:
    _, records = week("hostile")
    assert any(event.op == "retract" and event.id.endswith("-c-x") for event in select_accepted(records))


def test_events_come_out_of_order_and_hours_late() -> None:
    _, records = week("hostile")
    delays = [
        sent.arrival_ms - millis(event.time) for sent in records if not isinstance(event := fate(sent), str)
    ]
    assert sum(delay > MINUTE for delay in delays) > 100
    assert sum(2 * HOUR < delay < 60 * HOUR for delay in delays) > 100


def test_a_silent_source_is_backfilled_or_lost() -> None:
    def count_footfall(faults: str) -> dict[str, int]:
        counts: Counter[str] = Counter()
        for event in select_accepted(sent_in(quiet(faults), 10)):
            if event.kind.name == "footfall.counted" and event.op == "create":
                counts[event.data.sensor_id] += 1
        return counts

    clean, faulty = count_footfall("none"), count_footfall("hostile")
    assert sum(faulty.values()) < sum(clean.values())


def test_a_wrong_clock_is_accepted_up_to_a_minute_ahead_and_future_beyond() -> None:
    _, records = week("hostile")
    ahead = {True: 0, False: 0}
    for sent in records:
        event = fate(sent)
        if not isinstance(event, str) and event.kind.name == "footfall.counted":
            ahead[bool(millis(event.payload.window_start) % MINUTE)] += 1
    assert ahead[True] > 10
    assert ahead[False] > 1000


def test_an_unknown_profile_is_refused_with_the_names_of_all() -> None:
    with pytest.raises(FaultsUnknown, match="none, standard, hostile"):
        load_profile("friendly")
