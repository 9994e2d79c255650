"""Business values as metric families: sums, ratios and clocks of the view."""

from collections.abc import Iterator
from typing import NamedTuple

from prometheus_client import Metric
from prometheus_client.samples import Sample

from tidemark.streams.contracts.definition import Sum
from tidemark.streams.contracts.family import Measure
from tidemark.streams.contracts.published import Vector
from tidemark.streams.families.definitions import SUMS
from tidemark.streams.view.quantiles import bucket_counts, quantile
from tidemark.streams.view.view import View
from tidemark.streams.view.windows import Window, shortest

from .budget import Sums, fold
from .metrics import DIVISORS, RATIOS, Clock, Ratio

QUANTILES = (0.5, 0.9, 0.95)
MINIMUM_SAMPLE = 60
"""A quantile of fewer observations says little; a longer window is taken instead."""

_NET = "net of corrections, in the window named by `period`"


class Built(NamedTuple):
    """Metric families of one measure, and for each metric how many series were folded."""

    metrics: list[Metric]
    folded: dict[str, int]


def summed_measures() -> list[Measure]:
    """The measures that have sums, each once; every ratio is of one of them."""
    return list(dict.fromkeys(row.measure for row in SUMS))


def sums_of(view: View, measure: Measure, windows: tuple[Window, ...], budget: int) -> Built:
    """Every sum and ratio of the measure over the windows it is kept for."""
    grains = {kept.grain for kept in measure.kept}
    shown = [window for window in windows if window.grain in grains]
    by = tuple(dimension.name for dimension in measure.dimensions)
    raw = [view.sums((measure, window.grain), window.periods, by) for window in shown]
    sums, folded = fold(raw, budget // len(windows))
    labels = _labels(by, shown, sums)
    built = Built([], {})
    for row in SUMS:
        if row.measure is measure:
            built.metrics.append(_sum(row, labels))
            built.folded[row.name] = folded * len(shown)
    for ratio in RATIOS:
        if ratio.measure is measure:
            _add_ratio(built, ratio, view, shown, budget)
    return built


def _labels(
    by: tuple[str, ...], windows: list[Window], sums: list[Sums]
) -> list[tuple[dict[str, str], Vector | None]]:
    """One entry per series: a label set seen in any window has a value in each of them."""
    every = sorted(set().union(*sums))
    return [
        ({**dict(zip(by, key, strict=True)), "period": window.name}, of_window.get(key))
        for key in every
        for window, of_window in zip(windows, sums, strict=True)
    ]


def _sum(row: Sum, labels: list[tuple[dict[str, str], Vector | None]]) -> Metric:
    names = [component.name for component in row.measure.components]
    at = names.index(row.component)
    divisor = DIVISORS.get(row.measure.components[at].unit, 1)
    metric = Metric(row.name, f"{row.help}; {_NET}", "gauge")
    metric.samples = [
        Sample(row.name, label, vector[at] / divisor if vector else 0.0) for label, vector in labels
    ]
    return metric


def _add_ratio(built: Built, row: Ratio, view: View, windows: list[Window], budget: int) -> None:
    names = [component.name for component in row.measure.components]
    part, (whole, *less) = names.index(row.part), [names.index(name) for name in row.of]
    raw = [view.sums((row.measure, window.grain), window.periods, row.by) for window in windows]
    sums, folded = fold(raw, budget // len(windows))
    metric = Metric(row.name, f"{row.help}; {_NET}", "gauge")
    for label, vector in _labels(row.by, windows, sums):
        of = vector[whole] - sum(vector[at] for at in less) if vector else 0
        if vector and of > 0:
            metric.samples.append(Sample(row.name, label, vector[part] / of))
    built.metrics.append(metric)
    built.folded[row.name] = folded * len(windows)


def clock(view: View, row: Clock, windows: tuple[Window, ...], budget: int) -> Built:
    """A clock's quantiles over the shortest window with enough observations, and their number.

    Without enough in any window there are no quantiles, only the number in the longest.
    """
    by = tuple(dimension.name for dimension in row.measure.dimensions)
    raw = [view.sums((row.measure, window.grain), window.periods, by) for window in windows]
    sums, folded = fold(raw, budget // len(QUANTILES))
    help_text = f"{row.help}; over the shortest `window` with {MINIMUM_SAMPLE} observations"
    quantiles = Metric(row.name, f"{help_text}, interpolated within fixed buckets", "summary")
    samples = Metric(row.samples_name, f"Observations behind {row.name} in its `window`", "gauge")
    chosen = shortest(zip(windows, _counts(row.measure, sums), strict=True), _enough)
    for key, (window, counts) in sorted(chosen.items()):
        label = {**dict(zip(by, key, strict=True)), "window": window.name}
        samples.samples.append(Sample(row.samples_name, label, sum(counts)))
        if _enough(counts):
            quantiles.samples.extend(_quantiles(row, label, counts))
    return Built([quantiles, samples], {row.name: folded * len(QUANTILES), row.samples_name: folded})


def _counts(measure: Measure, sums: list[Sums]) -> Iterator[dict[tuple[str, ...], list[int]]]:
    """Buckets by window; every series is in each, so that without enough the longest is named."""
    every = set().union(*sums)
    bounds = measure.bounds or ()
    for of_window in sums:
        yield {key: bucket_counts(of_window.get(key, ()), bounds) for key in every}


def _enough(counts: list[int]) -> bool:
    return sum(counts) >= MINIMUM_SAMPLE


def _quantiles(row: Clock, label: dict[str, str], counts: list[int]) -> Iterator[Sample]:
    bounds = row.measure.bounds or ()
    for q in QUANTILES:
        value = quantile(counts, bounds, q) / row.bounds_per_second
        yield Sample(row.name, {**label, "quantile": str(q)}, value)
