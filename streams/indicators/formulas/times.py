"""Quantiles of clocks from net histogram cells, with their sample size."""

from dataclasses import dataclass
from typing import NamedTuple

from tidemark.streams.contracts.family import Measure
from tidemark.streams.contracts.published import Vector
from tidemark.streams.indicators.reading import Reading
from tidemark.streams.indicators.spans import Span
from tidemark.streams.indicators.values import Origin
from tidemark.streams.view.quantiles import bucket_counts, quantile
from tidemark.streams.view.windows import Window, recent_windows, shortest

from .recent import origin_in

MINIMUM_OBSERVATIONS = 60
"""Quantiles of fewer observations allow no verdict (reference: alert conditions)."""


class Quantiles(NamedTuple):
    """Half, nine in ten and nineteen in twenty took no longer, in the measure's unit."""

    p50: float
    p90: float
    p95: float


@dataclass(frozen=True)
class Times:
    """How long something took, of `n` observations; without any there are no quantiles."""

    n: int
    quantiles: Quantiles | None
    origin: Origin
    window: str

    @property
    def conclusive(self) -> bool:
        """Whether there are enough observations for a verdict."""
        return self.n >= MINIMUM_OBSERVATIONS


def times(reading: Reading, clock: Measure, span: Span) -> dict[tuple[str, ...], Times]:
    """A clock's quantiles by its dimensions over a span. Raises NoValue without cells in it."""
    by = tuple(dimension.name for dimension in clock.dimensions)
    return {
        key: _times(clock, vector, span.basis, reading.origin(clock, span))
        for key, vector in reading.sums(clock, span, by).items()
    }


def recent_times(reading: Reading, clock: Measure) -> dict[tuple[str, ...], Times]:
    """The same over the shortest of 1 h, 1 d, 7 d, 30 d that holds the minimum sample, else the
    longest; empty where nothing was observed in any."""
    windows = recent_windows(reading.view.civil, reading.now_ms)
    measured = ((window, _in_window(reading, clock, window)) for window in windows)
    return {key: times for key, (_, times) in shortest(measured, lambda times: times.conclusive).items()}


def _in_window(reading: Reading, clock: Measure, window: Window) -> dict[tuple[str, ...], Times]:
    by = tuple(dimension.name for dimension in clock.dimensions)
    origin = origin_in(reading, clock, window)
    sums = reading.view.sums((clock, window.grain), window.periods, by)
    return {key: _times(clock, vector, window.name, origin) for key, vector in sums.items()}


def _times(clock: Measure, vector: Vector, window: str, origin: Origin) -> Times:
    bounds = clock.bounds or ()
    counts = bucket_counts(vector, bounds)
    n = sum(counts)
    found = Quantiles(*(quantile(counts, bounds, q) for q in (0.5, 0.9, 0.95))) if n else None
    return Times(n, found, origin, window)
