"""The values of an indicator on a day: live, official and nowcast, side by side; and its growth on the year
before."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from functools import cache
from typing import Literal

from tidemark.streams.indicators.formulas import Live
from tidemark.streams.indicators.formulas.retail import RetailSales
from tidemark.streams.indicators.official.figures import Figures
from tidemark.streams.indicators.official.nowcast import LiveMonth, Nowcast, compute_nowcast
from tidemark.streams.indicators.official.series import (
    ANY_BASIS,
    OfficialValue,
    Series,
    read_since_plan,
    read_standing,
    read_year,
)
from tidemark.streams.indicators.reading.reading import Reading
from tidemark.streams.indicators.targets.catalogue import Authority, Indicator
from tidemark.streams.indicators.values.cause import Code
from tidemark.streams.indicators.values.spans import Span, stock_at, year_before, year_to_date
from tidemark.streams.indicators.values.spans import since_plan as days_since_plan
from tidemark.streams.indicators.values.value import (
    Absent,
    NoValue,
    Origin,
    Value,
    require_value,
    return_absent,
)

Provenance = Literal["official", "nowcast", "live"]

_UNDECLARED = Absent(Code.UNDECLARED)


@dataclass(frozen=True)
class Measured:
    """The values of an indicator; None where it is not measured that way.

    Official figures are as known on the requested day, live values as known now.
    """

    authority: Authority
    official: OfficialValue | Absent | None
    nowcast: Nowcast | Absent | None
    live: Value | Absent | None

    @property
    def counting(self) -> tuple[Provenance, Value] | Absent:
        """The value that counts: the authority's; where it has none, the nowcast, then the other side's; or
        why there is none."""
        order: list[Provenance] = ["official", "nowcast", "live"]
        if self.authority == "live":
            order.reverse()
        absences: list[Absent] = []
        for provenance in order:
            value: Value | Absent | None = getattr(self, provenance)
            if isinstance(value, Value):
                return provenance, value
            if value is not None:
                absences.append(value)
        return absences[0]


def measure_indicator(indicator: Indicator, reading: Reading, figures: Figures, day: date) -> Measured:
    """The values of the indicator on a day, with figures as known then (`Figures.as_of`)."""
    if indicator.reads_as == "ambiguous":
        return Measured(indicator.authority, None, None, _UNDECLARED)
    live = None if indicator.live is None else indicator.live.value(reading, choose_span(indicator, day))
    series = Series(figures, indicator.id, indicator.unit)
    official = _read_official(indicator, series, day) if indicator.official else None
    calibrated = None
    if live is not None and official is not None and isinstance(indicator.live, RetailSales):
        calibrated = compute_nowcast(live, series, cache_live_months(indicator.live, reading))
    return Measured(indicator.authority, official, calibrated, live)


def choose_span(indicator: Indicator, day: date) -> Span:
    """The span that a live value stands for: a year to date, the plan to date, or the day."""
    spans: dict[str, Callable[[date], Span]] = {
        "annual_flow": year_to_date,
        "ratio": year_to_date,
        "cumulative": days_since_plan,
    }
    return spans.get(indicator.reads_as, stock_at)(day)


def cache_live_months(live: Live, reading: Reading) -> LiveMonth:
    """The live value of a month, computed once for each month."""

    @cache
    def of_month(span: Span) -> Value | Absent:
        return live.value(reading, span)

    return of_month


def _read_official(indicator: Indicator, series: Series, day: date) -> OfficialValue | Absent:
    match indicator.reads_as:
        case "annual_flow":
            return read_year(series, day)
        case "cumulative":
            return read_since_plan(series, day)
        case "stock":
            return read_standing(series, day)
        case _:
            return read_standing(series, day, ANY_BASIS)


@return_absent
def compute_year_on_year(live: Live, reading: Reading, span: Span) -> Value:
    """Value ÷ value of the same days a year before − 1, in percent.

    Absent where either value is, where the facts begin later than the earlier span, and where the earlier
    value is not above 0.
    """
    now, before = (require_value(live.value(reading, of)) for of in (span, year_before(span)))
    if before.origin.begins is not None or before.amount <= 0:
        raise NoValue(Absent(Code.NOTHING_BEFORE, span=before.origin.span))
    words = f"{now.origin.computed_from} ÷ the same for {before.origin.span}"
    origin = Origin(span, words, now.origin.families, now.origin.begins)
    return Value(100 * (now.amount / before.amount - 1), "percent", origin)
