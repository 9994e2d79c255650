"""Formulas over the view as metric families: ratios, occupancy and anomalies."""

from collections.abc import Callable, Iterator, Mapping

from prometheus_client import Metric

from tidemark.services.plan import Plan
from tidemark.streams.contracts.money import FEN_PER_YUAN
from tidemark.streams.families.footfall import FOOTFALL_PLACE
from tidemark.streams.indicators.assessment.measuring import compute_year_on_year
from tidemark.streams.indicators.formulas.anomaly import compute_anomalies
from tidemark.streams.indicators.formulas.footfall import (
    compute_dwell,
    compute_inflows,
    compute_occupancy,
    compute_spend_per_visit,
    estimate_seconds_to_full,
    sum_capacities,
    sum_debut_footfall,
)
from tidemark.streams.indicators.formulas.payment import FAILED_TECHNICAL
from tidemark.streams.indicators.formulas.ratios import (
    RecentRatio,
    compute_recent_shares,
    compute_usual_shares,
)
from tidemark.streams.indicators.formulas.refund import (
    CLAWBACK,
    PAYOUT_FAILED,
    compute_completion,
    compute_form_rate,
    compute_instant_share,
    compute_preaudit_share,
)
from tidemark.streams.indicators.formulas.sensors import compute_received_share
from tidemark.streams.indicators.formulas.ticket import (
    PARTICIPATION_DAYS,
    compute_merchant_participation,
    compute_pull_ratio,
)
from tidemark.streams.indicators.reading.reading import Reading
from tidemark.streams.indicators.targets.catalogue import Catalogue
from tidemark.streams.indicators.values.spans import (
    Span,
    last_days,
    month_span,
    since_plan,
    whole_months,
    year_to_date,
)
from tidemark.streams.indicators.values.value import Absent, NoValue, Quotient, Value

from . import formula_metrics as m
from . import indicator_metrics, pipeline_metrics
from .pipeline import build_metric

Values = dict[tuple[str, ...], float]

_DEBUT_DAYS = 30

_BY_PERIOD: tuple[tuple[m.SampledRatio, Callable[[Reading, Span], Quotient | Absent]], ...] = (
    (m.FORM_RATE, compute_form_rate),
    (m.COMPLETION, compute_completion),
    (m.INSTANT, compute_instant_share),
    (m.PREAUDITED, compute_preaudit_share),
    (m.PULL, compute_pull_ratio),
)
_RECENT: tuple[tuple[m.SampledRatio, RecentRatio], ...] = (
    (m.PAYOUT_FAILED, PAYOUT_FAILED),
    (m.CLAWBACK, CLAWBACK),
    (m.FAILED_TECHNICAL, FAILED_TECHNICAL),
)


def collect_formulas(plan: Plan, reading: Reading) -> Iterator[Metric]:
    """The metrics of all formulas, as of the reading."""
    periods = _list_periods(reading)
    for row, formula in _BY_PERIOD:
        yield from _build_ratio(row, {(name,): formula(reading, span) for name, span in periods.items()})
    yield from _build_ratio(
        m.PARTICIPATION, {(f"{PARTICIPATION_DAYS}d",): compute_merchant_participation(reading)}
    )
    for row, share in _RECENT:
        shares = compute_recent_shares(reading, share)
        yield from _build_ratio(row, {(*key, window.name): ratio for key, (window, ratio) in shares.items()})
    yield build_metric(m.CLAWBACK_BASE, _convert_ratios(compute_usual_shares(reading, CLAWBACK)))
    yield build_metric(
        m.FAILED_TECHNICAL_BASE, _convert_ratios(compute_usual_shares(reading, FAILED_TECHNICAL))
    )
    spend = {name: compute_spend_per_visit(reading, span) for name, span in periods.items()}
    yield build_metric(m.SPEND, _convert_amounts(spend, FEN_PER_YUAN))
    yield from _collect_places(plan, reading)
    received = compute_received_share(reading)
    yield build_metric(
        pipeline_metrics.COMPLETENESS,
        {(FOOTFALL_PLACE.family, name): ratio for name, ratio in received.items()},
    )
    yield build_metric(indicator_metrics.YEAR_ON_YEAR, _collect_growth(plan.catalogue, reading))


def _collect_places(plan: Plan, reading: Reading) -> Iterator[Metric]:
    inside = {place: int(value.amount) for place, value in compute_occupancy(reading).items()}
    capacity, inflow = sum_capacities(reading), compute_inflows(reading)
    yield build_metric(m.OCCUPANCY, _key_by_place(inside))
    yield build_metric(m.CAPACITY, _key_by_place(capacity))
    full = {
        place: estimate_seconds_to_full(capacity[place], inside[place], inflow.get(place, 0.0))
        for place in capacity.keys() & inside
    }
    yield build_metric(
        m.FULL, _key_by_place({place: after for place, after in full.items() if after is not None})
    )
    yield build_metric(
        m.DWELL,
        _key_by_place({place: float(dwell.amount) for place, dwell in compute_dwell(reading).items()}),
    )
    yield build_metric(m.ANOMALY, _key_by_place(compute_anomalies(reading, plan.calendar)))
    yield build_metric(m.DEBUT, dict(_collect_debuts(reading)))


def _list_periods(reading: Reading) -> dict[str, Span]:
    today = reading.today
    return {
        "month": month_span(today.year, today.month),
        "year": year_to_date(today),
        "plan": since_plan(today),
    }


def _build_ratio(
    row: m.SampledRatio, quotients: Mapping[tuple[str, ...], Quotient | Absent]
) -> Iterator[Metric]:
    yield build_metric(row.ratio, _convert_ratios(quotients))
    yield build_metric(
        row.samples,
        {key: quotient.n for key, quotient in quotients.items() if isinstance(quotient, Quotient)},
    )


def _convert_ratios(quotients: Mapping[tuple[str, ...], Quotient | Absent]) -> Values:
    """Percentages as ratios (100 % is 1), other quotients unchanged; missing values are left out."""
    return {
        key: float(quotient.amount / (100 if quotient.unit == "percent" else 1))
        for key, quotient in quotients.items()
        if isinstance(quotient, Quotient)
    }


def _convert_amounts(values: Mapping[str, Value | Absent], divisor: int) -> Values:
    return {
        (key,): float(value.amount / divisor) for key, value in values.items() if isinstance(value, Value)
    }


def _key_by_place(values: Mapping[str, float]) -> Values:
    return {(place,): value for place, value in values.items()}


def _collect_debuts(reading: Reading) -> Iterator[tuple[tuple[str, ...], float]]:
    try:
        visitors = sum_debut_footfall(reading, last_days(reading.today, _DEBUT_DAYS))
    except NoValue:
        return
    for place, persons in visitors.items():
        yield (place, f"{_DEBUT_DAYS}d"), persons


def _collect_growth(catalogue: Catalogue, reading: Reading) -> Values:
    """Year-on-year growth of the indicators that accumulate over a year, as a ratio."""
    span = whole_months(reading.today)
    growth = {
        indicator.id: compute_year_on_year(indicator.live, reading, span)
        for indicator in catalogue
        if indicator.live is not None and indicator.reads_as == "annual_flow"
    }
    return _convert_amounts(growth, 100)
