"""Service trade: services sold and bought abroad, as banks and enterprises report them."""

from typing import Annotated, Literal

from msgspec import Meta

from tidemark.streams.contracts.family import DAY, MONTHS, Component, EventType, Family, Measure, by, counts
from tidemark.streams.contracts.payload import Code, Payload, Token, UsdCents

MONTH_PATTERN = "^(19|20|21)[0-9]{2}-(0[1-9]|1[0-2])$"


class ServiceTradeReported(Payload, frozen=True):
    """One report; it belongs to the month in `period` (2026-08), whenever it arrives."""

    report_id: Token
    """The report; the partition key."""
    ebops_code: Code
    """Class of services (EBOPS 2010)."""
    direction: Literal["import", "export"]
    """Import or export."""
    amount_usd_cents: UsdCents
    """Amount reported."""
    counterpart_region: Code
    """Region of the counterpart."""
    period: Annotated[str, Meta(pattern=MONTH_PATTERN)]
    """The month reported for, which decides the period."""
    firm_token: Token
    """The reporting firm, as a token assigned by the data holder."""


SERVICE_TRADE_VALUE = Measure(
    "service_trade.value",
    (*counts("reports"), Component("amount_usd_cents", "usd_cents")),
    by("direction", "ebops_code", "counterpart_region"),
    (MONTHS,),
    "Services traded abroad, by the month they were reported for",
)

FAMILY = Family(
    name="service_trade",
    types=(
        EventType(
            name="service_trade.reported",
            payload=ServiceTradeReported,
            keyed_by=("report_id",),
            meaning="Services sold to or bought from abroad, as a bank or firm reported them",
        ),
    ),
    lateness_ms=45 * DAY,
    measures=(SERVICE_TRADE_VALUE,),
)
