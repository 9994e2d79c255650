"""The plan's targets and the coverage of the tax refund as metric families."""

from collections.abc import Iterator, Sequence
from datetime import date
from typing import Any

from prometheus_client import Metric

from tidemark.services.plan import REFUND_SHOPS
from tidemark.streams.contracts.family import DAY, SECOND
from tidemark.streams.indicators.assessment.assessment import Assessment, Forecast, Status
from tidemark.streams.indicators.formulas.refund_coverage import (
    Coverage,
    Need,
    PlaceCoverage,
    compute_coverage,
    compute_need,
)
from tidemark.streams.indicators.paths.path import compute_expected
from tidemark.streams.indicators.reading.reading import Reading
from tidemark.streams.indicators.targets.catalogue import Catalogue
from tidemark.streams.indicators.values.value import Share, Value

from . import indicator_metrics as m
from .pipeline import build_metric
from .pipeline_metrics import PlainMetric

_DAY_S = DAY // SECOND

_SINGLE: tuple[tuple[PlainMetric, tuple[str, ...]], ...] = (
    (m.VALUE, ("amount", "value")),
    (m.BASELINE, ("baseline",)),
    (m.TARGET, ("target",)),
    (m.EXPECTED, ("course", "expected_today")),
    (m.PROGRESS, ("course", "progress")),
    (m.PACE, ("course", "index")),
    (m.PREVIOUS_PACE, ("course", "previous_index")),
    (m.REQUIRED, ("course", "required_per_day")),
    (m.PROJECTION, ("forecast", "median")),
    (m.PROBABILITY, ("forecast", "probability")),
    (m.AGE, ("freshness", "age_s")),
    (m.AGE_LIMIT, ("freshness", "limit_s")),
    (m.COMPLETENESS, ("completeness", "ratio")),
    (m.SAMPLES, ("amount", "sample", "n")),
    (m.DRIFT, ("nowcast", "amount", "drift")),
    (m.PREVIOUS_DRIFT, ("nowcast", "amount", "previous_drift")),
)
"""Metrics with one series per indicator, and the path of their value in an assessment."""


def collect_indicators(catalogue: Catalogue, assessments: Sequence[Assessment]) -> Iterator[Metric]:
    """The metrics of the targets; a value missing from an assessment has no series."""
    yield build_metric(m.INFO, dict.fromkeys(_collect_infos(catalogue), 1))
    for row, path in _SINGLE:
        yield build_metric(row, _collect_at(assessments, path))
    lags = _collect_at(assessments, ("course", "lag_days"))
    yield build_metric(m.LAG, {key: days * _DAY_S for key, days in lags.items()})
    yield build_metric(m.MEASURED, dict(_collect_values(assessments)))
    yield build_metric(
        m.PROVENANCE,
        {(assessment.id, assessment.provenance): 1 for assessment in assessments if assessment.provenance},
    )
    yield build_metric(m.PATH, dict(_collect_course(assessments, linear="linear", geometric="geometric")))
    yield build_metric(
        m.WINDOW_PACE, dict(_collect_course(assessments, short="short_index", long="long_index"))
    )
    yield build_metric(m.BOUND, dict(_collect_bounds(assessments)))
    yield build_metric(
        m.STATUS,
        {
            (assessment.id, state.value): float(state is assessment.status)
            for assessment in assessments
            for state in Status
        },
    )


def _collect_at(assessments: Sequence[Assessment], path: tuple[str, ...]) -> dict[tuple[str, ...], float]:
    """The values at the path, of the assessments that have one."""
    values = {(assessment.id,): _read_path(assessment, path) for assessment in assessments}
    return {key: value for key, value in values.items() if value is not None}


def _read_path(whole: Any, path: tuple[str, ...]) -> Any:
    for name in path:
        whole = None if whole is None else getattr(whole, name)
    return whole


def _collect_infos(catalogue: Catalogue) -> Iterator[tuple[str, ...]]:
    for section in catalogue.sections.values():
        for indicator in section.indicator:
            yield (
                indicator.id,
                indicator.name_zh,
                indicator.name_en,
                indicator.unit,
                indicator.reads_as,
                section.number,
                indicator.authority,
            )


def _collect_values(assessments: Sequence[Assessment]) -> Iterator[tuple[tuple[str, ...], float]]:
    for assessment in assessments:
        for name, side in (
            ("live", assessment.live),
            ("official", assessment.official),
            ("nowcast", assessment.nowcast),
        ):
            if side is not None and side.amount is not None:
                yield (assessment.id, name), side.amount.value


def _collect_course(
    assessments: Sequence[Assessment], **fields: str
) -> Iterator[tuple[tuple[str, ...], float]]:
    """Fields of the course by label value, where they have a value."""
    for label, field in fields.items():
        for (indicator,), value in _collect_at(assessments, ("course", field)).items():
            yield (indicator, label), value


def _collect_bounds(assessments: Sequence[Assessment]) -> Iterator[tuple[tuple[str, ...], float]]:
    for assessment in assessments:
        if assessment.forecast is not None:
            for interval, end, value in _list_ends(assessment.forecast):
                yield (assessment.id, interval, end), value


def _list_ends(forecast: Forecast) -> Iterator[tuple[str, str, float]]:
    for interval, bounds in (("50", forecast.p50), ("80", forecast.p80), ("95", forecast.p95)):
        yield interval, "low", bounds.low
        yield interval, "high", bounds.high


def collect_coverage(catalogue: Catalogue, reading: Reading) -> Iterator[Metric]:
    """The metrics of the coverage as of today; the durations of its steps are quantile metrics."""
    coverage = compute_coverage(reading, reading.today)
    kinds = (("shop", coverage.shops), ("point", coverage.points), ("complex", coverage.complexes))
    yield build_metric(
        m.ENTITIES, {(kind,): float(number.amount) for kind, number in kinds if isinstance(number, Value)}
    )
    yield build_metric(
        m.AT_PLACE, {(row.place, kind): n for row in coverage.places for kind, n in _list_numbers(row)}
    )
    yield build_metric(m.FORMS, {(row.place,): row.forms for row in coverage.places if row.forms is not None})
    yield build_metric(
        m.WITHOUT,
        {("shop",): len(coverage.without_shop), ("form",): len(coverage.without_form)}
        if coverage.places
        else {},
    )
    share = coverage.active_share
    yield build_metric(m.ACTIVE, {(): float(share.amount / 100)} if isinstance(share, Share) else {})
    yield build_metric(m.ACTIVE_SAMPLES, {(): share.n} if isinstance(share, Share) else {})
    need = _compute_need(catalogue, coverage, reading.today)
    yield build_metric(m.NEEDED, {} if need is None else {(): need.missing})
    yield build_metric(m.NEEDED_WEEKLY, {} if need is None else {(): float(need.per_week)})


def _list_numbers(row: PlaceCoverage) -> Iterator[tuple[str, int]]:
    yield "shop", row.shops
    yield "point", row.points
    yield "complex", row.complexes


def _compute_need(catalogue: Catalogue, coverage: Coverage, today: date) -> Need | None:
    """The shops that the path expects by the end of the year, or of the next year on 31 December."""
    if REFUND_SHOPS not in catalogue or not isinstance(coverage.shops, Value):
        return None
    due = date(today.year, 12, 31) if (today.month, today.day) < (12, 31) else date(today.year + 1, 12, 31)
    expected = compute_expected(catalogue[REFUND_SHOPS].goal, due)
    return None if expected is None else compute_need(int(coverage.shops.amount), expected, today, due)
