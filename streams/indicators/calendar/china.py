"""China's days off, make-up working days and moving feasts, also of years not yet announced.

The State Council announces each autumn which days of the next year are off and which weekend days are worked
in exchange. The package `holidays` contains the announcements. For a year without one, the days off are those
of the law (Order 795 of 2024) with the days that custom adds, no weekend day is worked, and the year is
marked `estimated`.
"""

from calendar import isleap
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from pathlib import Path

import holidays
import msgspec
from holidays.countries.china import ChinaStaticHolidays

ONE_DAY = timedelta(days=1)

_LUNAR_NEW_YEAR = "Chinese New Year (Spring Festival)"
_LUNAR = {
    "lunar_new_year": _LUNAR_NEW_YEAR,
    "qingming": "Tomb-Sweeping Day",
    "dragon_boat": "Dragon Boat Festival",
    "mid_autumn": "Mid-Autumn Festival",
}
_FIXED = {"new_year": (1, 1), "labour": (5, 1), "national": (10, 1)}
_CUSTOM = {"lunar_new_year": (-1, 6), "labour": (0, 4), "national": (0, 6)}
"""First and last day off of the long holidays, from their first day, as announced since 2025."""


def days_in(year: int) -> int:
    """365 or 366."""
    return 366 if isleap(year) else 365


class DayKind(StrEnum):
    """What sort of day it is."""

    WORKING = "working"
    WEEKEND = "weekend"
    HOLIDAY = "holiday"
    MAKE_UP = "make_up"


class CalendarInvalid(ValueError):
    """An announcement that cannot be right."""


class Announcement(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One year's days as announced: a file of seeds/calendar. `off` names holidays, not plain weekends."""

    year: int
    source: str
    off: frozenset[date]
    worked: frozenset[date]

    def __post_init__(self) -> None:
        for name in ("off", "worked"):
            for day in sorted(getattr(self, name)):
                if day.year != self.year:
                    raise CalendarInvalid(f"{name}: {day} is not in {self.year}; give days of that year")
        for day in sorted(self.worked):
            if day.weekday() < 5:
                raise CalendarInvalid(f"worked: {day} is not a weekend day; name only Saturdays and Sundays")
            if day in self.off:
                raise CalendarInvalid(f"worked: {day} is listed in off too; list it in one of the two")


def parse_announcement(text: bytes) -> Announcement:
    """An announcement from the text of its TOML file. Raises CalendarInvalid."""
    try:
        return msgspec.toml.decode(text, type=Announcement)
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        raise CalendarInvalid(f"not an announcement: {error}; see seeds/calendar/README.md") from None


def read_calendar(folder: Path) -> "ChinaCalendar":
    """The calendar with a folder's announcements, such as seeds/calendar. Raises CalendarInvalid, OSError."""
    announced = []
    for path in sorted(folder.glob("*.toml")):
        try:
            announced.append(parse_announcement(path.read_bytes()))
        except CalendarInvalid as error:
            raise CalendarInvalid(f"{path.name}: {error}") from None
    return ChinaCalendar(announced)


@dataclass(frozen=True)
class _Year:
    off: frozenset[date]
    worked: frozenset[date]
    feasts: dict[str, date]
    estimated: bool


class ChinaCalendar:
    """China's working days and days off; `announced` overrides the package year by year."""

    def __init__(self, announced: Iterable[Announcement] = ()) -> None:
        self._announced = {announcement.year: announcement for announcement in announced}
        self._years: dict[int, _Year] = {}

    def kind(self, day: date) -> DayKind:
        """What sort of day it is; a weekend day inside a holiday is a holiday."""
        if day in self._year(day.year).worked:
            return DayKind.MAKE_UP
        if not self.is_off(day):
            return DayKind.WORKING
        return DayKind.HOLIDAY if self._touches_holiday(day) else DayKind.WEEKEND

    def is_off(self, day: date) -> bool:
        """Whether most people do not work on this day."""
        year = self._year(day.year)
        return day in year.off or (day.weekday() >= 5 and day not in year.worked)

    def feasts(self, year: int) -> dict[str, date]:
        """First days of the year's feasts by name; the lunar ones only in the years 1950 to 2100."""
        return self._year(year).feasts

    def is_estimated(self, year: int) -> bool:
        """Whether the year's days off are estimated: no announcement of them is known here."""
        return self._year(year).estimated

    def explain_estimate(self, year: int) -> str | None:
        """The warning about figures that rely on an estimated year; None for an announced one."""
        if not self.is_estimated(year):
            return None
        return (
            f"the days off in {year} are not announced yet and are estimated from law and custom; "
            f"once announced, update the package holidays or add seeds/calendar/{year}.toml"
        )

    def _touches_holiday(self, day: date) -> bool:
        return any(self._reaches_holiday(day, step) for step in (ONE_DAY, -ONE_DAY))

    def _reaches_holiday(self, day: date, step: timedelta) -> bool:
        while self.is_off(day):
            if day in self._year(day.year).off:
                return True
            day += step
        return False

    def _year(self, year: int) -> _Year:
        year_days = self._years.get(year)
        if year_days is None:
            year_days = self._years[year] = self._look_up(year)
        return year_days

    def _look_up(self, year: int) -> _Year:
        listed = holidays.country_holidays("CN", years=year, language="en_US")
        feasts = {name: date(year, month, day) for name, (month, day) in _FIXED.items()}
        for name, title in _LUNAR.items():
            days = listed.get_named(title, lookup="exact", split_multiple_names=True)
            if days:
                feasts[name] = min(days)
        announcement = self._announced.get(year)
        if announcement is not None:
            return _Year(announcement.off, announcement.worked, feasts, estimated=False)
        if year in ChinaStaticHolidays.special_public_holidays:
            worked = frozenset(day for day in listed.weekend_workdays if day.year == year)
            return _Year(frozenset(listed), worked, feasts, estimated=False)
        return _Year(frozenset(listed) | _list_customary_days(feasts), frozenset(), feasts, estimated=True)


def _list_customary_days(feasts: dict[str, date]) -> frozenset[date]:
    return frozenset(
        feasts[name] + offset * ONE_DAY
        for name, (first, last) in _CUSTOM.items()
        if name in feasts
        for offset in range(first, last + 1)
    )
