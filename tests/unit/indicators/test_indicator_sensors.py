"""Received ÷ expected seconds of counting, against a count minute by minute."""

from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.support.assessments import entity
from tests.support.events import envelope
from tests.support.indicator_readings import reading
from tidemark.streams.contracts.envelope import Event
from tidemark.streams.families.footfall import FAMILY as FOOTFALL
from tidemark.streams.families.footfall import FootfallCounted
from tidemark.streams.indicators.formulas.sensors import compute_received_share, sum_covered_s

NOW = datetime(2026, 7, 15, 12, 20, tzinfo=ZoneInfo("Asia/Shanghai"))
LENGTHS = st.sampled_from([1, 5, 15, 30, 60, 120])


@given(st.lists(st.tuples(st.integers(0, 40), LENGTHS, st.integers(1, 3)), max_size=12), st.integers(0, 40))
def test_covered_seconds_are_the_minutes_of_windows_within_the_range(windows, first):
    """Each quarter-hour begins with some sensors' windows, all of the same length."""
    by_quarter = {quarter: (minutes, sensors) for quarter, minutes, sensors in windows}
    counted = {quarter: (n, n * minutes * 60) for quarter, (minutes, n) in by_quarter.items()}
    quarters = range(first, first + 4)
    covered = sum(
        n
        for quarter, (minutes, n) in by_quarter.items()
        for minute in range(quarter * 15, quarter * 15 + minutes)
        if minute // 15 in quarters
    )
    assert sum_covered_s(counted, quarters) == pytest.approx(60 * covered)


def windows(sensor: str, minutes: int, hours: float) -> list[Event]:
    """The counts of a sensor in the hours up to 12:20, without the window that is not over."""
    end = NOW - (NOW - NOW.replace(hour=0, minute=0)) % timedelta(minutes=minutes)
    starts = [end - (n + 1) * timedelta(minutes=minutes) for n in range(int(hours * 60 // minutes))]
    return [
        envelope(
            FOOTFALL.types[0],
            f"{sensor}-{start:%d%H%M}",
            start + timedelta(minutes=minutes),
            "mall.a",
            FootfallCounted(sensor, start, 60 * minutes, 1, 1),
        )
        for start in starts
    ]


def compute_share_of_two(*events: Event) -> dict[str, float]:
    sensors = [
        entity(
            n, NOW - timedelta(days=3), entity_class="sensor", entity_id=f"s{n}", valid_from=date(2026, 7, 1)
        )
        for n in (1, 2)
    ]
    return compute_received_share(reading(sorted([*sensors, *events], key=lambda event: event.time), NOW))


@pytest.mark.parametrize("minutes", [5, 15, 60, 120, 720])
def test_with_all_windows_received_the_share_is_one_whatever_their_length(minutes):
    both = [*windows("s1", minutes, 48), *windows("s2", minutes, 48)]
    assert compute_share_of_two(*both) == {"1h": pytest.approx(1), "1d": pytest.approx(1)}


@pytest.mark.parametrize("minutes", [5, 15, 60])
def test_with_one_of_two_sensors_silent_half_is_received(minutes):
    assert compute_share_of_two(*windows("s1", minutes, 48)) == {
        "1h": pytest.approx(0.5),
        "1d": pytest.approx(0.5),
    }


def test_an_outage_of_twelve_hours_shows_in_the_day_and_no_longer_in_the_hour():
    assert compute_share_of_two(*windows("s1", 15, 12), *windows("s2", 15, 12)) == {
        "1h": pytest.approx(1),
        "1d": pytest.approx(0.5, abs=0.02),
    }


def test_without_a_registered_sensor_or_any_count_there_is_no_share():
    assert compute_received_share(reading(windows("s1", 15, 24), NOW)) == {}
    assert compute_share_of_two() == {}
