"""Civil time: which minute, quarter-hour, day and month an instant belongs to.

Instants are whole milliseconds since 1970-01-01T00:00Z. Periods are whole numbers: minutes
and quarter-hours since then, days since 1970-01-01 in the log's zone, months as
year * 12 + month - 1.
"""

from datetime import UTC, date, datetime, timedelta
from enum import IntEnum
from functools import lru_cache
from zoneinfo import ZoneInfo

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MILLISECOND = timedelta(milliseconds=1)
_MINUTE_MS = 60_000
_EPOCH_ORDINAL = date(1970, 1, 1).toordinal()
_CACHE_LIMIT = 200_000

FUTURE_TOLERANCE_MS = 60_000
"""How far an event's time may be after its arrival; further ahead, the source's clock is wrong."""


class Grain(IntEnum):
    """The lengths of the periods by which totals are kept, finest first."""

    MINUTE = 0
    QUARTER = 1
    DAY = 2
    MONTH = 3


GRAIN_NAMES: tuple[str, ...] = tuple(grain.name.lower() for grain in Grain)
"""Names of grains in keys and JSON, indexed by Grain."""

Periods = tuple[int, int, int, int]
"""The periods an instant belongs to, indexed by Grain."""


Month = int
"""The number of a month, year * 12 + month - 1; consecutive months differ by 1."""


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
    """The month's last day. Cached, since formulas ask for the same few years again and again."""
    return first_day(month + 1) - timedelta(days=1)


def millis(instant: datetime) -> int:
    """Milliseconds since the epoch; finer digits are truncated."""
    return _millis(instant, instant.fold)


@lru_cache(maxsize=1 << 13)
def _millis(instant: datetime, _fold: int) -> int:
    """Cached, since many sensors report the same instant.

    `datetime.fold` is part of the cache's key, since the two instants of a repeated hour compare equal.
    """
    return (instant - _EPOCH) // _MILLISECOND


def instant(at_ms: int) -> datetime:
    """The instant as a UTC datetime."""
    return _EPOCH + timedelta(milliseconds=at_ms)


class Civil:
    """The calendar of one civil zone, for example Asia/Shanghai.

    Since 1972 the offset of every zone has been a multiple of a quarter of an hour, so no
    quarter-hour spans two civil days.
    """

    def __init__(self, zone: str) -> None:
        self.zone = ZoneInfo(zone)
        self._by_quarter: dict[int, tuple[int, int]] = {}

    def periods(self, at_ms: int) -> Periods:
        """The minute, quarter-hour, civil day and civil month that hold the instant."""
        quarter = at_ms // 900_000
        day_and_month = self._by_quarter.get(quarter)
        if day_and_month is None:
            day_and_month = self._look_up(quarter)
        return at_ms // _MINUTE_MS, quarter, *day_and_month

    def _look_up(self, quarter: int) -> tuple[int, int]:
        if len(self._by_quarter) >= _CACHE_LIMIT:
            self._by_quarter.clear()
        local = instant(quarter * 900_000).astimezone(self.zone)
        day_and_month = (local.toordinal() - _EPOCH_ORDINAL, month_of(local))
        self._by_quarter[quarter] = day_and_month
        return day_and_month

    def start_ms(self, grain: Grain, period: int) -> int:
        """When the period begins, in milliseconds since the epoch."""
        if grain is Grain.MINUTE:
            return period * _MINUTE_MS
        if grain is Grain.QUARTER:
            return period * 900_000
        day = date.fromordinal(period + _EPOCH_ORDINAL) if grain is Grain.DAY else first_day(period)
        return millis(datetime(day.year, day.month, day.day, tzinfo=self.zone))

    def end_ms(self, grain: Grain, period: int) -> int:
        """When the period ends and the next begins."""
        return self.start_ms(grain, period + 1)

    def month_of(self, text: str) -> int:
        """The first instant, in milliseconds since the epoch, of a month written as 2026-08."""
        return self.start_ms(Grain.MONTH, parse_period(Grain.MONTH, text))


@lru_cache(maxsize=1 << 16)
def format_period(grain: Grain, period: int) -> str:
    """2026-01-01T02:15Z for a minute or quarter-hour, 2026-01-01 for a day, 2026-01 for a month."""
    if grain is Grain.MONTH:
        return f"{period // 12:04d}-{period % 12 + 1:02d}"
    if grain is Grain.DAY:
        return date.fromordinal(period + _EPOCH_ORDINAL).isoformat()
    minutes = period if grain is Grain.MINUTE else period * 15
    return instant(minutes * _MINUTE_MS).strftime("%Y-%m-%dT%H:%MZ")


def parse_period(grain: Grain, text: str) -> int:
    """The inverse of format_period. Raises ValueError for text in another format."""
    if grain is Grain.MONTH:
        return month_of(date.fromisoformat(f"{text}-01"))
    if grain is Grain.DAY:
        return date.fromisoformat(text).toordinal() - _EPOCH_ORDINAL
    minutes = millis(datetime.strptime(text, "%Y-%m-%dT%H:%MZ").replace(tzinfo=UTC)) // _MINUTE_MS
    return minutes if grain is Grain.MINUTE else minutes // 15
