"""Days compare with days of their kind in other years."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tidemark.streams.indicators.calendar.alignment import find_comparable_day, find_feast_day
from tidemark.streams.indicators.calendar.china import ONE_DAY, ChinaCalendar

CALENDAR = ChinaCalendar()
ANNOUNCED = st.dates(date(2015, 1, 1), date(2026, 12, 31))
YEARS = st.integers(2015, 2030)


@given(st.dates(date(1900, 1, 1), date(2200, 12, 31)), st.integers(1900, 2200))
def test_every_day_has_a_comparable_day_in_every_year(day: date, year: int) -> None:
    assert find_comparable_day(CALENDAR, day, year).year == year


@given(ANNOUNCED)
def test_a_day_compares_with_itself_in_its_own_year(day: date) -> None:
    assert find_comparable_day(CALENDAR, day, day.year) == day


@given(ANNOUNCED, YEARS)
def test_an_ordinary_day_compares_with_its_weekday_away_from_feasts(day: date, year: int) -> None:
    other = find_comparable_day(CALENDAR, day, year)
    if find_feast_day(CALENDAR, day) is None and find_feast_day(CALENDAR, other) is None:
        assert other.weekday() == day.weekday()
        assert abs((other.replace(year=2024) - day.replace(year=2024)).days) <= 60


@pytest.mark.parametrize("year", range(2021, 2031))
def test_around_the_spring_festival_working_days_compare_with_working_days(year: int) -> None:
    first = CALENDAR.feasts(2026)["lunar_new_year"]
    for day in (first + offset * ONE_DAY for offset in range(-20, 21)):
        assert CALENDAR.is_off(find_comparable_day(CALENDAR, day, year)) == CALENDAR.is_off(day), day


@given(YEARS, YEARS, st.integers(-1, 5))
def test_the_spring_festival_compares_day_by_day(year: int, other: int, offset: int) -> None:
    ours, theirs = (CALENDAR.feasts(of)["lunar_new_year"] + offset * ONE_DAY for of in (year, other))
    if CALENDAR.is_off(ours) == CALENDAR.is_off(theirs):
        assert find_comparable_day(CALENDAR, ours, other) == theirs


@pytest.mark.parametrize(
    ("day", "other"),
    [
        ("2026-02-17", "2025-01-29"),  # the first of the first month
        ("2026-02-14", "2025-01-26"),  # a weekend day worked before the festival
        ("2026-10-05", "2025-10-05"),
        ("2026-09-25", "2024-09-17"),  # Mid-Autumn
        ("2028-02-29", "2026-03-10"),  # the nearest Tuesday after the Lantern Festival of both
    ],
)
def test_known_pairs(day: str, other: str) -> None:
    comparable = find_comparable_day(CALENDAR, date.fromisoformat(day), int(other[:4]))
    assert comparable.isoformat() == other
