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
from .pipeline import plain
from .pipeline_metrics import Plain

_DAY_S = DAY // SECOND

_SINGLE: tuple[tuple[Plain, tuple[str, ...]], ...] = (
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
"""Metrics of one series an indicator, and where an assessment has their value."""


def indicators(catalogue: Catalogue, assessments: Sequence[Assessment]) -> Iterator[Metric]:
    """Every family; what an assessment does not know has no series."""
    yield plain(m.INFO, dict.fromkeys(_infos(catalogue), 1))
    for row, path in _SINGLE:
        yield plain(row, _collect_at(assessments, path))
    lags = _collect_at(assessments, ("course", "lag_days"))
    yield plain(m.LAG, {key: days * _DAY_S for key, days in lags.items()})
    yield plain(m.MEASURED, dict(_collect_values(assessments)))
    yield plain(m.PROVENANCE, {(one.id, one.provenance): 1 for one in assessments if one.provenance})
    yield plain(m.PATH, dict(_of_course(assessments, linear="linear", geometric="geometric")))
    yield plain(m.WINDOW_PACE, dict(_of_course(assessments, short="short_index", long="long_index")))
    yield plain(m.BOUND, dict(_bounds(assessments)))
    yield plain(
        m.STATUS,
        {(one.id, state.value): float(state is one.status) for one in assessments for state in Status},
    )


def _collect_at(assessments: Sequence[Assessment], path: tuple[str, ...]) -> dict[tuple[str, ...], float]:
    """What lies at the path, of those that have it."""
    found = {(one.id,): _at(one, path) for one in assessments}
    return {key: value for key, value in found.items() if value is not None}


def _at(whole: Any, path: tuple[str, ...]) -> Any:
    for name in path:
        whole = None if whole is None else getattr(whole, name)
    return whole


def _infos(catalogue: Catalogue) -> Iterator[tuple[str, ...]]:
    for section in catalogue.sections.values():
        for one in section.indicator:
            yield one.id, one.name_zh, one.name_en, one.unit, one.reads_as, section.number, one.authority


def _collect_values(assessments: Sequence[Assessment]) -> Iterator[tuple[tuple[str, ...], float]]:
    for one in assessments:
        for name, side in (("live", one.live), ("official", one.official), ("nowcast", one.nowcast)):
            if side is not None and side.amount is not None:
                yield (one.id, name), side.amount.value


def _of_course(assessments: Sequence[Assessment], **fields: str) -> Iterator[tuple[tuple[str, ...], float]]:
    """By label value a field of the course, where it is known."""
    for label, field in fields.items():
        for (indicator,), value in _collect_at(assessments, ("course", field)).items():
            yield (indicator, label), value


def _bounds(assessments: Sequence[Assessment]) -> Iterator[tuple[tuple[str, ...], float]]:
    for one in assessments:
        if one.forecast is not None:
            for interval, end, value in _ends(one.forecast):
                yield (one.id, interval, end), value


def _ends(forecast: Forecast) -> Iterator[tuple[str, str, float]]:
    for interval, bounds in (("50", forecast.p50), ("80", forecast.p80), ("95", forecast.p95)):
        yield interval, "low", bounds.low
        yield interval, "high", bounds.high


def refund_coverage(catalogue: Catalogue, reading: Reading) -> Iterator[Metric]:
    """Every family of the coverage, as of today; how long steps take is with the others' times."""
    found = compute_coverage(reading, reading.today)
    kinds = (("shop", found.shops), ("point", found.points), ("complex", found.complexes))
    yield plain(m.ENTITIES, {(kind,): float(one.amount) for kind, one in kinds if isinstance(one, Value)})
    yield plain(m.AT_PLACE, {(row.place, kind): n for row in found.places for kind, n in _numbers(row)})
    yield plain(m.FORMS, {(row.place,): row.forms for row in found.places if row.forms is not None})
    yield plain(
        m.WITHOUT,
        {("shop",): len(found.without_shop), ("form",): len(found.without_form)} if found.places else {},
    )
    share = found.active_share
    yield plain(m.ACTIVE, {(): float(share.amount / 100)} if isinstance(share, Share) else {})
    yield plain(m.ACTIVE_SAMPLES, {(): share.n} if isinstance(share, Share) else {})
    need = _need(catalogue, found, reading.today)
    yield plain(m.NEEDED, {} if need is None else {(): need.missing})
    yield plain(m.NEEDED_WEEKLY, {} if need is None else {(): float(need.per_week)})


def _numbers(row: PlaceCoverage) -> Iterator[tuple[str, int]]:
    yield "shop", row.shops
    yield "point", row.points
    yield "complex", row.complexes


def _need(catalogue: Catalogue, found: Coverage, today: date) -> Need | None:
    """What the path asks for by the year's end, on that day by the next year's."""
    if REFUND_SHOPS not in catalogue or not isinstance(found.shops, Value):
        return None
    due = date(today.year, 12, 31) if (today.month, today.day) < (12, 31) else date(today.year + 1, 12, 31)
    wanted = compute_expected(catalogue[REFUND_SHOPS].goal, due)
    return None if wanted is None else compute_need(int(found.shops.amount), wanted, today, due)
