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
    """Public holidays of China in a year, and its weekend days that are worked instead.

    In years for which the government has not announced the exchange of days, the holidays
    stand as the law names them; a year that the library does not know has none.
    """
    china = holidays.country_holidays("CN", years=year)
    return frozenset(china), frozenset(day for day in china.weekend_workdays if day.year == year)


class Calendar:
    """Days of one civil zone, and what kind of day each is."""

    def __init__(self, zone: str, random_streams: RandomStreams) -> None:
        self.civil = Civil(zone)
        self._random_streams = random_streams
        self._weather: dict[int, float] = {}

    def start_ms(self, day: int) -> int:
        """When the day begins."""
        return self.civil.start_ms(Grain.DAY, day)

    def day(self, at_ms: int) -> int:
        """The civil day of an instant."""
        return self.civil.periods(at_ms)[Grain.DAY]

    def is_holiday(self, day: int) -> bool:
        """A public holiday, or a working day given off for one."""
        when = date_of(day)
        return when in _days_off(when.year)[0]

    def is_off(self, day: int) -> bool:
        """A holiday, or a weekend day that is not worked to make up for one."""
        when = date_of(day)
        off, worked = _days_off(when.year)
        return when in off or (when.weekday() >= 5 and when not in worked)

    def weather(self, day: int) -> float:
        """How much the weather lets people go out, 0.8 to 1.15: each day remembers the days before."""
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
        """The instant as RFC 3339, as the contracts' encoder writes it."""
        moment = self.at(at_ms)
        return moment.isoformat() if moment.utcoffset() else moment.isoformat().replace("+00:00", "Z")
