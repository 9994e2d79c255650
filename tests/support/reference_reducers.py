"""The contributions of the families without entities, written as functions.

The declarations of `tidemark.streams.families` are compared with these functions.
"""

from collections.abc import Callable
from typing import Any, NamedTuple

from tidemark.streams.contracts.civil import Civil, Periods, millis
from tidemark.streams.contracts.facts import Contribution
from tidemark.streams.families.circular import CIRCULAR_STAGE, CIRCULAR_TURNOVER, LotChanged
from tidemark.streams.families.footfall import (
    FOOTFALL_DEBUT,
    FOOTFALL_PLACE,
    FOOTFALL_SENSOR,
    FootfallCounted,
)
from tidemark.streams.families.payment import PAYMENT_AUTHORISATION_TIME, PAYMENT_INBOUND, InboundSettled
from tidemark.streams.families.port import PORT_CROSSINGS, CrossingsCounted
from tidemark.streams.families.retail import RETAIL_SALES, SalesReported
from tidemark.streams.families.service_trade import SERVICE_TRADE_VALUE, ServiceTradeReported
from tidemark.streams.families.trade import TRADE_CHAPTER, TRADE_RELEASED, TRADE_STATUS, DeclarationChanged


class Reference(NamedTuple):
    """The contributions of a payload, and the instant that determines their periods."""

    contributions: Callable[[Any, str, Periods], tuple[Contribution, ...]]
    event_time_ms: Callable[[Any, int, Civil], int]


def _time_of_event(_payload: Any, time_ms: int, _civil: Civil) -> int:
    return time_ms


def _start_of_window(payload: Any, _time_ms: int, _civil: Civil) -> int:
    return millis(payload.window_start)


def _port(counted: CrossingsCounted, port: str, when: Periods) -> tuple[Contribution, ...]:
    dimensions = (port, counted.direction, counted.group)
    return ((PORT_CROSSINGS, when, dimensions, (counted.persons, 1, int(counted.suppressed))),)


def _payment(settled: InboundSettled, place: str, when: Periods) -> tuple[Contribution, ...]:
    vector = (
        settled.attempts,
        settled.approved,
        settled.failed_technical,
        settled.failed_issuer,
        settled.amount_fen,
        1,
    )
    inbound = (PAYMENT_INBOUND, when, (place, settled.scheme, settled.merchant_group), vector)
    if not settled.auth_ms_histogram:
        return (inbound,)
    clock = (PAYMENT_AUTHORISATION_TIME, when, (place, settled.scheme), settled.auth_ms_histogram)
    return inbound, clock


def _retail(sales: SalesReported, place: str, when: Periods) -> tuple[Contribution, ...]:
    vector = (sales.orders, sales.gross_fen, sales.returned_fen, sales.online_fen, 1)
    return ((RETAIL_SALES, when, (place, sales.category), vector),)


def _footfall(counted: FootfallCounted, place: str, when: Periods) -> tuple[Contribution, ...]:
    visits = (counted.entered, counted.exited, 1, counted.window_s)
    at_sensor = (place, counted.sensor_id)
    of_place = (FOOTFALL_PLACE, when, (place,), visits)
    of_sensor = (FOOTFALL_SENSOR, when, at_sensor, visits)
    if place.startswith("debut."):
        return of_place, of_sensor, (FOOTFALL_DEBUT, when, at_sensor, visits)
    return of_place, of_sensor


def _trade(declared: DeclarationChanged, _subject: str, when: Periods) -> tuple[Contribution, ...]:
    vector = (1, declared.value_fen, declared.parcels)
    reached = (TRADE_STATUS, when, (declared.mode, declared.status), vector)
    if declared.status == "accepted":
        return (reached,)
    if declared.status != "released":
        if declared.previous != "released":
            return (reached,)
        vector = (-1, -declared.value_fen, -declared.parcels)
    released = (declared.mode, declared.direction, declared.partner_group)
    chapter = (declared.direction, declared.hs6[:2])
    return reached, (TRADE_RELEASED, when, released, vector), (TRADE_CHAPTER, when, chapter, vector)


def _service_trade(report: ServiceTradeReported, _subject: str, when: Periods) -> tuple[Contribution, ...]:
    dimensions = (report.direction, report.ebops_code, report.counterpart_region)
    return ((SERVICE_TRADE_VALUE, when, dimensions, (1, report.amount_usd_cents)),)


def _reported_month(report: ServiceTradeReported, _time_ms: int, civil: Civil) -> int:
    return civil.month_of(report.period)


def _circular(lot: LotChanged, _subject: str, when: Periods) -> tuple[Contribution, ...]:
    vector = (1, lot.quantity, lot.amount_fen)
    reached = (CIRCULAR_STAGE, when, (lot.device_class, lot.stage), vector)
    if lot.stage == "reversed" and lot.previous == "sold":
        vector = (-1, -lot.quantity, -lot.amount_fen)
    elif lot.stage != "sold":
        return (reached,)
    return reached, (CIRCULAR_TURNOVER, when, (lot.device_class, lot.channel), vector)


REFERENCES: dict[str, Reference] = {
    "port.crossings_counted": Reference(_port, _start_of_window),
    "payment.inbound_settled": Reference(_payment, _start_of_window),
    "retail.sales_reported": Reference(_retail, _start_of_window),
    "footfall.counted": Reference(_footfall, _start_of_window),
    "trade.declaration_changed": Reference(_trade, _time_of_event),
    "service_trade.reported": Reference(_service_trade, _reported_month),
    "circular.lot_changed": Reference(_circular, _time_of_event),
}
