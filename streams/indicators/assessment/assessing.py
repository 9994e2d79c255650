"""Assessing indicators: from the evidence on them to what is shown."""

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
from tidemark.streams.indicators.thresholds import limits
from tidemark.streams.indicators.values.cause import Cause, Code
from tidemark.streams.indicators.values.value import Absent, Quotient, Value

from .assessment import Amount, Assessment, Forecast, Sample, Side, Status
from .context import Scene
from .courses import course, forecast, no_history
from .evidence import Evidence, Found, gather
from .measuring import Measured
from .verdict import Case, verdict

_MOST_PLACES = 18
"""Decimals that an exact amount is written with at most."""


def assess_all(catalogue: Catalogue, reading: Reading, day: date, book: SeasonBook) -> list[Assessment]:
    """Every indicator on a day, in the catalogue's order.

    Official figures are those published by the day; live values are as the view holds them now.
    """
    scene = Scene.of(reading, day)
    return [assess(scene, one, gather(scene, one), book) for one in catalogue]


def assess(scene: Scene, indicator: Indicator, evidence: Evidence, book: SeasonBook) -> Assessment:
    """One indicator in a scene, from the evidence on it."""
    if isinstance(evidence.found, Absent):
        return _without_value(scene, indicator, evidence.measured, evidence.found)
    goal, found = indicator.goal, evidence.found
    bare = _bare(scene, indicator, evidence.measured, found.drifts)
    shown = _counting(bare, found)
    beside = course(scene, goal, found.value, found.history, book.seasons(indicator.id, found.history))
    ahead = forecast(goal, found.history)
    status, because = verdict(
        Case(
            goal=goal,
            limits=limits(indicator.id),
            authority=indicator.authority,
            day=scene.day,
            provenance=found.provenance,
            amount=shown,
            freshness=found.freshness,
            completeness=found.completeness,
            course=beside,
        )
    )
    return replace(
        bare,
        status=status,
        why=because,
        provenance=found.provenance,
        amount=shown,
        freshness=found.freshness,
        completeness=found.completeness,
        course=beside,
        forecast=ahead if isinstance(ahead, Forecast) else None,
        no_forecast=ahead if isinstance(ahead, Cause) else None,
    )


def _without_value(scene: Scene, indicator: Indicator, measured: Measured, absent: Absent) -> Assessment:
    status = Status.AMBIGUOUS if indicator.reads_as == "ambiguous" else Status.UNKNOWN
    bare = _bare(scene, indicator, measured, ())
    return replace(bare, status=status, why=absent, absent=absent, no_forecast=no_history(indicator.goal))


def _counting(bare: Assessment, found: Found) -> Amount:
    """The amount of the way that counts, as it stands among the others."""
    way: Side | None = getattr(bare, found.provenance)
    return way.amount if way is not None and way.amount is not None else amount(found.value, found.drifts)


def _bare(scene: Scene, indicator: Indicator, measured: Measured, drifts: Sequence[Fraction]) -> Assessment:
    """What was measured, not judged yet."""
    return Assessment(
        id=indicator.id,
        day=scene.day,
        unit=indicator.unit,
        kind=indicator.reads_as,
        target=float(indicator.target),
        baseline=None if indicator.baseline is None else float(indicator.baseline),
        status=Status.UNKNOWN,
        why=Cause(Code.NOT_JUDGED),
        live=side(measured.live),
        official=side(measured.official),
        nowcast=side(measured.nowcast, drifts),
    )


def exact(amount: Fraction) -> str:
    """A whole number or decimal where there is one of at most 18 places, else a fraction such as 2/3."""
    for places in range(_MOST_PLACES + 1):
        if 10**places % amount.denominator == 0:
            digits = amount.numerator * (10**places // amount.denominator)
            return f"{Decimal(digits).scaleb(-places):f}"
    return f"{amount.numerator}/{amount.denominator}"


def side(found: Value | Absent | None, drifts: Sequence[Fraction] = ()) -> Side | None:
    """What a way of measuring says; None where it is not measured that way."""
    if found is None:
        return None
    return Side(None, found) if isinstance(found, Absent) else Side(amount(found, drifts), None)


def amount(value: Value, drifts: Sequence[Fraction] = ()) -> Amount:
    """The value as it is shown; `drifts` are those of a nowcast, newest first."""
    origin = value.origin
    shown = Amount(
        exact=exact(value.amount),
        value=float(value.amount),
        first=origin.span.first,
        last=origin.span.last,
        computed_from=origin.computed_from,
        families=origin.families,
        begins=origin.begins,
        sample=_sample(value) if isinstance(value, Quotient) else None,
    )
    if isinstance(value, OfficialValue):
        periods = tuple(one.data.period for one in value.figures)
        return replace(shown, vintage=value.vintage, published=value.published, periods=periods)
    if isinstance(value, Nowcast):
        drift, previous, *_ = (*map(float, drifts), None, None)
        calibration = float(value.calibration)
        return replace(
            shown, periods=value.months, calibration=calibration, drift=drift, previous_drift=previous
        )
    return shown


def _sample(value: Quotient) -> Sample:
    low, high = value.interval or (None, None)
    return Sample(value.n, value.minimum, low, high)
