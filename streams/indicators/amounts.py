"""Values as they are shown: exact in words, and with all that is known of them."""

from collections.abc import Sequence
from decimal import Decimal
from fractions import Fraction

from msgspec.structs import replace

from .assessment import Amount, Sample, Side, Why
from .nowcast import Nowcast
from .official import OfficialValue
from .values import Absent, Quotient, Value

_MOST_PLACES = 18


def exact(amount: Fraction) -> str:
    """A whole number or decimal where there is one of at most 18 places, else a fraction such as 2/3."""
    for places in range(_MOST_PLACES + 1):
        if 10**places % amount.denominator == 0:
            digits = amount.numerator * (10**places // amount.denominator)
            return f"{Decimal(digits).scaleb(-places):f}"
    return f"{amount.numerator}/{amount.denominator}"


def why(absent: Absent) -> Why:
    """The reason as it is shown."""
    return Why(absent.reason.value, absent.zh, absent.en)


def side(found: Value | Absent | None, drifts: Sequence[Fraction] = ()) -> Side | None:
    """What a way of measuring says; None where it is not measured that way."""
    if found is None:
        return None
    return Side(None, why(found)) if isinstance(found, Absent) else Side(amount(found, drifts), None)


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
