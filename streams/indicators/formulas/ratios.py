"""Shares of a measure's sums: over any window, over the shortest with enough observations, and the usual
ones.

A `Ratio` defines a share once; the modules beside this one hold the ratios by subject.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from tidemark.streams.contracts.civil import Civil, Grain, instant
from tidemark.streams.contracts.family import Measure
from tidemark.streams.contracts.published import Vector
from tidemark.streams.indicators.reading.reading import Reading
from tidemark.streams.indicators.values.spans import Span
from tidemark.streams.indicators.values.value import MINIMUM_N, Origin, Share, build_share
from tidemark.streams.view.windows import Window, shortest

Key = tuple[str, ...]
Sums = Mapping[Key, Vector]
Parts = Mapping[Key, tuple[int, int]]
"""By label values, a numerator and its denominator."""


@dataclass(frozen=True)
class Ratio:
    """A share of a measure's sums by the dimensions `by`, conclusive from `minimum` observations."""

    measure: Measure
    by: tuple[str, ...]
    parts: Callable[[Sums], Parts]
    minimum: int = MINIMUM_N


@dataclass(frozen=True)
class RecentRatio:
    """A ratio over the shortest sufficient window; the usual ratio is that of the `usual_days` before
    today."""

    ratio: Ratio
    windows: Callable[[Civil, int], tuple[Window, ...]]
    usual_days: int


def divide_components(measure: Measure, part: str, whole: str, less: str = "") -> Callable[[Sums], Parts]:
    """`part` ÷ (`whole` − `less`), components of the measure, as a ratio's `parts`."""
    names = [component.name for component in measure.components]
    at, of = names.index(part), names.index(whole)
    out = names.index(less) if less else None

    def parts(sums: Sums) -> Parts:
        return {
            key: (vector[at], vector[of] - (0 if out is None else vector[out]))
            for key, vector in sums.items()
        }

    return parts


def compute_recent_shares(reading: Reading, recent: RecentRatio) -> dict[Key, tuple[Window, Share]]:
    """The share by label values, in percent; empty where nothing was observed."""
    windows = recent.windows(reading.view.civil, reading.now_ms)
    shares = ((window, compute_shares(reading, recent.ratio, window)) for window in windows)
    return shortest(shares, lambda share: share.conclusive)


def compute_usual_shares(reading: Reading, recent: RecentRatio) -> dict[Key, Share]:
    """The share by label values over the usual days before today, in percent."""
    today = reading.view.civil.periods(reading.now_ms)[Grain.DAY]
    first = today - recent.usual_days
    days = Window(f"{recent.usual_days}d before today", Grain.DAY, range(first, today))
    return compute_shares(reading, recent.ratio, days)


def compute_shares(reading: Reading, ratio: Ratio, window: Window) -> dict[Key, Share]:
    """The share over a window by label values, in percent, where the denominator is above 0."""
    sums = reading.view.sums((ratio.measure, window.grain), window.periods, ratio.by)
    origin = _build_origin(reading, ratio.measure, window)
    return {
        key: build_share(part, whole, origin, ratio.minimum)
        for key, (part, whole) in ratio.parts(sums).items()
        if whole > 0
    }


def _build_origin(reading: Reading, measure: Measure, window: Window) -> Origin:
    civil = reading.view.civil
    first, last = (civil.start_ms(window.grain, window.periods[at]) for at in (0, -1))
    span = Span("days", reading.day_of(instant(first)), reading.day_of(instant(last)))
    return Origin(span, f"{measure.name} cells of the last {window.name}", (measure.family,))
