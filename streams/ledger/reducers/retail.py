"""Sales by place and category."""

from tidemark.streams.contracts.civil import Periods
from tidemark.streams.contracts.measures import RETAIL_SALES
from tidemark.streams.contracts.retail import SalesReported
from tidemark.streams.ledger.contribution import Contribution

from .reducer import AdditiveReducer, start_of_window


def _contributions(sales: SalesReported, place: str, when: Periods) -> tuple[Contribution, ...]:
    vector = (sales.orders, sales.gross_fen, sales.returned_fen, sales.online_fen, 1)
    return ((RETAIL_SALES, when, (place, sales.category), vector),)


REDUCER = AdditiveReducer(_contributions, start_of_window)
