"""Second-hand lots by stage, and turnover: sold, less reversed after sale."""

from tidemark.streams.contracts.civil import Periods
from tidemark.streams.contracts.contribution import Contribution
from tidemark.streams.contracts.reducer import AdditiveReducer
from tidemark.streams.families.circular import CIRCULAR_STAGE, CIRCULAR_TURNOVER, LotChanged


def _contributions(lot: LotChanged, _subject: str, when: Periods) -> tuple[Contribution, ...]:
    vector = (1, lot.quantity, lot.amount_fen)
    reached = (CIRCULAR_STAGE, when, (lot.device_class, lot.stage), vector)
    if lot.stage == "reversed" and lot.previous == "sold":
        vector = (-1, -lot.quantity, -lot.amount_fen)
    elif lot.stage != "sold":
        return (reached,)
    return reached, (CIRCULAR_TURNOVER, when, (lot.device_class, lot.channel), vector)


REDUCER = AdditiveReducer(_contributions)
