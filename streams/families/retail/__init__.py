"""Retail: sales of a place and category, as malls and invoice platforms report them."""

from typing import ClassVar

from tidemark.streams.contracts.family import (
    INTRADAY,
    MINUTE,
    SUBJECT,
    EventType,
    Family,
    Measure,
    by,
    counts,
    fen,
)
from tidemark.streams.contracts.payload import AtMost, Code, Count, Fen, Instant, Payload, Rule, WindowSeconds


class SalesReported(Payload, frozen=True):
    """Sales in a window. `merchants_reporting` and `merchants_expected` apply to the window and
    are never summed; `online_fen` is the part of `gross_fen` that was ordered online."""

    window_start: Instant
    """Start of the counting window; decides the period."""
    window_s: WindowSeconds
    category: Code
    """Category of goods, from the reporting platform's list; part of the partition key."""
    orders: Count
    """Orders."""
    gross_fen: Fen
    """Sales before returns."""
    returned_fen: Fen
    """Returns booked in the window."""
    merchants_reporting: Count
    """Merchants that reported; not added up over windows."""
    merchants_expected: Count
    """Merchants that should have reported; not added up over windows."""
    online_fen: Fen = 0
    """The part of `gross_fen` that was ordered online."""

    rules: ClassVar[tuple[Rule, ...]] = (
        AtMost(("online_fen",), "gross_fen", "online_fen: more than gross_fen; it is a part of it"),
    )


RETAIL_SALES = Measure(
    "retail.sales",
    (*counts("orders"), *fen("gross_fen", "returned_fen", "online_fen"), *counts("windows")),
    by("place", "category"),
    INTRADAY,
    "Sales as malls and invoice platforms report them",
)

FAMILY = Family(
    name="retail",
    types=(
        EventType(
            name="retail.sales_reported",
            payload=SalesReported,
            keyed_by=(SUBJECT, "category"),
            meaning="Sales of a place and category during a window",
        ),
    ),
    lateness_ms=15 * MINUTE,
    measures=(RETAIL_SALES,),
)
