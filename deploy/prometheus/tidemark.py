"""Conditions of Tidemark itself, with those of them that other tables speak of by name."""

from . import answering, ledger, notifying, room
from .answering import EXPORTER_DOWN
from .condition import Condition
from .ledger import LEDGER_STALLED
from .notifying import LETTERS, WAITING, WATCHDOG
from .room import EXPORTER_STALE

__all__ = [
    "CONDITIONS",
    "EXPORTER_DOWN",
    "EXPORTER_STALE",
    "LEDGER_STALLED",
    "LETTERS",
    "WAITING",
    "WATCHDOG",
]

CONDITIONS: tuple[Condition, ...] = (
    *ledger.CONDITIONS,
    *answering.CONDITIONS,
    *room.CONDITIONS,
    *notifying.CONDITIONS,
)
