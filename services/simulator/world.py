"""What every part of the model shares: the calendar, the dice, the places, when it begins and runs live."""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import count

from tidemark.services.gazetteer import Place

from .calendar import Calendar, date_of
from .dice import Dice
from .planned import Writer
from .scenario import Daily, Windows
from .windows import Intervals, Window, windows

_PLAN_START = 2026
_PLAN_YEARS = 5


@dataclass(frozen=True)
class World:
    """`scale` thins how many there are, never how they behave."""

    dice: Dice
    calendar: Calendar
    writer: Writer
    places: tuple[Place, ...]
    first_day: int
    scale: float
    live: Intervals

    def thinned(self, number: int) -> int:
        """So many of a number of things there are at this scale: one at least."""
        return max(1, round(number * self.scale))

    def of_kind(self, *kinds: str) -> list[Place]:
        """The places of these kinds, in the gazetteer's order."""
        return [place for place in self.places if place.kind in kinds]

    def days(self) -> Iterator[int]:
        """The civil days from the first on, without end."""
        return count(self.first_day)

    def windows(self, day: int, feed: Windows) -> list[Window]:
        """The counting windows of a feed in a day."""
        start, end = self.calendar.start_ms(day), self.calendar.start_ms(day + 1)
        return list(windows(start, end, feed, self.live))

    def rate(self, daily: Daily, day: int) -> float:
        """How many to expect on an ordinary day at this scale: one at least."""
        return max(1.0, self.full_rate(daily, day) * self.scale)

    def full_rate(self, daily: Daily, day: int) -> float:
        """How many to expect on an ordinary day at scale 1, growing evenly through the plan's years."""
        today = date_of(day)
        years = today.year - _PLAN_START + today.timetuple().tm_yday / 366
        gone = min(max(years / _PLAN_YEARS, 0.0), 1.0)
        last = daily.per_day if daily.per_day_2030 is None else daily.per_day_2030
        return daily.per_day + (last - daily.per_day) * gone
