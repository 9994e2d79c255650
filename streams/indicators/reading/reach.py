"""What a view must hold for all indicators."""

from tidemark.streams.contracts.civil import Grain
from tidemark.streams.contracts.family import DAY, Measure
from tidemark.streams.families.circular import CIRCULAR_TURNOVER
from tidemark.streams.families.footfall import FOOTFALL_DEBUT, FOOTFALL_PLACE
from tidemark.streams.families.payment import PAYMENT_INBOUND
from tidemark.streams.families.refund import (
    REFUND_COHORT,
    REFUND_ISSUED,
    REFUND_SHOP,
)
from tidemark.streams.families.retail import RETAIL_SALES
from tidemark.streams.families.service_trade import SERVICE_TRADE_VALUE
from tidemark.streams.families.ticket import TICKET_ADMITTED, TICKET_MERCHANT
from tidemark.streams.families.trade import TRADE_CHAPTER, TRADE_RELEASED
from tidemark.streams.view.view import Reach

_FLOWS = (FOOTFALL_PLACE, RETAIL_SALES, TRADE_RELEASED, TRADE_CHAPTER, CIRCULAR_TURNOVER, REFUND_ISSUED)
_MONTHLY = (*_FLOWS, SERVICE_TRADE_VALUE, PAYMENT_INBOUND, REFUND_COHORT, TICKET_ADMITTED)
_ENTITIES = (REFUND_SHOP, TICKET_MERCHANT)
_PART_MONTH_MS = 62 * DAY
_RECENT_MS = 31 * DAY


def build_indicators_reach(part_month_ms: int | None = _PART_MONTH_MS) -> Reach:
    """What all indicators read: every month; flows by day, back `part_month_ms` (None: all) for spans that
    start or end within a month; shops and merchants by day, and debut spaces by quarter-hour, of the last 31
    days."""
    reach: dict[tuple[Measure, Grain], int | None] = dict.fromkeys(
        [(measure, Grain.MONTH) for measure in _MONTHLY]
    )
    reach |= dict.fromkeys([(measure, Grain.DAY) for measure in _ENTITIES], _RECENT_MS)
    reach |= dict.fromkeys([(measure, Grain.DAY) for measure in _FLOWS], part_month_ms)
    reach[FOOTFALL_DEBUT, Grain.QUARTER] = _RECENT_MS
    return reach
