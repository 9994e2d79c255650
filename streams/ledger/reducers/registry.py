"""An entity's timeline: since when it has which status and properties."""

import msgspec

from tidemark.streams.contracts.published import Entry, Timeline
from tidemark.streams.contracts.registry import FAMILY, EntityChanged
from tidemark.streams.ledger.facts import Facts

from .reducer import EntityReducer


def _key(changed: EntityChanged) -> tuple[str]:
    return (changed.entity_id,)


def _timeline(facts: Facts) -> bytes | None:
    """The facts by valid_from; where two facts name the same day the later one holds."""
    by_day = {fact.payload.valid_from: Entry(fact.time_ms, fact.subject, fact.payload) for fact in facts}
    if not by_day:
        return None
    return msgspec.json.encode(Timeline([by_day[day] for day in sorted(by_day)]))


REDUCER = EntityReducer(_key, record=_timeline, lifetime_ms=FAMILY.lifetime_ms)
