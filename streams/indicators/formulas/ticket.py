"""The ticket economy: what admitted visitors spend their stubs on."""

from tidemark.streams.families.ticket import TICKET_ADMITTED, TICKET_MERCHANT
from tidemark.streams.indicators.reading.reading import Reading
from tidemark.streams.indicators.values.spans import Span, last_days
from tidemark.streams.indicators.values.value import (
    Quotient,
    Share,
    build_quotient,
    build_share,
    return_absent,
)

from .ratios import Ratio, divide_components

PARTICIPATION_DAYS = 30
"""A merchant takes part if it redeemed a stub within this many days."""


STUB_USE = Ratio(TICKET_ADMITTED, ("place",), divide_components(TICKET_ADMITTED, "used", "tickets"))
"""Distinct admitted tickets with a redemption ÷ admitted tickets (stub use rate), on the
day of the first admission."""

STUB_CONVERSION = Ratio(
    TICKET_ADMITTED, ("place",), divide_components(TICKET_ADMITTED, "converted", "tickets")
)
"""Distinct admitted tickets with a linked paid order from 2 days before to 7 days after the first
admission ÷ admitted tickets (secondary conversion)."""


@return_absent
def compute_pull_ratio(reading: Reading, span: Span) -> Quotient:
    """Linked spend ÷ ticket face value (pull ratio), in `times`. n: tickets."""
    tickets = reading.total(TICKET_ADMITTED, span)
    origin = reading.origin(TICKET_ADMITTED, span, "linked_fen ÷ face_value_fen")
    return build_quotient(
        tickets["linked_fen"], tickets["face_value_fen"], tickets["tickets"], "times", origin
    )


@return_absent
def compute_merchant_participation(reading: Reading) -> Share:
    """Merchants with a redemption, less those reversed, in 30 days ÷ enrolled merchants
    (merchant participation), in percent. Enrolled: active with capability `stub`."""
    span = last_days(reading.today, PARTICIPATION_DAYS)
    states = {
        merchant.entity_id: merchant.at(reading.today)
        for merchant in reading.registrations.get("merchant", [])
    }
    enrolled = {
        merchant
        for merchant, state in states.items()
        if state is not None and state.status == "active" and "stub" in state.capabilities
    }
    sums = reading.sums(TICKET_MERCHANT, span, ("merchant",))
    redeeming = {merchant for (merchant,), (redemptions, *_) in sums.items() if redemptions > 0}
    words = "merchants with redemptions ÷ registry records, active merchants with stub"
    return build_share(len(enrolled & redeeming), len(enrolled), reading.origin(TICKET_MERCHANT, span, words))
