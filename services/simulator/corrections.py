"""What a source says after it has looked again: one number of a payload is another."""

from decimal import Decimal
from random import Random
from typing import Any

import msgspec

from tidemark.streams.contracts.family import Payload
from tidemark.streams.families.activity import ActivityChanged
from tidemark.streams.families.circular import LotChanged
from tidemark.streams.families.footfall import FootfallCounted
from tidemark.streams.families.official import FigurePublished
from tidemark.streams.families.payment import InboundSettled
from tidemark.streams.families.port import CrossingsCounted
from tidemark.streams.families.refund import FormIssued, FormPreaudited, FormVerified, PayoutChanged
from tidemark.streams.families.registry import EntityChanged
from tidemark.streams.families.retail import SalesReported
from tidemark.streams.families.service_trade import ServiceTradeReported
from tidemark.streams.families.ticket import BenefitChanged, TicketAdmitted
from tidemark.streams.families.trade import DeclarationChanged

from .dice import between

_NUMBERS: dict[type[Payload], str] = {
    ActivityChanged: "expected_attendance",
    LotChanged: "amount_fen",
    FootfallCounted: "entered",
    InboundSettled: "amount_fen",
    CrossingsCounted: "persons",
    FormIssued: "invoice_fen",
    FormVerified: "queue_s",
    PayoutChanged: "amount_fen",
    EntityChanged: "area_m2",
    SalesReported: "gross_fen",
    ServiceTradeReported: "amount_usd_cents",
    BenefitChanged: "order_fen",
    TicketAdmitted: "face_value_fen",
    DeclarationChanged: "value_fen",
}
_WORDS: dict[type[Payload], tuple[str, tuple[str, ...]]] = {
    FormPreaudited: ("result", ("pass", "fail", "manual")),
    FormVerified: ("result", ("pass", "fail", "partial")),
    TicketAdmitted: ("result", ("admitted", "rejected", "re_entry")),
    BenefitChanged: ("benefit", ("discount", "points", "parking", "content")),
}
_WORD_SHARE = 0.4


def corrected(payload: Any, random: Random) -> Any:
    """The payload with another number, or another result; entity and place stay the same."""
    if isinstance(payload, FigurePublished):
        return msgspec.structs.replace(payload, value=_other_digit(payload.value, random))
    kind = type(payload)
    if kind not in _NUMBERS or (kind in _WORDS and random.random() < _WORD_SHARE):
        field, words = _WORDS[kind]
        others = [word for word in words if word != getattr(payload, field)]
        return msgspec.structs.replace(payload, **{field: others[between(random, 0, len(others))]})
    field = _NUMBERS[kind]
    number = (getattr(payload, field) or 0) + between(random, 1, 90)
    return msgspec.structs.replace(payload, **{field: number})


def _other_digit(value: str, random: Random) -> str:
    """The decimal number with 1 to 9 more in its last place."""
    places = len(value.partition(".")[2])
    return f"{Decimal(value) + Decimal(between(random, 1, 10)).scaleb(-places)}"
