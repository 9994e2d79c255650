"""Declarations by status, and the value they let through: released, less taken back after."""

from tidemark.streams.contracts.civil import Periods
from tidemark.streams.contracts.contribution import Contribution
from tidemark.streams.contracts.reducer import AdditiveReducer
from tidemark.streams.families.trade import TRADE_CHAPTER, TRADE_RELEASED, TRADE_STATUS, DeclarationChanged


def _contributions(declared: DeclarationChanged, _subject: str, when: Periods) -> tuple[Contribution, ...]:
    vector = (1, declared.value_fen, declared.parcels)
    reached = (TRADE_STATUS, when, (declared.mode, declared.status), vector)
    if declared.status == "accepted":
        return (reached,)
    if declared.status != "released":
        if declared.previous != "released":
            return (reached,)
        vector = (-1, -declared.value_fen, -declared.parcels)
    released = (declared.mode, declared.direction, declared.partner_group)
    chapter = (declared.direction, declared.hs6[:2])
    return reached, (TRADE_RELEASED, when, released, vector), (TRADE_CHAPTER, when, chapter, vector)


REDUCER = AdditiveReducer(_contributions)
