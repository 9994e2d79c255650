"""Ticket: admissions to a venue, and what the stub is spent on elsewhere."""

from typing import Literal

from .family import DAY, HOUR, EventType, Family, Payload
from .fields import Fen, Token

Benefit = Literal["discount", "points", "parking", "content"]


class TicketAdmitted(Payload, frozen=True):
    """A gate read a ticket."""

    ticket_token: Token
    activity_id: Token
    gate_id: Token
    result: Literal["admitted", "rejected", "re_entry"]
    face_value_fen: Fen
    cross_city: bool = False


class BenefitChanged(Payload, frozen=True):
    """A benefit of the ticket stub moved one stage on; `order_fen` is the linked order."""

    ticket_token: Token
    benefit_id: Token
    activity_id: Token
    stage: Literal["claimed", "redeemed", "reversed", "expired"]
    benefit: Benefit
    merchant_id: Token | None = None
    order_fen: Fen = 0
    discount_fen: Fen = 0


def _ticket(_subject: str, data: TicketAdmitted | BenefitChanged) -> str:
    return data.ticket_token


FAMILY = Family(
    name="ticket",
    types=(
        EventType("ticket.admitted", TicketAdmitted, _ticket, "A gate read a ticket"),
        EventType("ticket.benefit_changed", BenefitChanged, _ticket, "A stub's benefit moved a stage on"),
    ),
    lateness_ms=2 * HOUR,
    lifetime_ms=30 * DAY,
)
