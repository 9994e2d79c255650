"""What every simulated history needs: months, seasons with moving feasts, and what a planner sees."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import timedelta
from random import Random

from tidemark.streams.contracts.civil import month_at, month_of
from tidemark.streams.indicators.calendar.china import ChinaCalendar
from tidemark.streams.indicators.projection.history import History
from tidemark.streams.indicators.projection.project import HORIZON
from tidemark.streams.indicators.targets.goal import Goal

PLANNED = month_at(2025, 12)
"""December 2025, when the targets were set."""


@dataclass(frozen=True)
class Simulated:
    """A goal, and the months up to December 2030, when it is known what came of it."""

    goal: Goal
    history: History

    def until(self, last: int) -> History:
        """What was known at the end of the month `last`."""
        return History(self.history.first, self.history.values[: last - self.history.first + 1])

    @property
    def outcome(self) -> float:
        """What a projection foretells: the last level, or an annual flow's last twelve months."""
        values = [value or 0.0 for value in self.history.values]
        return sum(values[-12:]) if self.goal.kind == "annual_flow" else values[-1]


Maker = Callable[[Random, "Almanac"], Simulated]


class Almanac:
    """The months to December 2030, and how much of each month the Spring Festival takes."""

    def __init__(self, calendar: ChinaCalendar) -> None:
        self._festival: dict[int, float] = {}
        for year in range(2020, 2031):
            first = calendar.feasts(year)["lunar_new_year"]
            for offset in range(-1, 7):
                day = first + timedelta(days=offset)
                month = month_of(day)
                self._festival[month] = self._festival.get(month, 0.0) + 1 / 8

    def season(self, random: Random, strength: float, lift: float) -> Callable[[int], float]:
        """A factor for each month: a random yearly pattern, and the Spring Festival's lift where it falls."""
        pattern = [1 + strength * (2 * random.random() - 1) for _ in range(12)]
        return lambda month: pattern[month % 12] * (1 + lift * self._festival.get(month, 0.0))


def months_from(first: int) -> range:
    """The months of a history."""
    return range(first, HORIZON + 1)


def begin(random: Random, earliest: int, latest: int) -> int:
    """A first month, from January of a year to January of another."""
    return random.randrange(month_at(earliest), month_at(latest) + 1)


def planned_gain(random: Random, values: Sequence[float], first: int) -> float:
    """What a planner at the end of 2025 asks for in five years, from last year's gain and hope."""
    now = PLANNED - first
    return 5 * abs(values[now] - values[now - 12]) * random.lognormvariate(0.0, 0.45)
