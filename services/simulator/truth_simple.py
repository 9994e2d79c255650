"""What each fact adds where facts add up one by one, from the definition of the measures."""

from typing import Any

from tidemark.streams.contracts.civil import Civil, millis
from tidemark.streams.contracts.family import EventType
from tidemark.streams.families import circular, footfall, payment, port, retail, service_trade, trade

from .planned import Fact
from .sums import Portion


def _footfall(place: str, at: int, p: footfall.FootfallCounted) -> list[Portion]:
    visits = (p.entered, p.exited, 1, p.window_s)
    sensor = (place, p.sensor_id)
    found = [
        Portion(footfall.FOOTFALL_PLACE, (place,), at, visits),
        Portion(footfall.FOOTFALL_SENSOR, sensor, at, visits),
    ]
    if place.startswith("debut."):
        found.append(Portion(footfall.FOOTFALL_DEBUT, sensor, at, visits))
    return found


def _port(place: str, at: int, p: port.CrossingsCounted) -> list[Portion]:
    return [
        Portion(port.PORT_CROSSINGS, (place, p.direction, p.group), at, (p.persons, 1, int(p.suppressed)))
    ]


def _payment(place: str, at: int, p: payment.InboundSettled) -> list[Portion]:
    numbers = (p.attempts, p.approved, p.failed_technical, p.failed_issuer, p.amount_fen, 1)
    found = [Portion(payment.PAYMENT_INBOUND, (place, p.scheme, p.merchant_group), at, numbers)]
    if p.auth_ms_histogram:
        found.append(Portion(payment.PAYMENT_AUTHORISATION_TIME, (place, p.scheme), at, p.auth_ms_histogram))
    return found


def _retail(place: str, at: int, p: retail.SalesReported) -> list[Portion]:
    numbers = (p.orders, p.gross_fen, p.returned_fen, p.online_fen, 1)
    return [Portion(retail.RETAIL_SALES, (place, p.category), at, numbers)]


def _trade(_place: str, at: int, p: trade.DeclarationChanged) -> list[Portion]:
    one = (1, p.value_fen, p.parcels)
    found = [Portion(trade.TRADE_STATUS, (p.mode, p.status), at, one)]
    if p.status == "released":
        through = one
    elif p.status in ("cancelled", "returned") and p.previous == "released":
        through = (-1, -p.value_fen, -p.parcels)
    else:
        return found
    found.append(Portion(trade.TRADE_RELEASED, (p.mode, p.direction, p.partner_group), at, through))
    found.append(Portion(trade.TRADE_CHAPTER, (p.direction, p.hs6[:2]), at, through))
    return found


def _service_trade(_place: str, at: int, p: service_trade.ServiceTradeReported) -> list[Portion]:
    dimensions = (p.direction, p.ebops_code, p.counterpart_region)
    return [Portion(service_trade.SERVICE_TRADE_VALUE, dimensions, at, (1, p.amount_usd_cents))]


def _circular(_place: str, at: int, p: circular.LotChanged) -> list[Portion]:
    lot = (1, p.quantity, p.amount_fen)
    found = [Portion(circular.CIRCULAR_STAGE, (p.device_class, p.stage), at, lot)]
    sold = (p.device_class, p.channel)
    if p.stage == "sold":
        found.append(Portion(circular.CIRCULAR_TURNOVER, sold, at, lot))
    elif p.stage == "reversed" and p.previous == "sold":
        found.append(Portion(circular.CIRCULAR_TURNOVER, sold, at, (-1, -p.quantity, -p.amount_fen)))
    return found


_BY_KIND: dict[EventType, Any] = {
    footfall.FAMILY.types[0]: _footfall,
    port.FAMILY.types[0]: _port,
    payment.FAMILY.types[0]: _payment,
    retail.FAMILY.types[0]: _retail,
    trade.FAMILY.types[0]: _trade,
    service_trade.FAMILY.types[0]: _service_trade,
    circular.FAMILY.types[0]: _circular,
}


def moment_ms(fact: Fact, payload: Any, civil: Civil) -> int:
    """What decides the periods: the window's start, the reported month, else the event's time."""
    if fact.kind.windowed:
        return millis(payload.window_start)
    if fact.kind is service_trade.FAMILY.types[0]:
        return civil.month_of(payload.period)
    return fact.time_ms


def portions(fact: Fact, payload: Any, civil: Civil) -> list[Portion]:
    """What one payload of a fact adds."""
    found: list[Portion] = _BY_KIND[fact.kind](fact.subject, moment_ms(fact, payload, civil), payload)
    return found
