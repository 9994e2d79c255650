"""Business values as metric families: sums, ratios and quantiles of the view, within a limit of series."""

from collections.abc import Mapping, Sequence
from typing import NamedTuple, TypeVar

from prometheus_client import Metric
from prometheus_client.samples import Sample

from tidemark.streams.contracts.definition import Sum
from tidemark.streams.contracts.family import Measure
from tidemark.streams.contracts.published import Vector, add_vectors
from tidemark.streams.families.definitions import SUMS
from tidemark.streams.indicators.formulas.times import MINIMUM_OBSERVATIONS, QUANTILES, compute_times
from tidemark.streams.view.view import View
from tidemark.streams.view.windows import Window

from .metrics import DIVISORS, RATIOS, QuantileMetric, Ratio

T = TypeVar("T")

OTHER = "other"
_NET = "net of corrections, in the window named by `period`"

Sums = dict[tuple[str, ...], Vector]


def limit_series(windows: Sequence[Mapping[tuple[str, ...], Vector]], most: int) -> tuple[list[Sums], int]:
    """At most `most` label sets, the same in every window, and how many were merged.

    The label sets with the largest first component in the last window, which should be the
    longest, keep their names, so that the selection rarely changes; the others are added up
    under `other` in every label.
    """
    every = set().union(*windows)
    if len(every) <= most:
        return [dict(window) for window in windows], 0

    def rank(key: tuple[str, ...]) -> tuple[int, tuple[str, ...]]:
        return -windows[-1].get(key, (0,))[0], key

    kept = set(sorted(every, key=rank)[: most - 1])
    return [_merge_others(window, kept) for window in windows], len(every) - len(kept)


def _merge_others(window: Mapping[tuple[str, ...], Vector], kept: set[tuple[str, ...]]) -> Sums:
    merged: Sums = {}
    for key, vector in window.items():
        into = key if key in kept else (OTHER,) * len(key)
        before = merged.get(into)
        merged[into] = vector if before is None else add_vectors((before, vector))
    return merged


class Built(NamedTuple):
    """Metric families of one measure, and for each metric how many series were merged under `other`."""

    metrics: list[Metric]
    merged: dict[str, int]


def list_summed_measures() -> list[Measure]:
    """The measures with exported sums, each once; every ratio is of one of them."""
    return list(dict.fromkeys(row.measure for row in SUMS))


def build_sums(view: View, measure: Measure, windows: tuple[Window, ...], budget: int) -> Built:
    """Every sum and ratio of the measure, over the windows for whose grain it is kept."""
    grains = {kept.grain for kept in measure.retentions}
    shown = [window for window in windows if window.grain in grains]
    by = tuple(dimension.name for dimension in measure.dimensions)
    raw = [view.sums((measure, window.grain), window.periods, by) for window in shown]
    sums, merged = limit_series(raw, budget // len(windows))
    labels = _label_series(by, shown, sums)
    built = Built([], {})
    for row in SUMS:
        if row.measure is measure:
            built.metrics.append(_build_sum(row, labels))
            built.merged[row.name] = merged * len(shown)
    for ratio in RATIOS:
        if ratio.ratio.measure is measure:
            _add_ratio(built, ratio, view, shown, budget)
    return built


def _label_series(
    by: tuple[str, ...], windows: list[Window], values: Sequence[Mapping[tuple[str, ...], T]]
) -> list[tuple[dict[str, str], T | None]]:
    """One entry per series: a label set that occurs in any window has an entry for each window."""
    every = sorted(set().union(*values))
    return [
        ({**dict(zip(by, key, strict=True)), "period": window.name}, of_window.get(key))
        for key in every
        for window, of_window in zip(windows, values, strict=True)
    ]


def _build_sum(row: Sum, labels: list[tuple[dict[str, str], Vector | None]]) -> Metric:
    names = [component.name for component in row.measure.components]
    at = names.index(row.component)
    divisor = DIVISORS.get(row.measure.components[at].unit, 1)
    metric = Metric(row.name, f"{row.help}; {_NET}", "gauge")
    metric.samples = [
        Sample(row.name, label, vector[at] / divisor if vector else 0.0) for label, vector in labels
    ]
    return metric


def _add_ratio(built: Built, row: Ratio, view: View, windows: list[Window], budget: int) -> None:
    measure, by = row.ratio.measure, row.ratio.by
    raw = [view.sums((measure, window.grain), window.periods, by) for window in windows]
    sums, merged = limit_series(raw, budget // len(windows))
    metric = Metric(row.name, f"{row.help}; {_NET}", "gauge")
    metric.samples = [
        Sample(row.name, label, parts[0] / parts[1])
        for label, parts in _label_series(by, windows, [row.ratio.parts(of_window) for of_window in sums])
        if parts and parts[1] > 0
    ]
    built.metrics.append(metric)
    built.merged[row.name] = merged * len(windows)


def build_quantiles(view: View, row: QuantileMetric, windows: tuple[Window, ...], budget: int) -> Built:
    """The quantiles over the shortest window with enough observations, and the number of observations.

    If no window has enough, there are no quantiles, only the number in the longest window.
    """
    by = tuple(dimension.name for dimension in row.measure.dimensions)
    raw = [view.sums((row.measure, window.grain), window.periods, by) for window in windows]
    sums, merged = limit_series(raw, budget // len(QUANTILES))
    help_text = f"{row.help}; over the shortest `window` with {MINIMUM_OBSERVATIONS} observations"
    quantiles = Metric(row.name, f"{help_text}, interpolated within fixed buckets", "summary")
    samples = Metric(
        row.samples_name, f"Observations that {row.name} is computed from, in its `window`", "gauge"
    )
    for key, times in sorted(compute_times(row.measure, zip(windows, sums, strict=True)).items()):
        label = {**dict(zip(by, key, strict=True)), "window": times.window.name}
        samples.samples.append(Sample(row.samples_name, label, times.n))
        if times.conclusive:
            quantiles.samples += [
                Sample(row.name, {**label, "quantile": str(q)}, value / row.bounds_per_second)
                for q, value in times.quantiles.items()
            ]
    return Built([quantiles, samples], {row.name: merged * len(QUANTILES), row.samples_name: merged})
