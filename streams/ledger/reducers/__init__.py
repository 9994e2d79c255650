"""The table of reducers. A new family of facts is one module here and one line below."""

from . import (
    activity,
    circular,
    footfall,
    official,
    payment,
    port,
    refund,
    registry,
    retail,
    service_trade,
    ticket,
    trade,
)
from .reducer import AdditiveReducer, EntityReducer, changes

ADDITIVE_REDUCERS: dict[str, AdditiveReducer] = {
    "port": port.REDUCER,
    "payment": payment.REDUCER,
    "retail": retail.REDUCER,
    "footfall": footfall.REDUCER,
    "trade": trade.REDUCER,
    "service_trade": service_trade.REDUCER,
    "circular": circular.REDUCER,
}

ENTITY_REDUCERS: dict[str, EntityReducer] = {
    "registry": registry.REDUCER,
    "refund": refund.REDUCER,
    "activity": activity.REDUCER,
    "ticket": ticket.REDUCER,
    "official": official.REDUCER,
}

__all__ = ["ADDITIVE_REDUCERS", "ENTITY_REDUCERS", "AdditiveReducer", "EntityReducer", "changes"]
