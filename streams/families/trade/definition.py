"""Declarations by status, and the value released, less later cancellations and returns."""

from tidemark.streams.contracts.definition import (
    ONE,
    Addition,
    Additions,
    Definition,
    FirstCharacters,
    IsOneOf,
    sums,
)
from tidemark.streams.contracts.family import DAY
from tidemark.streams.contracts.text import Text

from . import TRADE_CHAPTER, TRADE_RELEASED, TRADE_STATUS, DeclarationChanged

_DECLARED = (ONE, "value_fen", "parcels")
_RELEASED = (IsOneOf("status", ("released",)),)
_TAKEN_BACK = (IsOneOf("status", ("cancelled", "returned")), IsOneOf("previous", ("released",)))

DEFINITION = Definition(
    name=Text("货物贸易", "Goods trade"),
    label=Text("货物贸易", "trade"),
    stale_after_ms=DAY,
    stale_alert=True,
    adds=(
        Additions(
            DeclarationChanged,
            (
                Addition(TRADE_STATUS, ("mode", "status"), _DECLARED),
                Addition(
                    TRADE_RELEASED,
                    ("mode", "direction", "partner_group"),
                    _DECLARED,
                    adds_if=_RELEASED,
                    takes_if=_TAKEN_BACK,
                ),
                Addition(
                    TRADE_CHAPTER,
                    ("direction", FirstCharacters("hs6", 2)),
                    _DECLARED,
                    adds_if=_RELEASED,
                    takes_if=_TAKEN_BACK,
                ),
            ),
        ),
    ),
    exports=(
        *sums(
            TRADE_RELEASED,
            (
                "tidemark_trade_released_declarations",
                "declarations",
                "Customs declarations released, less those cancelled or returned after release",
            ),
            (
                "tidemark_trade_released_value_yuan",
                "value_fen",
                "Value of goods released by customs, less those cancelled or returned; "
                "cross-border e-commerce is mode 9610, 9710, 9810 and 1210",
            ),
            (
                "tidemark_trade_released_parcels",
                "parcels",
                "Parcels released, less those cancelled or returned",
            ),
        ),
        *sums(
            TRADE_CHAPTER,
            (
                "tidemark_trade_chapter_value_yuan",
                "value_fen",
                "Value of goods released by chapter of the Harmonized System",
            ),
        ),
        *sums(
            TRADE_STATUS,
            (
                "tidemark_trade_status_declarations",
                "declarations",
                "Customs declarations that reached the status",
            ),
        ),
    ),
)
