"""Assess indicators: turn the evidence on them into assessments."""

from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from fractions import Fraction

from msgspec.structs import replace

from tidemark.streams.indicators.official.nowcast import Nowcast
from tidemark.streams.indicators.official.series import OfficialValue
from tidemark.streams.indicators.paths.seasons import SeasonBook
from tidemark.streams.indicators.reading.reading import Reading
from tidemark.streams.indicators.targets.catalogue import Catalogue, Indicator
from tidemark.streams.indicators.thresholds import find_limits
from tidemark.streams.indicators.values.cause import Cause, Code
from tidemark.streams.indicators.values.value import Absent, Quotient, Value

from .assessment import Amount, Assessment, Forecast, Sample, Side, Status
from .context import AssessmentContext
from .courses import compute_course, explain_no_history, forecast_value
from .evidence import Evidence, Finding, gather_evidence
from .measuring import Measured
from .verdict import VerdictBasis, judge_value

_MOST_PLACES = 18
"""The most decimals that an exact amount is written with."""


def assess_all(catalogue: Catalogue, reading: Reading, day: date, book: SeasonBook) -> list[Assessment]:
    """Every indicator on a day, in the catalogue's order.

    Official figures are those published by the day; live values are as the view holds them now.
    """
    context = AssessmentContext.of(reading, day)
    return [assess(context, indicator, gather_evidence(context, indicator), book) for indicator in catalogue]


def assess(
    context: AssessmentContext, indicator: Indicator, evidence: Evidence, book: SeasonBook
) -> Assessment:
    """One indicator, from the evidence on it."""
    if isinstance(evidence.finding, Absent):
        return _assess_without_value(context, indicator, evidence.measured, evidence.finding)
    goal, finding = indicator.goal, evidence.finding
    bare = _build_bare_assessment(context, indicator, evidence.measured, finding.drifts)
    amount = _find_counting_amount(bare, finding)
    course = compute_course(
        context, goal, finding.value, finding.history, book.seasons(indicator.id, finding.history)
    )
    forecast = forecast_value(goal, finding.history)
    status, why = judge_value(
        VerdictBasis(
            goal=goal,
            limits=find_limits(indicator.id),
            authority=indicator.authority,
            day=context.day,
            provenance=finding.provenance,
            amount=amount,
            freshness=finding.freshness,
            completeness=finding.completeness,
            course=course,
        )
    )
    return replace(
        bare,
        status=status,
        why=why,
        provenance=finding.provenance,
        amount=amount,
        freshness=finding.freshness,
        completeness=finding.completeness,
        course=course,
        forecast=forecast if isinstance(forecast, Forecast) else None,
        no_forecast=forecast if isinstance(forecast, Cause) else None,
    )


def _assess_without_value(
    context: AssessmentContext, indicator: Indicator, measured: Measured, absent: Absent
) -> Assessment:
    status = Status.AMBIGUOUS if indicator.reads_as == "ambiguous" else Status.UNKNOWN
    bare = _build_bare_assessment(context, indicator, measured, ())
    return replace(
        bare, status=status, why=absent, absent=absent, no_forecast=explain_no_history(indicator.goal)
    )


def _find_counting_amount(bare: Assessment, finding: Finding) -> Amount:
    """The amount of the side that counts."""
    side: Side | None = getattr(bare, finding.provenance)
    return (
        side.amount
        if side is not None and side.amount is not None
        else build_amount(finding.value, finding.drifts)
    )


def _build_bare_assessment(
    context: AssessmentContext, indicator: Indicator, measured: Measured, drifts: Sequence[Fraction]
) -> Assessment:
    """The assessment with what was measured, before the verdict."""
    return Assessment(
        id=indicator.id,
        day=context.day,
        unit=indicator.unit,
        kind=indicator.reads_as,
        target=float(indicator.target),
        baseline=None if indicator.baseline is None else float(indicator.baseline),
        status=Status.UNKNOWN,
        why=Cause(Code.NOT_JUDGED),
        live=build_side(measured.live),
        official=build_side(measured.official),
        nowcast=build_side(measured.nowcast, drifts),
    )


def format_exact(amount: Fraction) -> str:
    """A whole number or a decimal of at most 18 places where that is exact, else a fraction such as 2/3."""
    for places in range(_MOST_PLACES + 1):
        if 10**places % amount.denominator == 0:
            digits = amount.numerator * (10**places // amount.denominator)
            return f"{Decimal(digits).scaleb(-places):f}"
    return f"{amount.numerator}/{amount.denominator}"


def build_side(value: Value | Absent | None, drifts: Sequence[Fraction] = ()) -> Side | None:
    """The result of one way of measuring; None where the indicator is not measured that way."""
    if value is None:
        return None
    return Side(None, value) if isinstance(value, Absent) else Side(build_amount(value, drifts), None)


def build_amount(value: Value, drifts: Sequence[Fraction] = ()) -> Amount:
    """The value as it is shown; `drifts` are those of a nowcast, newest first."""
    origin = value.origin
    shown = Amount(
        exact=format_exact(value.amount),
        value=float(value.amount),
        first=origin.span.first,
        last=origin.span.last,
        computed_from=origin.computed_from,
        families=origin.families,
        begins=origin.begins,
        sample=_build_sample(value) if isinstance(value, Quotient) else None,
    )
    if isinstance(value, OfficialValue):
        periods = tuple(figure.data.period for figure in value.figures)
        return replace(shown, vintage=value.vintage, published=value.published, periods=periods)
    if isinstance(value, Nowcast):
        drift, previous, *_ = (*map(float, drifts), None, None)
        calibration = float(value.calibration)
        return replace(
            shown, periods=value.months, calibration=calibration, drift=drift, previous_drift=previous
        )
    return shown


def _build_sample(value: Quotient) -> Sample:
    low, high = value.interval or (None, None)
    return Sample(value.n, value.minimum, low, high)
