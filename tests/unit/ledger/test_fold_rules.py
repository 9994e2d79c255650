"""Time and admission in the fold: late, expired and future events, dead letters, forgetting."""

from datetime import UTC, datetime, timedelta

import msgspec
import pytest

from tests.support.events import IDENTITY
from tests.support.folding import (
    NOON,
    admission,
    benefit,
    cells,
    count,
    dead,
    fold,
    head_of,
    make_arrivals,
    ms,
)
from tests.support.ledgers import merge, net
from tidemark.streams.contracts.identity import LogIdentity
from tidemark.streams.contracts.partitions import partition_of
from tidemark.streams.contracts.published import Head, Kind, Row
from tidemark.streams.families.codec import encode
from tidemark.streams.ledger.admission import RecentIds
from tidemark.streams.ledger.fold import FOLD_VERSION, OtherFoldVersion, PartitionFold


def test_a_count_reaches_every_grain_of_its_window_start() -> None:
    late_evening = datetime(2026, 3, 31, 15, 59, tzinfo=UTC)  # 23:59 in Shanghai, the event ends in April
    state = fold(make_arrivals(count("a", late_evening, entered=7)))
    assert cells(state, "footfall.place") == {
        ("minute", "2026-03-31T15:59Z", "mall.a"): [7, 0, 1, 60],
        ("quarter", "2026-03-31T15:45Z", "mall.a"): [7, 0, 1, 60],
        ("day", "2026-03-31", "mall.a"): [7, 0, 1, 60],
        ("month", "2026-03", "mall.a"): [7, 0, 1, 60],
    }


def test_minutes_are_dropped_after_26_hours_and_days_stay() -> None:
    state = fold(make_arrivals(count("a", NOON), count("b", NOON + timedelta(hours=28))))
    remaining = [(grain, period) for grain, period, _ in cells(state, "footfall.place")]
    assert ("minute", "2026-03-10T04:00Z") not in remaining
    assert ("day", "2026-03-10") in remaining


def test_an_event_too_late_for_its_minute_still_counts_in_its_day_and_is_counted_as_expired() -> None:
    state = fold(make_arrivals(count("a", NOON + timedelta(hours=28)), count("b", NOON, entered=5)))
    assert cells(state, "footfall.place")["day", "2026-03-10", "mall.a"] == [5, 0, 1, 60]
    assert ("minute", "2026-03-10T04:00Z", "mall.a") not in cells(state, "footfall.place")
    feed = head_of(state).feeds["footfall"]
    assert (feed.accepted, feed.late, feed.expired) == (2, 1, 1)


def test_a_time_60_s_ahead_counts_and_one_ms_more_is_a_dead_letter_that_leaves_the_watermark() -> None:
    within = make_arrivals(count("a", NOON), delay=-timedelta(seconds=60))
    beyond = make_arrivals(count("a", NOON), delay=-timedelta(seconds=60, milliseconds=1))
    assert head_of(fold(within)).feeds["footfall"].accepted == 1
    state = fold(beyond)
    assert [letter.reason for letter in dead(state)] == ["future"]
    assert head_of(state).watermark_ms == 0
    assert head_of(state).feeds["footfall"].future == 1


def test_an_event_refused_as_future_is_accepted_when_it_is_sent_again_in_time() -> None:
    event = count("a", NOON)
    records = [
        (0, ms(NOON) - 3_600_000, encode(event)),
        (1, ms(NOON) + 120_000, encode(event)),
    ]
    assert head_of(fold(records)).feeds["footfall"].accepted == 1


@pytest.mark.parametrize(
    ("identity", "raw", "reason"),
    [
        (IDENTITY, b"{", "undecodable"),
        (IDENTITY, b'{"type":"tidemark.nothing.v1"}', "unknown_type"),
        (IDENTITY, encode(count("a", NOON)).replace(b'"entered":1', b'"entered":-1'), "invalid"),
        (LogIdentity(partitions=1, content="real"), encode(count("a", NOON)), "mixed"),
    ],
)
def test_an_inadmissible_record_becomes_a_dead_letter_with_its_bytes(identity, raw, reason) -> None:
    letters = dead(fold([(0, ms(NOON) + 90_000, raw)], identity))
    assert [(letter.reason, letter.raw, letter.offset) for letter in letters] == [(reason, raw, 0)]


def test_a_record_in_the_wrong_partition_is_a_dead_letter() -> None:
    identity = LogIdentity(partitions=2, content="simulated")
    wrong = PartitionFold(identity, 1 - partition_of("s1", 2))
    wrong.fold(make_arrivals(count("a", NOON)))
    assert [letter.reason for letter in dead(merge({}, wrong.drain_changes()))] == ["partition"]


def test_an_id_is_remembered_for_one_whole_segment_and_forgotten_after_two() -> None:
    ids = RecentIds(size=10)
    ids.advance(0, 0)
    assert ids.add("/s", "x")
    ids.advance(10, 0)
    assert ids.next_start == 20
    assert not ids.add("/s", "x")
    ids.advance(20, 0)
    assert ids.add("/s", "x")


def test_equal_ids_of_two_sources_are_two_events() -> None:
    ids = RecentIds(size=10)
    ids.advance(0, 0)
    assert ids.add("/a", "b/c")
    assert ids.add("/a/b", "c")


def test_a_restart_reads_both_segments_of_ids_again() -> None:
    assert [RecentIds.first_needed(position, 10) for position in (0, 10, 11, 20, 21, 35)] == [
        0,
        0,
        0,
        0,
        10,
        20,
    ]


def test_a_ticket_is_forgotten_two_inactivity_gaps_after_its_last_fact() -> None:
    later = [admission(f"n{days}", f"other-{days}", NOON + timedelta(days=days)) for days in (59, 61)]
    first = admission("a", "t1", NOON)
    assert (Kind.ENTITY, b'["ticket","t1"]') in fold(make_arrivals(first, later[0]))
    assert (Kind.ENTITY, b'["ticket","t1"]') not in fold(make_arrivals(first, *later))


def test_a_fact_later_than_an_inactivity_gap_is_expired_and_adds_nothing() -> None:
    state = fold(make_arrivals(admission("a", "t1", NOON + timedelta(days=31)), admission("b", "t2", NOON)))
    assert sum(vector[0] for vector in cells(state, "ticket.admitted").values()) == 2  # one day, one month
    assert head_of(state).feeds["ticket"].expired == 1


def test_a_state_of_another_fold_version_is_refused_with_the_remedy() -> None:
    head = msgspec.json.encode(Head(fold_version=FOLD_VERSION + 1))
    with pytest.raises(OtherFoldVersion, match="tidemark rebuild"):
        PartitionFold(IDENTITY, 0).restore([Row(Kind.HEAD, b"head", head)])


def test_facts_more_than_an_inactivity_gap_apart_are_two_sessions_even_if_the_first_was_forgotten() -> None:
    first, again = admission("a", "t1", NOON), benefit("b", "t1", NOON + timedelta(days=40))
    other = admission("c", "t2", NOON + timedelta(days=65))
    in_time = fold(make_arrivals(first, again, other))
    late = fold(make_arrivals(first, other, again))
    assert head_of(late).feeds["ticket"].expired == 0
    assert net(late) == net(in_time)
    assert cells(in_time, "ticket.admitted")["day", "2026-03-10", "venue.a"][3] == 0


def test_an_event_at_the_beginning_of_1970_is_an_event_like_others() -> None:
    beginning = datetime(1970, 1, 1, tzinfo=UTC)
    scans = [admission(f"e{n}", "t1", beginning + timedelta(seconds=n)) for n in range(3)]
    assert cells(fold(make_arrivals(*scans)), "ticket.admitted")["day", "1970-01-01", "venue.a"][0] == 1
