"""The day of another year that a day compares with.

Feasts of the lunar calendar move by weeks, so 17 February is a working day in one year and the first day of
the Spring Festival in another. Days near a feast compare by their offset from it, all others by weekday and
time of year. Days off compare with days off, and working days with working days.
"""

from collections.abc import Callable
from datetime import date
from functools import lru_cache
from typing import NamedTuple

from .china import ONE_DAY, ChinaCalendar, days_in

_WINDOWS = {
    "new_year": (0, 2),
    "lunar_new_year": (-20, 20),
    "national": (-4, 10),
    "labour": (-3, 7),
    "qingming": (-2, 3),
    "dragon_boat": (-2, 3),
    "mid_autumn": (-2, 3),
}
"""First and last day that a feast affects, counted from its first day. Where two overlap, the first listed
wins.

The travel season of the Spring Festival begins 15 days before it; the Lantern Festival is 14 days after.
"""
_REACH = 8


class FeastDay(NamedTuple):
    """A day's place in a feast: days from the feast's first day."""

    feast: str
    offset: int


def find_feast_day(calendar: ChinaCalendar, day: date) -> FeastDay | None:
    """The feast that affects the day, or None."""
    feasts = calendar.feasts(day.year)
    for name, (first, last) in _WINDOWS.items():
        start = feasts.get(name)
        if start is not None and first <= (day - start).days <= last:
            return FeastDay(name, (day - start).days)
    return None


@lru_cache(maxsize=64)
def align_days(calendar: ChinaCalendar, year: int, other: int) -> tuple[int, ...]:
    """For each day of `year`, the number of its comparable day in `other`; 0 is 1 January.

    Cached, since all indicators need the same few years.
    """
    first, start = date(year, 1, 1), date(other, 1, 1)
    return tuple(
        (find_comparable_day(calendar, first + n * ONE_DAY, other) - start).days for n in range(days_in(year))
    )


def find_comparable_day(calendar: ChinaCalendar, day: date, year: int) -> date:
    """The day of `year` that compares best with `day`; there always is one."""
    feast_day = find_feast_day(calendar, day)
    if feast_day is not None:
        start = calendar.feasts(year).get(feast_day.feast)
        if start is not None:
            near = _find_nearest(
                start + feast_day.offset * ONE_DAY,
                1,
                lambda other: (
                    _is_same_feast(calendar, feast_day, other) and _is_same_work(calendar, day, other)
                ),
            )
            if near is not None:
                return near
    same_weekday = _find_same_weekday(day, year)
    near = _find_nearest(
        same_weekday,
        7,
        lambda other: (
            other.year == year
            and find_feast_day(calendar, other) is None
            and _is_same_work(calendar, day, other)
        ),
    )
    return near or same_weekday


def _find_nearest(start: date, step: int, fits: Callable[[date], bool]) -> date | None:
    for distance in range(0, _REACH * step, step):
        for candidate in (start + distance * ONE_DAY, start - distance * ONE_DAY):
            if fits(candidate):
                return candidate
    return None


def _is_same_feast(calendar: ChinaCalendar, feast_day: FeastDay, other: date) -> bool:
    theirs = find_feast_day(calendar, other)
    return theirs is not None and theirs.feast == feast_day.feast


def _is_same_work(calendar: ChinaCalendar, day: date, other: date) -> bool:
    return calendar.is_off(day) == calendar.is_off(other)


def _find_same_weekday(day: date, year: int) -> date:
    """The day with the same weekday that is nearest to the same date, within the year."""
    last = 28 if (day.month, day.day) == (2, 29) else day.day
    same_date = date(year, day.month, last)
    ahead = (day.weekday() - same_date.weekday() + 3) % 7 - 3
    moved = same_date + ahead * ONE_DAY
    if moved.year < year:
        return moved + 7 * ONE_DAY
    return moved - 7 * ONE_DAY if moved.year > year else moved
