"""Contributions of facts that count one by one, derived from the definitions of the measures, and the running
sums of one partition."""

from collections.abc import Iterator
from typing import Any, NamedTuple

from tidemark.streams.contracts.civil import Civil, Grain, millis
from tidemark.streams.contracts.family import Measure
from tidemark.streams.contracts.payload import Payload
from tidemark.streams.families import circular, footfall, payment, port, retail, service_trade, trade
from tidemark.streams.families.circular import CIRCULAR_STAGE, CIRCULAR_TURNOVER
from tidemark.streams.families.footfall import FOOTFALL_DEBUT, FOOTFALL_PLACE, FOOTFALL_SENSOR
from tidemark.streams.families.payment import PAYMENT_AUTHORISATION_TIME, PAYMENT_INBOUND
from tidemark.streams.families.port import PORT_CROSSINGS
from tidemark.streams.families.retail import RETAIL_SALES
from tidemark.streams.families.service_trade import SERVICE_TRADE_VALUE
from tidemark.streams.families.table import MEASURES
from tidemark.streams.families.trade import TRADE_CHAPTER, TRADE_RELEASED, TRADE_STATUS

from .planned import Fact


class Portion(NamedTuple):
    """What a fact adds, and the instant that determines its periods."""

    measure: Measure
    dimensions: tuple[str, ...]
    at_ms: int
    vector: tuple[int, ...]


Dated = tuple[Measure, int, tuple[str, ...]]
"""A measure, a period (of the grain that the sums are stored by) and the dimensions."""

_ROLL_AT = 50_000
_FIRST = -(2**62)
_GRAINS = {measure: tuple(kept.grain.value for kept in measure.retentions) for measure in MEASURES}


class Sums:
    """Sums of portions, gathered by their periods and added to the totals of each grain by `roll`."""

    def __init__(self, civil: Civil) -> None:
        self._civil = civil
        self._fresh: dict[tuple[Measure, tuple[str, ...], tuple[int, ...]], list[int]] = {}
        self._totals: tuple[dict[Dated, list[int]], ...] = tuple({} for _ in Grain)
        self._pruned_month = 0

    def add(self, portion: Portion, sign: int, watermark_ms: int) -> None:
        """Add a portion (`sign` 1), or subtract it (-1)."""
        measure, dimensions, at_ms, vector = portion
        periods = self._civil.periods(at_ms)
        key = (measure, dimensions, tuple([periods[grain] for grain in _GRAINS[measure]]))
        sums = self._fresh.get(key)
        if sums is None:
            self._fresh[key] = [sign * number for number in vector]
            if len(self._fresh) > _ROLL_AT:
                self.roll(watermark_ms)
            return
        for index, number in enumerate(vector):
            sums[index] += sign * number

    def roll(self, watermark_ms: int) -> None:
        """Add the gathered sums to the totals of all their grains, and drop periods past their retention."""
        for (measure, dimensions, periods), vector in self._fresh.items():
            for grain, period in zip(_GRAINS[measure], periods, strict=True):
                totals, key = self._totals[grain], (measure, period, dimensions)
                total = totals.get(key)
                if total is None:
                    totals[key] = vector.copy()
                else:
                    for index, number in enumerate(vector):
                        total[index] += number
        self._fresh.clear()
        self._prune(Grain.MINUTE, watermark_ms)
        month = self._civil.periods(watermark_ms)[Grain.MONTH]
        if month != self._pruned_month:
            self._pruned_month = month
            for grain in (Grain.QUARTER, Grain.DAY):
                self._prune(grain, watermark_ms)

    def list_current(self, watermark_ms: int) -> Iterator[tuple[Grain, Dated, list[int]]]:
        """Every sum whose period has not passed its retention."""
        self.roll(watermark_ms)
        for grain in Grain:
            oldest = self._find_oldest(grain, watermark_ms)
            for dated, vector in self._totals[grain].items():
                if dated[1] >= oldest[dated[0]]:
                    yield grain, dated, vector

    def _prune(self, grain: Grain, watermark_ms: int) -> None:
        oldest = self._find_oldest(grain, watermark_ms)
        totals = self._totals[grain]
        for dated in [dated for dated in totals if dated[1] < oldest[dated[0]]]:
            del totals[dated]

    def _find_oldest(self, grain: Grain, watermark_ms: int) -> dict[Measure, int]:
        """By measure, the oldest period of the grain within its retention."""
        return {
            measure: _FIRST
            if kept.keep_ms is None
            else self._civil.periods(watermark_ms - kept.keep_ms)[grain]
            for measure in MEASURES
            for kept in measure.retentions
            if kept.grain is grain
        }


def _footfall(place: str, at: int, p: footfall.FootfallCounted) -> list[Portion]:
    visits = (p.entered, p.exited, 1, p.window_s)
    sensor = (place, p.sensor_id)
    added = [Portion(FOOTFALL_PLACE, (place,), at, visits), Portion(FOOTFALL_SENSOR, sensor, at, visits)]
    if place.startswith("debut."):
        added.append(Portion(FOOTFALL_DEBUT, sensor, at, visits))
    return added


def _port(place: str, at: int, p: port.CrossingsCounted) -> list[Portion]:
    return [Portion(PORT_CROSSINGS, (place, p.direction, p.group), at, (p.persons, 1, int(p.suppressed)))]


def _payment(place: str, at: int, p: payment.InboundSettled) -> list[Portion]:
    numbers = (p.attempts, p.approved, p.failed_technical, p.failed_issuer, p.amount_fen, 1)
    added = [Portion(PAYMENT_INBOUND, (place, p.scheme, p.merchant_group), at, numbers)]
    if p.auth_ms_histogram:
        added.append(Portion(PAYMENT_AUTHORISATION_TIME, (place, p.scheme), at, p.auth_ms_histogram))
    return added


def _retail(place: str, at: int, p: retail.SalesReported) -> list[Portion]:
    numbers = (p.orders, p.gross_fen, p.returned_fen, p.online_fen, 1)
    return [Portion(RETAIL_SALES, (place, p.category), at, numbers)]


def _trade(_place: str, at: int, p: trade.DeclarationChanged) -> list[Portion]:
    declaration = (1, p.value_fen, p.parcels)
    added = [Portion(TRADE_STATUS, (p.mode, p.status), at, declaration)]
    if p.status == "released":
        through = declaration
    elif p.status in ("cancelled", "returned") and p.previous == "released":
        through = (-1, -p.value_fen, -p.parcels)
    else:
        return added
    added.append(Portion(TRADE_RELEASED, (p.mode, p.direction, p.partner_group), at, through))
    added.append(Portion(TRADE_CHAPTER, (p.direction, p.hs6[:2]), at, through))
    return added


def _service_trade(_place: str, at: int, p: service_trade.ServiceTradeReported) -> list[Portion]:
    dimensions = (p.direction, p.ebops_code, p.counterpart_region)
    return [Portion(SERVICE_TRADE_VALUE, dimensions, at, (1, p.amount_usd_cents))]


def _circular(_place: str, at: int, p: circular.LotChanged) -> list[Portion]:
    lot = (1, p.quantity, p.amount_fen)
    added = [Portion(CIRCULAR_STAGE, (p.device_class, p.stage), at, lot)]
    sold = (p.device_class, p.channel)
    if p.stage == "sold":
        added.append(Portion(CIRCULAR_TURNOVER, sold, at, lot))
    elif p.stage == "reversed" and p.previous == "sold":
        added.append(Portion(CIRCULAR_TURNOVER, sold, at, (-1, -p.quantity, -p.amount_fen)))
    return added


_BY_PAYLOAD: dict[type[Payload], Any] = {
    footfall.FootfallCounted: _footfall,
    port.CrossingsCounted: _port,
    payment.InboundSettled: _payment,
    retail.SalesReported: _retail,
    trade.DeclarationChanged: _trade,
    service_trade.ServiceTradeReported: _service_trade,
    circular.LotChanged: _circular,
}


def moment_ms(fact: Fact, payload: Any, civil: Civil) -> int:
    """The instant that determines the periods: the window's start, the reported month or the event's time."""
    if fact.kind.windowed:
        return millis(payload.window_start)
    if isinstance(payload, service_trade.ServiceTradeReported):
        return civil.month_of(payload.period)
    return fact.time_ms


def list_portions(fact: Fact, payload: Any, civil: Civil) -> list[Portion]:
    """The portions of one payload of a fact."""
    added: list[Portion] = _BY_PAYLOAD[type(payload)](fact.subject, moment_ms(fact, payload, civil), payload)
    return added
