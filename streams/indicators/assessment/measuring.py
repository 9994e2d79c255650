"""The values of an indicator on a day: live, official and nowcast, side by side; and its growth in a year."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from functools import cache
from typing import Literal

from tidemark.streams.indicators.formulas import Live
from tidemark.streams.indicators.formulas.retail import RetailSales
from tidemark.streams.indicators.official.figures import Figures
from tidemark.streams.indicators.official.nowcast import LiveMonth, Nowcast, nowcast
from tidemark.streams.indicators.official.series import (
    ANY_BASIS,
    OfficialValue,
    Series,
    since_plan,
    standing,
    year,
)
from tidemark.streams.indicators.reading.reading import Reading
from tidemark.streams.indicators.targets.catalogue import Authority, Indicator
from tidemark.streams.indicators.values.cause import Code
from tidemark.streams.indicators.values.spans import Span, stock_at, year_before, year_to_date
from tidemark.streams.indicators.values.spans import since_plan as days_since_plan
from tidemark.streams.indicators.values.value import Absent, NoValue, Origin, Value, present, stated

Provenance = Literal["official", "nowcast", "live"]

_UNDECLARED = Absent(Code.UNDECLARED)


@dataclass(frozen=True)
class Measured:
    """What is known of an indicator; None where it is not measured that way.

    Official figures are as known on the day that was asked for, live values as known now.
    """

    authority: Authority
    official: OfficialValue | Absent | None
    nowcast: Nowcast | Absent | None
    live: Value | Absent | None

    @property
    def counts(self) -> tuple[Provenance, Value] | Absent:
        """The value that counts: the authority's, where it has none the other's, a nowcast
        before what it was made from; or why there is none."""
        order: list[Provenance] = ["official", "nowcast", "live"]
        if self.authority == "live":
            order.reverse()
        why: list[Absent] = []
        for provenance in order:
            found: Value | Absent | None = getattr(self, provenance)
            if isinstance(found, Value):
                return provenance, found
            if found is not None:
                why.append(found)
        return why[0]


def measure(indicator: Indicator, reading: Reading, figures: Figures, day: date) -> Measured:
    """The indicator on a day, from figures as known on a day (`Figures.as_of`)."""
    if indicator.reads_as == "ambiguous":
        return Measured(indicator.authority, None, None, _UNDECLARED)
    live = None if indicator.live is None else indicator.live.value(reading, span_of(indicator, day))
    series = Series(figures, indicator.id, indicator.unit)
    official = _official(indicator, series, day) if indicator.official else None
    calibrated = None
    if live is not None and official is not None and isinstance(indicator.live, RetailSales):
        calibrated = nowcast(live, series, live_months(indicator.live, reading))
    return Measured(indicator.authority, official, calibrated, live)


def span_of(indicator: Indicator, day: date) -> Span:
    """The span that a live value stands for: a year to date, the plan to date, or the day."""
    spans: dict[str, Callable[[date], Span]] = {
        "annual_flow": year_to_date,
        "ratio": year_to_date,
        "cumulative": days_since_plan,
    }
    return spans.get(indicator.reads_as, stock_at)(day)


def live_months(live: Live, reading: Reading) -> LiveMonth:
    """The live value of a month, worked out once for each."""

    @cache
    def of_month(span: Span) -> Value | Absent:
        return live.value(reading, span)

    return of_month


def _official(indicator: Indicator, series: Series, day: date) -> OfficialValue | Absent:
    match indicator.reads_as:
        case "annual_flow":
            return year(series, day)
        case "cumulative":
            return since_plan(series, day)
        case "stock":
            return standing(series, day)
        case _:
            return standing(series, day, ANY_BASIS)


@stated
def year_on_year(live: Live, reading: Reading, span: Span) -> Value:
    """Value ÷ value of the same days a year before − 1, in percent.

    Absent where either is, where the facts begin after the earlier span, and where that was 0.
    """
    now, before = (present(live.value(reading, of)) for of in (span, year_before(span)))
    if before.origin.begins is not None or before.amount <= 0:
        raise NoValue(Absent(Code.NOTHING_BEFORE, span=before.origin.span))
    words = f"{now.origin.computed_from} ÷ the same of {before.origin.span}"
    origin = Origin(span, words, now.origin.families, now.origin.begins)
    return Value(100 * (now.amount / before.amount - 1), "percent", origin)
