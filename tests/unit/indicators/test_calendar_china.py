"""China's days off: announced, estimated and overridden."""

from collections import Counter
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.support.examples import ROOT
from tidemark.streams.indicators.calendar.china import (
    ONE_DAY,
    CalendarInvalid,
    ChinaCalendar,
    DayKind,
    parse_announcement,
    read_calendar,
)

CALENDAR = ChinaCalendar()
ANY_DAY = st.dates(date(1900, 1, 1), date(2200, 12, 31))


def days(year: int) -> list[date]:
    return [date(year, 1, 1) + n * ONE_DAY for n in range((date(year + 1, 1, 1) - date(year, 1, 1)).days)]


# The lengths in the State Council's notices for these years: 1+8+3+5+3+3+7, 1+8+3+5+3+8, 3+9+3+5+3+3+7.
@pytest.mark.parametrize(("year", "off", "worked"), [(2024, 30, 8), (2025, 28, 5), (2026, 33, 6)])
def test_an_announced_year_has_the_holidays_of_its_notice(year: int, off: int, worked: int) -> None:
    kinds = Counter(CALENDAR.kind(day) for day in days(year))
    assert (kinds[DayKind.HOLIDAY], kinds[DayKind.MAKE_UP]) == (off, worked)
    assert not CALENDAR.is_estimated(year)
    assert CALENDAR.explain_estimate(year) is None


def test_a_make_up_day_is_worked_and_a_weekend_in_a_holiday_is_holiday() -> None:
    assert CALENDAR.kind(date(2026, 2, 14)) is DayKind.MAKE_UP
    assert not CALENDAR.is_off(date(2026, 2, 14))
    assert CALENDAR.kind(date(2026, 2, 21)) is DayKind.HOLIDAY
    assert CALENDAR.kind(date(2026, 3, 14)) is DayKind.WEEKEND
    assert CALENDAR.kind(date(2026, 3, 13)) is DayKind.WORKING


@pytest.mark.parametrize("first", ["2026-02-17", "2027-02-06", "2028-01-26", "2029-02-13", "2030-02-03"])
def test_the_spring_festival_falls_on_the_astronomers_day(first: str) -> None:
    day = date.fromisoformat(first)
    assert CALENDAR.feasts(day.year)["lunar_new_year"] == day
    assert CALENDAR.kind(day) is DayKind.HOLIDAY


@pytest.mark.parametrize("year", [2028, 2029, 2030, 2031])
def test_an_unannounced_year_warns_with_the_remedy_and_has_the_long_holidays(year: int) -> None:
    assert CALENDAR.is_estimated(year)
    assert f"seeds/calendar/{year}.toml" in (CALENDAR.explain_estimate(year) or "")
    assert all(CALENDAR.is_off(date(year, 10, day)) for day in range(1, 8))
    assert all(CALENDAR.kind(day) is not DayKind.MAKE_UP for day in days(year))


@given(ANY_DAY)
def test_no_day_of_any_year_fails(day: date) -> None:
    kind = CALENDAR.kind(day)
    assert CALENDAR.is_off(day) == (kind in {DayKind.WEEKEND, DayKind.HOLIDAY})


def test_an_override_wins_over_estimate_and_library_and_silences_the_warning() -> None:
    text = '{} = {}\nsource = "notice"\noff = [{}-03-03]\nworked = [{}]\n'
    given = [
        parse_announcement(text.format("year", 2029, 2029, "2029-03-04").encode()),
        parse_announcement(text.format("year", 2026, 2026, "2026-03-01").encode()),
    ]
    calendar = ChinaCalendar(given)
    assert calendar.explain_estimate(2029) is None
    assert calendar.kind(date(2029, 3, 4)) is DayKind.MAKE_UP
    for year in (2026, 2029):
        assert calendar.kind(date(year, 3, 3)) is DayKind.HOLIDAY
    assert calendar.kind(date(2026, 10, 1)) is DayKind.WORKING
    assert calendar.explain_estimate(2030) is not None


def test_a_folder_of_announcements_is_read_and_a_bad_file_is_named(tmp_path: Path) -> None:
    good = 'year = 2029\nsource = "notice"\noff = [2029-03-05]\nworked = []\n'
    (tmp_path / "2029.toml").write_text(good)
    assert read_calendar(tmp_path).kind(date(2029, 3, 5)) is DayKind.HOLIDAY
    (tmp_path / "2030.toml").write_text("year = 2030")
    with pytest.raises(CalendarInvalid, match=r"2030\.toml"):
        read_calendar(tmp_path)


def test_the_shipped_folder_is_readable() -> None:
    assert read_calendar(ROOT / "seeds/calendar").explain_estimate(2026) is None


@pytest.mark.parametrize(
    ("text", "field"),
    [
        (b'year = 2027\nsource = ""\noff = [2028-01-01]\nworked = []', "off"),
        (b'year = 2027\nsource = ""\noff = []\nworked = [2027-03-01]', "worked"),
        (b'year = 2027\nsource = ""\noff = [2027-03-06]\nworked = [2027-03-06]', "worked"),
        (b'year = 2027\nsource = ""\noff = []\nwork = []', "work"),
        (b'year = "2027"\nsource = ""\noff = []\nworked = []', "year"),
        (b"\xff", "seeds/calendar/README.md"),
    ],
)
def test_an_invalid_announcement_is_refused_with_its_field(text: bytes, field: str) -> None:
    with pytest.raises(CalendarInvalid, match=field):
        parse_announcement(text)
