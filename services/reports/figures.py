"""The numbers of a target as cells, with as many decimals as its unit needs."""

from collections.abc import Mapping
from decimal import Decimal

from tidemark.streams.contracts.text import Text
from tidemark.streams.indicators.assessment.assessment import Assessment
from tidemark.streams.indicators.targets.catalogue import Indicator, Unit

from .cells import Cell, Number
from .report import Target
from .words import PROVENANCE, VINTAGE

_DECIMALS: Mapping[Unit, int] = {
    "CNY_100m": 1,
    "CNY_trn": 2,
    "USD_100m": 2,
    "m2": 2,
    "percent": 1,
    "times": 2,
}
_SIGNS = {">=": "≥ ", ">": "> ", "<=": "≤ "}
_DAYS_A_MONTH = 365.25 / 12


def format_value(target: Target) -> Cell:
    """The value used."""
    amount = target.now.amount
    return None if amount is None else Number(amount.value, _DECIMALS.get(target.indicator.unit, 0))


def format_computed(indicator: Indicator, number: float | None) -> Cell:
    """A computed number in the indicator's unit, such as the expected value; at least one decimal."""
    return None if number is None else Number(number, max(1, _DECIMALS.get(indicator.unit, 1)))


def format_level(indicator: Indicator, number: float | None) -> Cell:
    """The level that is compared with the target: of an annual flow a computed number, else the value."""
    if indicator.reads_as == "annual_flow" or number is None:
        return format_computed(indicator, number)
    return Number(number, _DECIMALS.get(indicator.unit, 0))


def format_goal(indicator: Indicator) -> Number:
    """The target as the plan writes it."""
    return _as_written(indicator.target, _SIGNS[indicator.op])


def format_baseline(indicator: Indicator) -> Cell:
    """The baseline as the plan writes it."""
    return None if indicator.baseline is None else _as_written(indicator.baseline)


def format_baseline_year(indicator: Indicator) -> Cell:
    """The year at whose end the baseline holds."""
    return None if indicator.baseline_year is None else str(indicator.baseline_year)


def format_share(ratio: float | None, signed: bool = False) -> Cell:
    """A ratio in percent."""
    return None if ratio is None else Number(ratio, 1, percent=True, signed=signed)


def format_count(number: int) -> Number:
    """A number of things."""
    return Number(number)


def format_days(number: float | None) -> Cell:
    """A number of days."""
    return None if number is None else Number(number)


def format_index(number: float | None) -> Cell:
    """A pace index; 1 is on the path."""
    return None if number is None else Number(number, 2)


def format_monthly(per_day: float | None) -> Cell:
    """A rate per day as a rate per month."""
    return None if per_day is None else Number(per_day * _DAYS_A_MONTH, 2)


def describe_source(assessed: Assessment) -> Cell:
    """The source of the value, and the last day that it covers."""
    amount = assessed.amount
    if amount is None or assessed.provenance is None:
        return None
    way = PROVENANCE[assessed.provenance]
    if amount.vintage is None:
        return Text(f"{way.zh}，至 {amount.last}", f"{way.en}, to {amount.last}")
    vintage = VINTAGE[amount.vintage]
    return Text(f"{way.zh}（{vintage.zh}），至 {amount.last}", f"{way.en} ({vintage.en}), to {amount.last}")


def _as_written(number: Decimal, before: str = "") -> Number:
    exponent = number.normalize().as_tuple().exponent
    return Number(float(number), max(0, -int(exponent)), before=before)
