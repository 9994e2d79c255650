"""Sales by place and category."""

from tidemark.streams.contracts.civil import Periods
from tidemark.streams.contracts.contribution import Contribution
from tidemark.streams.contracts.reducer import AdditiveReducer, start_of_window
from tidemark.streams.families.retail import RETAIL_SALES, SalesReported


def _contributions(sales: SalesReported, place: str, when: Periods) -> tuple[Contribution, ...]:
    vector = (sales.orders, sales.gross_fen, sales.returned_fen, sales.online_fen, 1)
    return ((RETAIL_SALES, when, (place, sales.category), vector),)


REDUCER = AdditiveReducer(_contributions, start_of_window)
