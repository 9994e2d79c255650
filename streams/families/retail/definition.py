"""Sales by place and category."""

from tidemark.streams.contracts.definition import ONE, Addition, Additions, Definition, sums
from tidemark.streams.contracts.family import MINUTE, SUBJECT
from tidemark.streams.contracts.text import Text

from . import RETAIL_SALES, SalesReported

DEFINITION = Definition(
    name=Text("零售", "Retail"),
    label=Text("零售", "retail"),
    stale_after_ms=30 * MINUTE,
    stale_alert=True,
    adds=(
        Additions(
            SalesReported,
            (
                Addition(
                    RETAIL_SALES,
                    (SUBJECT, "category"),
                    ("orders", "gross_fen", "returned_fen", "online_fen", ONE),
                ),
            ),
        ),
    ),
    exports=sums(
        RETAIL_SALES,
        ("tidemark_retail_orders", "orders", "Retail orders reported"),
        ("tidemark_retail_gross_yuan", "gross_fen", "Retail sales before returns"),
        ("tidemark_retail_returned_yuan", "returned_fen", "Retail sales that were returned"),
        ("tidemark_retail_online_yuan", "online_fen", "Part of the gross sales ordered online"),
    ),
)
