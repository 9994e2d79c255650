"""How unusual a quarter-hour is: robust, aware of holidays, and without a score on little data."""

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
def test_a_score_has_the_sign_of_the_deviation_and_grows_with_it(value, others):
    score = compute_robust_z(value, others)
    assert (score > 0, score < 0) == (value > median(others), value < median(others))
    assert compute_robust_z(value + 1, others) > score


@given(st.integers(10, 10_000), st.integers(0, 10_000))
def test_one_outlier_among_the_days_changes_no_score(usual, odd):
    calm = [usual] * 7
    assert (
        compute_robust_z(usual * 3, [*calm, odd])
        == compute_robust_z(usual * 3, calm)
        == 2 * usual / usual**0.5
    )


@given(st.dates(date(2024, 1, 1), date(2026, 12, 31)))
def test_days_compare_with_earlier_days_of_their_kind(day):
    comparable = list_comparable_days(CALENDAR, day)
    assert all(timedelta(0) < day - earlier <= timedelta(weeks=8) for earlier in comparable)
    assert {CALENDAR.is_off(earlier) for earlier in comparable} <= {CALENDAR.is_off(day)}
    if CALENDAR.kind(day) in {DayKind.WORKING, DayKind.WEEKEND}:
        assert {(earlier.weekday(), CALENDAR.kind(earlier)) for earlier in comparable} <= {
            (day.weekday(), CALENDAR.kind(day))
        }


def test_a_holiday_in_the_week_is_not_compared_with_working_days():
    """1 October 2026 is a Thursday."""
    comparable = list_comparable_days(CALENDAR, date(2026, 10, 1))
    assert len(comparable) >= 16
    assert date(2026, 9, 24) not in comparable
    assert date(2026, 10, 1) not in list_comparable_days(CALENDAR, date(2026, 10, 22))


def quarter(day: date, entered: int, seconds: int = 900) -> Event:
    """The count of a sensor from 12:00 to 12:15."""
    start = datetime(day.year, day.month, day.day, 12, tzinfo=SHANGHAI)
    data = FootfallCounted("s1", start, seconds, entered, 0)
    return envelope(FOOTFALL.types[0], f"c{day}", start + timedelta(minutes=15), "mall.a", data)


def score(today: Event, *before: Event) -> float | None:
    now = datetime(2026, 7, 15, 12, 20, tzinfo=SHANGHAI)
    return compute_anomalies(reading([*before, today], now), CALENDAR).get("mall.a")


def weeks(number: int) -> list[Event]:
    return [quarter(WEDNESDAY - timedelta(weeks=back), 100) for back in range(number, 0, -1)]


def test_the_last_whole_quarter_hour_is_compared_with_that_of_the_same_weekday():
    assert score(quarter(WEDNESDAY, 150), *weeks(8)) == 5
    assert score(quarter(WEDNESDAY, 50), *weeks(8)) == -5
    other_days = [quarter(WEDNESDAY - timedelta(days=back), 900) for back in (1, 2, 3)]
    assert (
        score(quarter(WEDNESDAY, 150), *sorted([*weeks(8), *other_days], key=lambda event: event.time)) == 5
    )


def test_too_few_weeks_or_a_partly_counted_quarter_hour_give_no_score():
    assert score(quarter(WEDNESDAY, 150), *weeks(MINIMUM_DAYS)) is not None
    assert score(quarter(WEDNESDAY, 150), *weeks(MINIMUM_DAYS - 1)) is None
    assert score(quarter(WEDNESDAY, 0, seconds=600), *weeks(8)) is None


def test_the_current_quarter_hour_has_no_score():
    now = datetime(2026, 7, 15, 12, 16, tzinfo=SHANGHAI)
    assert compute_anomalies(reading([*weeks(8), quarter(WEDNESDAY, 150)], now), CALENDAR) == {}
