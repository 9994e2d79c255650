"""Retail: sales of a place and category, as malls and invoice platforms report them."""

from tidemark.streams.contracts.family import (
    INTRADAY,
    MINUTE,
    EventType,
    Family,
    Measure,
    Payload,
    by,
    counts,
    fen,
    require,
)
from tidemark.streams.contracts.fields import Code, Count, Fen, Instant, WindowSeconds


class SalesReported(Payload, frozen=True):
    """Sales in a window. `merchants_reporting` of `merchants_expected` is of the window,
    never summed; `online_fen` is the part of `gross_fen` that was ordered online."""

    window_start: Instant
    window_s: WindowSeconds
    category: Code
    orders: Count
    gross_fen: Fen
    returned_fen: Fen
    merchants_reporting: Count
    merchants_expected: Count
    online_fen: Fen = 0

    def __post_init__(self) -> None:
        require(self.online_fen <= self.gross_fen, "online_fen: more than gross_fen; it is a part of it")


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
            key=lambda subject, data: f"{subject}+{data.category}",
            meaning="Sales of a place and category during a window",
            windowed=True,
        ),
    ),
    lateness_ms=15 * MINUTE,
    measures=(RETAIL_SALES,),
)
