"""Second-hand lots by stage, and turnover: sold, less reversed after sale."""

from tidemark.streams.contracts.circular import LotChanged
from tidemark.streams.contracts.civil import Periods
from tidemark.streams.contracts.measures import CIRCULAR_STAGE, CIRCULAR_TURNOVER
from tidemark.streams.ledger.contribution import Contribution

from .reducer import AdditiveReducer


def _contributions(lot: LotChanged, _subject: str, when: Periods) -> tuple[Contribution, ...]:
    vector = (1, lot.quantity, lot.amount_fen)
    reached = (CIRCULAR_STAGE, when, (lot.device_class, lot.stage), vector)
    if lot.stage == "reversed" and lot.previous == "sold":
        vector = (-1, -lot.quantity, -lot.amount_fen)
    elif lot.stage != "sold":
        return (reached,)
    return reached, (CIRCULAR_TURNOVER, when, (lot.device_class, lot.channel), vector)


REDUCER = AdditiveReducer(_contributions)
