"""Months as whole numbers: year · 12 + month − 1, as the periods of `Grain.MONTH` are."""

from datetime import date, timedelta
from functools import lru_cache

Month = int
"""The number of a month; the next one's is one more."""


def month_at(year: int, month: int = 1) -> Month:
    """The number of a month, 1 to 12, of a year."""
    return year * 12 + month - 1


def month_of(day: date) -> Month:
    """The month that holds a day."""
    return month_at(day.year, day.month)


def first_day(month: Month) -> date:
    """The month's first day."""
    return date(month // 12, month % 12 + 1, 1)


@lru_cache(maxsize=1 << 10)
def last_day(month: Month) -> date:
    """The month's last day. Remembered, since formulas ask for the same few years over and over."""
    return first_day(month + 1) - timedelta(days=1)
