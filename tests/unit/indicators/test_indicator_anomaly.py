"""How unusual a quarter-hour is: robust, holiday-aware, and silent where little is known."""

from datetime import date, datetime, timedelta
from statistics import median
from zoneinfo import ZoneInfo

from hypothesis import given
from hypothesis import strategies as st

from tests.support.events import envelope
from tests.support.indicator_readings import reading
from tidemark.streams.contracts.envelope import Event
from tidemark.streams.families.footfall import FAMILY as FOOTFALL
from tidemark.streams.families.footfall import FootfallCounted
from tidemark.streams.indicators.calendar.china import ChinaCalendar, DayKind
from tidemark.streams.indicators.formulas.anomaly import (
    MINIMUM_DAYS,
    compute_anomalies,
    compute_robust_z,
    list_comparable_days,
)

CALENDAR = ChinaCalendar()
SHANGHAI = ZoneInfo("Asia/Shanghai")
WEDNESDAY = date(2026, 7, 15)

counts = st.lists(st.integers(0, 10_000), min_size=4, max_size=8)


@given(st.integers(0, 10_000), counts)
def test_a_score_tells_the_side_and_grows_with_the_distance(value, others):
    score = compute_robust_z(value, others)
    assert (score > 0, score < 0) == (value > median(others), value < median(others))
    assert compute_robust_z(value + 1, others) > score


@given(st.integers(10, 10_000), st.integers(0, 10_000))
def test_one_odd_day_among_the_others_hides_nothing(usual, odd):
    calm = [usual] * 7
    assert (
        compute_robust_z(usual * 3, [*calm, odd])
        == compute_robust_z(usual * 3, calm)
        == 2 * usual / usual**0.5
    )


@given(st.dates(date(2024, 1, 1), date(2026, 12, 31)))
def test_days_compare_with_earlier_ones_that_people_spend_alike(day):
    comparable = list_comparable_days(CALENDAR, day)
    assert all(timedelta(0) < day - earlier <= timedelta(weeks=8) for earlier in comparable)
    assert {CALENDAR.is_off(earlier) for earlier in comparable} <= {CALENDAR.is_off(day)}
    if CALENDAR.kind(day) in {DayKind.WORKING, DayKind.WEEKEND}:
        assert {(earlier.weekday(), CALENDAR.kind(earlier)) for earlier in comparable} <= {
            (day.weekday(), CALENDAR.kind(day))
        }


def test_a_holiday_in_the_week_is_not_held_against_working_days():
    """1 October 2026 is a Thursday."""
    comparable = list_comparable_days(CALENDAR, date(2026, 10, 1))
    assert len(comparable) >= 16
    assert date(2026, 9, 24) not in comparable
    assert date(2026, 10, 1) not in list_comparable_days(CALENDAR, date(2026, 10, 22))


def quarter(day: date, entered: int, seconds: int = 900) -> Event:
    """What a sensor counted from 12:00 to 12:15."""
    start = datetime(day.year, day.month, day.day, 12, tzinfo=SHANGHAI)
    data = FootfallCounted("s1", start, seconds, entered, 0)
    return envelope(FOOTFALL.types[0], f"c{day}", start + timedelta(minutes=15), "mall.a", data)


def score(today: Event, *before: Event) -> float | None:
    now = datetime(2026, 7, 15, 12, 20, tzinfo=SHANGHAI)
    return compute_anomalies(reading([*before, today], now), CALENDAR).get("mall.a")


def weeks(number: int) -> list[Event]:
    return [quarter(WEDNESDAY - timedelta(weeks=back), 100) for back in range(number, 0, -1)]


def test_the_last_whole_quarter_hour_is_held_against_the_same_of_the_week():
    assert score(quarter(WEDNESDAY, 150), *weeks(8)) == 5
    assert score(quarter(WEDNESDAY, 50), *weeks(8)) == -5
    other_days = [quarter(WEDNESDAY - timedelta(days=back), 900) for back in (1, 2, 3)]
    assert (
        score(quarter(WEDNESDAY, 150), *sorted([*weeks(8), *other_days], key=lambda event: event.time)) == 5
    )


def test_too_few_weeks_or_a_quarter_hour_counted_in_part_have_no_score():
    assert score(quarter(WEDNESDAY, 150), *weeks(MINIMUM_DAYS)) is not None
    assert score(quarter(WEDNESDAY, 150), *weeks(MINIMUM_DAYS - 1)) is None
    assert score(quarter(WEDNESDAY, 0, seconds=600), *weeks(8)) is None


def test_the_quarter_hour_that_runs_is_not_judged():
    now = datetime(2026, 7, 15, 12, 16, tzinfo=SHANGHAI)
    assert compute_anomalies(reading([*weeks(8), quarter(WEDNESDAY, 150)], now), CALENDAR) == {}
