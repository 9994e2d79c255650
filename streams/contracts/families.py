"""The table of families. A new family is one module and one line here."""

from . import (
    activity,
    circular,
    crowd,
    footfall,
    official,
    payment,
    port,
    refund,
    registry,
    retail,
    sensor,
    service_trade,
    ticket,
    trade,
)
from .family import EventType, Family

FAMILIES: tuple[Family, ...] = (
    registry.FAMILY,
    refund.FAMILY,
    port.FAMILY,
    payment.FAMILY,
    retail.FAMILY,
    footfall.FAMILY,
    crowd.FAMILY,
    sensor.FAMILY,
    activity.FAMILY,
    ticket.FAMILY,
    trade.FAMILY,
    service_trade.FAMILY,
    circular.FAMILY,
    official.FAMILY,
)

EVENT_TYPES: tuple[EventType, ...] = tuple(kind for family in FAMILIES for kind in family.types)
TYPE_BY_NAME: dict[str, EventType] = {kind.type_name: kind for kind in EVENT_TYPES}
FAMILY_OF: dict[EventType, Family] = {kind: family for family in FAMILIES for kind in family.types}
