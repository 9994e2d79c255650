"""The district's calendar: civil days, days off and make-up working days, weather, time as text."""

from datetime import UTC, date, datetime, timedelta
from functools import lru_cache

import holidays

from tidemark.streams.contracts.civil import Civil, Grain

from .randomness import RandomStreams

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_EPOCH_ORDINAL = date(1970, 1, 1).toordinal()
_WEATHER_MEMORY = (0.35, 0.25, 0.18, 0.12, 0.1)


def date_of(day: int) -> date:
    """The date of a civil day."""
    return date.fromordinal(day + _EPOCH_ORDINAL)


def day_of(when: date) -> int:
    """The civil day of a date: days since 1970-01-01."""
    return when.toordinal() - _EPOCH_ORDINAL


@lru_cache(maxsize=256)
def _days_off(year: int) -> tuple[frozenset[date], frozenset[date]]:
    """Public holidays of China in a year, and the weekend days that are worked to make up for them.

    Where the government has not announced the make-up days of a year yet, its holidays are the
    statutory ones; a year that the library does not cover has none.
    """
    china = holidays.country_holidays("CN", years=year)
    return frozenset(china), frozenset(day for day in china.weekend_workdays if day.year == year)


class Calendar:
    """The days of one civil zone: when each begins, whether it is a day off, its weather."""

    def __init__(self, zone: str, random_streams: RandomStreams) -> None:
        self.civil = Civil(zone)
        self._random_streams = random_streams
        self._weather: dict[int, float] = {}

    def start_ms(self, day: int) -> int:
        """The first instant of the day, in ms."""
        return self.civil.start_ms(Grain.DAY, day)

    def day(self, at_ms: int) -> int:
        """The civil day of an instant."""
        return self.civil.periods(at_ms)[Grain.DAY]

    def is_holiday(self, day: int) -> bool:
        """Whether the day is a public holiday, or a weekday off in exchange for a make-up day."""
        when = date_of(day)
        return when in _days_off(when.year)[0]

    def is_off(self, day: int) -> bool:
        """Whether the day is a holiday, or a weekend day that is not a make-up working day."""
        when = date_of(day)
        off, worked = _days_off(when.year)
        return when in off or (when.weekday() >= 5 and when not in worked)

    def weather(self, day: int) -> float:
        """The weather's effect on visitor numbers: a factor of 0.8 to 1.15, smooth from day to day."""
        level = self._weather.get(day)
        if level is None:
            level = 0.8
            for age, weight in enumerate(_WEATHER_MEMORY):
                level += 0.35 * weight * self._random_streams.derive("weather", day - age).random()
            self._weather[day] = level
        return level

    @lru_cache(maxsize=1 << 14)  # noqa: B019  one calendar a simulation, and the cache is bounded
    def at(self, at_ms: int) -> datetime:
        """The instant in the zone, with a fixed offset."""
        return (_EPOCH + timedelta(milliseconds=at_ms)).astimezone(self.civil.zone)

    def text(self, at_ms: int) -> str:
        """The instant in RFC 3339, formatted like the contracts' encoder does."""
        moment = self.at(at_ms)
        return moment.isoformat() if moment.utcoffset() else moment.isoformat().replace("+00:00", "Z")
