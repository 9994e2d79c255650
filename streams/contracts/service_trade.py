"""Service trade: what banks and enterprises report of services sold and bought abroad."""

from typing import Annotated, Literal

from msgspec import Meta

from .family import DAY, EventType, Family, Payload
from .fields import Code, Token, UsdCents

MONTH_PATTERN = "^(19|20|21)[0-9]{2}-(0[1-9]|1[0-2])$"


class ServiceTradeReported(Payload, frozen=True):
    """One report; it belongs to the month in `period` (2026-08), whenever it arrives."""

    report_id: Token
    ebops_code: Code
    direction: Literal["import", "export"]
    amount_usd_cents: UsdCents
    counterpart_region: Code
    period: Annotated[str, Meta(pattern=MONTH_PATTERN)]
    firm_token: Token


FAMILY = Family(
    name="service_trade",
    types=(
        EventType(
            name="service_trade.reported",
            payload=ServiceTradeReported,
            key=lambda _subject, data: data.report_id,
            meaning="Services sold to or bought from abroad, as a bank or firm reported them",
        ),
    ),
    lateness_ms=45 * DAY,
)
