"""Targets of trade: goods, cross-border e-commerce, an export cluster, services, second-hand devices."""

from fractions import Fraction
from typing import Annotated

from msgspec import Meta

from tidemark.streams.families.trade import TRADE_CHAPTER, TRADE_RELEASED
from tidemark.streams.indicators.reading.reading import Reading
from tidemark.streams.indicators.values.spans import Span
from tidemark.streams.indicators.values.value import Value, return_absent
from tidemark.streams.view.totals import Total

from .formula import NAMED, PER_100M, Formula, MoneyFlow, build_flow_origin, sum_flow

Chapter = Annotated[str, Meta(pattern="^[0-9]{2}$")]

_GOODS = Total("goods_trade", "fen", TRADE_RELEASED, {"value_fen": 1})
_EXPORTS = Total("exports", "fen", TRADE_CHAPTER, {"value_fen": 1}, {"direction": frozenset({"export"})})


class GoodsTrade(MoneyFlow, frozen=True, tag="goods_trade"):
    """Σ value of declarations of every mode and direction, released − (cancelled or returned
    after release), in CNY_100m."""

    family = "trade"
    total = _GOODS


class CrossBorderEcommerce(MoneyFlow, frozen=True, tag="cross_border_ecommerce"):
    """Σ value by mode 9610 + 9710 + 9810 + 1210, released − (cancelled or returned after
    release) (cross-border e-commerce), in CNY_100m."""

    family = "trade"
    total = NAMED["cross_border_ecommerce"]


class ExportsOfChapters(Formula, frozen=True, tag="exports_of_chapters"):
    """Σ value of exports of chapters of the Harmonized System, released − (cancelled or returned after
    release), in CNY_100m."""

    family = "trade"
    chapters: Annotated[tuple[Chapter, ...], Meta(min_length=1)]

    @return_absent
    def value(self, reading: Reading, span: Span) -> Value:
        """Absent without declarations in the span."""
        fen = sum_flow(reading, _EXPORTS, span, {"chapter": frozenset(self.chapters)})
        origin = build_flow_origin(reading, _EXPORTS, span, f"chapter {', '.join(self.chapters)}")
        return Value(Fraction(fen, PER_100M), "CNY_100m", origin)


class ServiceTrade(MoneyFlow, frozen=True, tag="service_trade"):
    """Σ amount of the months reported for, both directions, in USD_100m. Held by whole months."""

    family = "service_trade"
    total = NAMED["service_trade"]
    unit = "USD_100m"


class CircularTurnover(MoneyFlow, frozen=True, tag="circular_turnover"):
    """Σ sold − (reversed after sold) (circular turnover), in CNY_100m."""

    family = "circular"
    total = NAMED["circular_turnover"]
