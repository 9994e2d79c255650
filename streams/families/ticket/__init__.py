"""Ticket: admissions to a venue, and the benefits of the ticket stub elsewhere."""

from typing import Literal

from tidemark.streams.contracts.family import (
    DAILY,
    DAY,
    ENTITY_DAYS,
    HOUR,
    INTRADAY,
    EventType,
    Family,
    Measure,
    by,
    counts,
    entity,
    fen,
)
from tidemark.streams.contracts.payload import Fen, Payload, Token

Benefit = Literal["discount", "points", "parking", "content"]


class TicketAdmitted(Payload, frozen=True):
    """A gate read a ticket."""

    ticket_token: Token
    """The ticket, as a token assigned by the data holder; the partition key."""
    activity_id: Token
    """The activity that the ticket is for."""
    gate_id: Token
    """The gate that read it."""
    result: Literal["admitted", "rejected", "re_entry"]
    """Outcome; only `admitted` counts as an admission."""
    face_value_fen: Fen
    """Price printed on the ticket; the base of the pull ratio."""
    cross_city: bool = False
    """Whether the buyer comes from another city."""


class BenefitChanged(Payload, frozen=True):
    """A benefit of the ticket stub reached a stage; `order_fen` is the value of the linked order."""

    ticket_token: Token
    """The ticket; the partition key."""
    benefit_id: Token
    """The benefit, one per ticket and offer."""
    activity_id: Token
    """The activity that the ticket is for."""
    stage: Literal["claimed", "redeemed", "reversed", "expired"]
    """The stage reached; only `redeemed` counts as used, `reversed` cancels it."""
    benefit: Benefit
    """Kind of benefit."""
    merchant_id: Token | None = None
    """The merchant that redeems it."""
    order_fen: Fen = 0
    """Value of the linked order; counts as linked spend from 2 days before to 7 days after the first
    admission."""
    discount_fen: Fen = 0
    """Discount granted on the linked order."""


_TICKET = ("ticket_token",)

TICKET_SCANS = Measure(
    "ticket.scans", counts("scans"), by("place", "result"), INTRADAY, "Tickets read at gates"
)
_STUBS = (
    *counts("tickets"),
    *fen("face_value_fen"),
    *counts("cross_city", "used", "converted"),
    *fen("linked_fen"),
)
TICKET_ADMITTED = Measure(
    "ticket.admitted",
    _STUBS,
    by("place"),
    DAILY,
    "Distinct tickets admitted, on the day of first admission; used: with a redeemed benefit; "
    "converted: with a paid order linked from 2 days before to 7 days after",
)
TICKET_ACTIVITY = Measure(
    "ticket.activity",
    _STUBS,
    (*by("place"), entity("activity")),
    ENTITY_DAYS,
    "Distinct tickets admitted, by activity",
)
TICKET_BENEFITS = Measure(
    "ticket.benefits",
    (*counts("benefits"), *fen("order_fen", "discount_fen")),
    by("place", "benefit", "stage"),
    INTRADAY,
    "Benefits of ticket stubs that reached a stage",
)
TICKET_MERCHANT = Measure(
    "ticket.merchant",
    (*counts("redemptions"), *fen("order_fen", "discount_fen")),
    (entity("merchant"),),
    ENTITY_DAYS,
    "Stub benefits redeemed at a merchant, less those reversed",
)

FAMILY = Family(
    name="ticket",
    types=(
        EventType("ticket.admitted", TicketAdmitted, _TICKET, "A gate read a ticket"),
        EventType(
            "ticket.benefit_changed", BenefitChanged, _TICKET, "A benefit of a ticket stub reached a stage"
        ),
    ),
    lateness_ms=2 * HOUR,
    inactivity_gap_ms=30 * DAY,
    measures=(TICKET_SCANS, TICKET_ADMITTED, TICKET_ACTIVITY, TICKET_BENEFITS, TICKET_MERCHANT),
)
