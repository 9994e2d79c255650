"""Trade: customs declarations and the value of released goods."""

from typing import Annotated, ClassVar, Literal

from msgspec import Meta

from tidemark.streams.contracts.family import DAILY, DAY, EventType, Family, Measure, by, counts, fen
from tidemark.streams.contracts.payload import Code, Count, Depends, Differs, Fen, Payload, Rule, Token

Status = Literal["accepted", "released", "cancelled", "returned"]


class DeclarationChanged(Payload, frozen=True):
    """A declaration reached a status. `previous` is the status before, sent because there are too
    many declarations to remember; only a first status has none."""

    declaration_token: Token
    """The declaration, as a token assigned by the data holder; the partition key."""
    mode: Literal["9610", "9710", "9810", "1210", "0110", "other"]
    """Customs supervision mode; 9610, 9710, 9810 and 1210 are cross-border e-commerce."""
    direction: Literal["import", "export"]
    """Import or export."""
    hs6: Annotated[str, Meta(pattern="^[0-9]{6}$")]
    """Six-digit heading of the Harmonized System; the first two digits are the chapter."""
    partner_group: Code
    """Group of partner countries."""
    value_fen: Fen
    """Declared value."""
    parcels: Count
    """Parcels declared."""
    status: Status
    """The status reached; `released` adds the value, `cancelled` and `returned` subtract it again if the
    declaration had been released."""
    previous: Status | None = None
    """The status before; left out only with the first status."""

    rules: ClassVar[tuple[Rule, ...]] = (
        Depends(
            "previous",
            "status",
            "previous: required with status {status}; give the status before it",
            required=("cancelled", "returned"),
        ),
        Differs("previous", "status", "previous: is the status itself; give the one before it"),
    )


_DECLARED = (*counts("declarations"), *fen("value_fen"), *counts("parcels"))
TRADE_RELEASED = Measure(
    "trade.released",
    _DECLARED,
    by("mode", "direction", "partner_group"),
    DAILY,
    "Declarations released, less those cancelled or returned after release",
)
TRADE_CHAPTER = Measure(
    "trade.chapter",
    _DECLARED,
    by("direction", "chapter"),
    DAILY,
    "Declarations released, by chapter of the Harmonized System (first two digits)",
)
TRADE_STATUS = Measure(
    "trade.status", _DECLARED, by("mode", "status"), DAILY, "Declarations that reached a status"
)

FAMILY = Family(
    name="trade",
    types=(
        EventType(
            name="trade.declaration_changed",
            payload=DeclarationChanged,
            keyed_by=("declaration_token",),
            meaning="A customs declaration was accepted, released, cancelled or returned",
        ),
    ),
    lateness_ms=3 * DAY,
    measures=(TRADE_RELEASED, TRADE_CHAPTER, TRADE_STATUS),
)
