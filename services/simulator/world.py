"""What all parts of the model share: calendar, random streams, places, counting windows, and the start and
the live intervals of the simulation."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import count
from random import Random
from typing import NamedTuple, Protocol, TypeVar

from tidemark.services.gazetteer import Place

from .calendar import Calendar, date_of
from .planned import Batch, Planned, Writer
from .randomness import RandomStreams
from .scenario import Daily, Windows
from .shapes import SHAPES

Intervals = tuple[tuple[int, int], ...]
"""Disjoint (from, to) in milliseconds, ascending."""


class Window(NamedTuple):
    """The interval `start_ms` ≤ t < `end_ms`."""

    start_ms: int
    end_ms: int

    @property
    def seconds(self) -> int:
        """Its length in seconds."""
        return (self.end_ms - self.start_ms) // 1000


def cut_windows(start_ms: int, end_ms: int, feed: Windows, live: Intervals) -> Iterator[Window]:
    """Cut the time between two instants into windows, without gaps.

    Coarse windows are aligned to `start_ms`, live ones to the epoch. A coarse window is cut
    where a live interval begins or ends, so that what was sent during an interval does not
    depend on when the interval ended.
    """
    coarse, fine = feed.window_s * 1000, (feed.live_window_s or feed.window_s) * 1000
    spans = _align_to_grid(live, fine) if feed.live_window_s else []
    at = start_ms
    while at < end_ms:
        span = next(((a, b) for a, b in spans if at < b), None)
        if span is None or at < span[0]:
            following = at + coarse - (at - start_ms) % coarse
            following = following if span is None else min(following, span[0])
        else:
            following = min(at + fine - at % fine, span[1])
        following = min(following, end_ms)
        yield Window(at, following)
        at = following


def _align_to_grid(live: Intervals, step: int) -> list[tuple[int, int]]:
    """The intervals, shrunk to whole steps. An empty one is kept: the window before it was cut and sent."""
    spans = [(-(-start // step) * step, end // step * step) for start, end in live]
    return [(start, end) for start, end in spans if start <= end]


_PLAN_START = 2026
_PLAN_YEARS = 5


@dataclass(frozen=True)
class World:
    """What the sources are built from. `scale` reduces numbers (of sensors, forms …), never behaviour."""

    random_streams: RandomStreams
    calendar: Calendar
    writer: Writer
    places: tuple[Place, ...]
    first_day: int
    scale: float
    live: Intervals

    def scale_number(self, number: int) -> int:
        """The number at this scale, at least 1."""
        return max(1, round(number * self.scale))

    def list_places(self, *kinds: str) -> list[Place]:
        """The places of these kinds, in the gazetteer's order."""
        return [place for place in self.places if place.kind in kinds]

    def days(self) -> Iterator[int]:
        """The civil days from the first one, without end."""
        return count(self.first_day)

    def list_windows(self, day: int, feed: Windows) -> list[Window]:
        """The counting windows of a feed on a day."""
        start, end = self.calendar.start_ms(day), self.calendar.start_ms(day + 1)
        return list(cut_windows(start, end, feed, self.live))

    def rate(self, daily: Daily, day: int) -> float:
        """The expected number on an ordinary day at this scale, at least 1."""
        return max(1.0, self.full_rate(daily, day) * self.scale)

    def full_rate(self, daily: Daily, day: int) -> float:
        """The expected number on an ordinary day at scale 1, which grows linearly over the plan's years."""
        today = date_of(day)
        years = today.year - _PLAN_START + today.timetuple().tm_yday / 366
        progress = min(max(years / _PLAN_YEARS, 0.0), 1.0)
        last = daily.per_day if daily.per_day_2030 is None else daily.per_day_2030
        return daily.per_day + (last - daily.per_day) * progress


class _Placed(Protocol):
    @property
    def place(self) -> Place: ...


S = TypeVar("S", bound=_Placed)


def report_series(
    world: World,
    feed: Windows,
    label: str,
    per_day: float,
    series: Sequence[S],
    report: Callable[[World, S, Window, float, Random], Planned],
) -> Iterator[Batch]:
    """One batch per window, without end: what each series reports on it.

    `label` names the feed's random stream. `report` gets the expected number of an average series in
    the window, given `per_day` on a working day.
    """
    for day in world.days():
        off, midnight_ms = world.calendar.is_off(day), world.calendar.start_ms(day)
        level = per_day * world.calendar.weather(day)
        for window in world.list_windows(day, feed):
            random = world.random_streams.derive(label, window.start_ms)
            start, end = window.start_ms - midnight_ms, window.end_ms - midnight_ms
            means = {kind: level * shape.share(off, start, end) for kind, shape in SHAPES.items()}
            planned = [
                report(world, reporter, window, means[reporter.place.kind], random) for reporter in series
            ]
            yield Batch(window.end_ms, planned)
