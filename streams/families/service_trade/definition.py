"""Services traded abroad, in the month they were reported for."""

from tidemark.streams.contracts.definition import ONE, Addition, Additions, Definition, sums
from tidemark.streams.contracts.family import DAY
from tidemark.streams.contracts.text import Text

from . import SERVICE_TRADE_VALUE, ServiceTradeReported

DEFINITION = Definition(
    name=Text("服务贸易", "Service trade"),
    label=Text("服务贸易", "services"),
    stale_after_ms=7 * DAY,
    adds=(
        Additions(
            ServiceTradeReported,
            (
                Addition(
                    SERVICE_TRADE_VALUE,
                    ("direction", "ebops_code", "counterpart_region"),
                    (ONE, "amount_usd_cents"),
                ),
            ),
            month="period",
        ),
    ),
    exports=sums(
        SERVICE_TRADE_VALUE,
        (
            "tidemark_service_trade_reports",
            "reports",
            "Reports of services traded abroad, in the month they are for",
        ),
        (
            "tidemark_service_trade_amount_usd",
            "amount_usd_cents",
            "Services traded abroad in US dollars, in the month they are for",
        ),
    ),
)
