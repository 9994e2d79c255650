"""What all simulated histories share: months, seasons with moving festivals, and the planner's targets."""

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
    """A goal and its history up to December 2030, the outcome included."""

    goal: Goal
    history: History

    def cut_history(self, last: int) -> History:
        """The history as of the end of the month `last`."""
        return History(self.history.first, self.history.values[: last - self.history.first + 1])

    @property
    def outcome(self) -> float:
        """What a projection predicts: the last level, or the last twelve months of an annual flow."""
        values = [value or 0.0 for value in self.history.values]
        return sum(values[-12:]) if self.goal.kind == "annual_flow" else values[-1]


Maker = Callable[[Random, "Almanac"], Simulated]


class Almanac:
    """The share of the Spring Festival that falls into each month to December 2030."""

    def __init__(self, calendar: ChinaCalendar) -> None:
        self._festival: dict[int, float] = {}
        for year in range(2020, 2031):
            first = calendar.feasts(year)["lunar_new_year"]
            for offset in range(-1, 7):
                day = first + timedelta(days=offset)
                month = month_of(day)
                self._festival[month] = self._festival.get(month, 0.0) + 1 / 8

    def make_season(self, random: Random, strength: float, lift: float) -> Callable[[int], float]:
        """A factor for each month: a random annual pattern, times the lift of the Spring Festival."""
        pattern = [1 + strength * (2 * random.random() - 1) for _ in range(12)]
        return lambda month: pattern[month % 12] * (1 + lift * self._festival.get(month, 0.0))


def months_from(first: int) -> range:
    """The months of a history, from `first` to December 2030."""
    return range(first, HORIZON + 1)


def draw_first_month(random: Random, earliest: int, latest: int) -> int:
    """A random first month, from January of one year to January of another."""
    return random.randrange(month_at(earliest), month_at(latest) + 1)


def draw_planned_gain(random: Random, values: Sequence[float], first: int) -> float:
    """The five-year gain planned at the end of 2025: five times last year's, with noise."""
    now = PLANNED - first
    return 5 * abs(values[now] - values[now - 12]) * random.lognormvariate(0.0, 0.45)
