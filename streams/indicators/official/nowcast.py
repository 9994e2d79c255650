"""The nowcast: live sales calibrated against the last official figures, and its drift."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from typing import NamedTuple

from tidemark.streams.indicators.values.cause import Code
from tidemark.streams.indicators.values.spans import Span, month_span
from tidemark.streams.indicators.values.value import Absent, NoValue, Value, require_value, return_absent

from .figures import Figure
from .series import Series

CALIBRATION_MONTHS = 3
"""How many of the last months with an official figure are compared."""

LiveMonth = Callable[[Span], Value | Absent]
"""The live value of a month, in the unit of the official figures."""


class Drift(NamedTuple):
    """The nowcast of a month just before a vintage came out, against that vintage.

    `drift` is nowcast ÷ official − 1.
    """

    figure: Figure
    nowcast: Fraction
    drift: Fraction


@dataclass(frozen=True)
class Nowcast(Value):
    """A live value times a calibration. `live`: the value before; `months`: those of the calibration."""

    live: Value
    calibration: Fraction
    months: tuple[str, ...]


@return_absent
def compute_nowcast(live: Value | Absent, series: Series, live_month: LiveMonth) -> Nowcast:
    """The live value × calibration (retail nowcast).

    calibration = Σ official ÷ Σ live over the last months for which both are known. Official
    figures are as known in `series`, live values as known now.
    """
    value = require_value(live)
    calibration, months = _calibrate(series, live_month)
    return Nowcast(value.amount * calibration, value.unit, value.origin, value, calibration, months)


def compute_drifts(series: Series, live_month: LiveMonth) -> list[Drift]:
    """The drift of the nowcast at every vintage of a month, oldest first.

    Each nowcast is calibrated with figures of earlier months published before the vintage, so that no figure
    is compared with itself. Vintages without a calibration are left out.
    """
    drifts = []
    for figure in sorted(_list_monthly(series), key=lambda vintage: vintage.at):
        value = live_month(_get_month_span(figure))
        before = [
            vintage
            for vintage in _list_monthly(series)
            if vintage.at < figure.at and vintage.data.period < figure.data.period
        ]
        earlier = {vintage.data.period: vintage for vintage in sorted(before, key=lambda vintage: vintage.at)}
        calibration, _ = _compute_ratio(earlier, live_month)
        if isinstance(value, Value) and calibration is not None and figure.value:
            estimate = value.amount * calibration
            drifts.append(Drift(figure, estimate, estimate / Fraction(figure.value) - 1))
    return drifts


def _list_monthly(series: Series) -> list[Figure]:
    return [
        figure
        for figure in series.figures.of_indicator(series.indicator_id)
        if figure.data.basis == "month" and figure.data.unit == series.unit
    ]


def _calibrate(series: Series, live_month: LiveMonth) -> tuple[Fraction, tuple[str, ...]]:
    latest = {
        vintage.data.period: vintage
        for vintage in sorted(_list_monthly(series), key=lambda vintage: vintage.at)
    }
    calibration, months = _compute_ratio(latest, live_month)
    if calibration is None:
        raise NoValue(Absent(Code.NO_CALIBRATION, indicator=series.indicator_id))
    return calibration, months


def _compute_ratio(
    official: dict[str, Figure], live_month: LiveMonth
) -> tuple[Fraction | None, tuple[str, ...]]:
    """Σ official ÷ Σ live of the last months that have both, and these months."""
    months: list[str] = []
    published, live = Fraction(0), Fraction(0)
    for period in sorted(official, reverse=True):
        value = live_month(_get_month_span(official[period]))
        if isinstance(value, Value) and value.origin.begins is None and value.amount > 0:
            months.append(period)
            published += Fraction(official[period].value)
            live += value.amount
        if len(months) == CALIBRATION_MONTHS:
            break
    return (published / live if live else None), tuple(months)


def _get_month_span(figure: Figure) -> Span:
    ends: date = figure.ends
    return month_span(ends.year, ends.month)
