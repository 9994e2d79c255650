"""Circular economy: lots of second-hand devices from purchase to sale."""

from typing import ClassVar, Literal

from tidemark.streams.contracts.family import DAILY, DAY, EventType, Family, Measure, by, counts, fen
from tidemark.streams.contracts.payload import Code, Count, Depends, Differs, Fen, Payload, Rule, Token

Stage = Literal["acquired", "graded", "sold", "exported", "reversed"]


class LotChanged(Payload, frozen=True):
    """A lot reached a stage. `previous` is the stage before; only a first stage has none."""

    lot_id: Token
    """The lot; the partition key."""
    stage: Stage
    """The stage reached; `sold` adds the amount, `reversed` subtracts it again if the lot had been sold."""
    device_class: Code
    """Class of goods."""
    quantity: Count
    """Devices in the lot."""
    amount_fen: Fen
    """Amount of this stage."""
    channel: Literal["B2B", "B2C"]
    """Sold to firms or to consumers."""
    reverse_invoice: bool = False
    """Whether the buyer issued the invoice (反向开票)."""
    previous: Stage | None = None
    """The stage before; left out only with the first stage."""

    rules: ClassVar[tuple[Rule, ...]] = (
        Depends(
            "previous",
            "stage",
            "previous: required with stage {stage}; give the stage before it",
            required=("graded", "exported", "reversed"),
        ),
        Differs("previous", "stage", "previous: is the stage itself; give the one before it"),
    )


_LOTS = (*counts("lots", "quantity"), *fen("amount_fen"))
CIRCULAR_TURNOVER = Measure(
    "circular.turnover",
    _LOTS,
    by("device_class", "channel"),
    DAILY,
    "Second-hand lots sold, less those reversed after sale",
)
CIRCULAR_STAGE = Measure(
    "circular.stage", _LOTS, by("device_class", "stage"), DAILY, "Second-hand lots that reached a stage"
)

FAMILY = Family(
    name="circular",
    types=(
        EventType(
            name="circular.lot_changed",
            payload=LotChanged,
            keyed_by=("lot_id",),
            meaning="A lot of second-hand devices was acquired, graded, sold, exported or reversed",
        ),
    ),
    lateness_ms=7 * DAY,
    measures=(CIRCULAR_TURNOVER, CIRCULAR_STAGE),
)
