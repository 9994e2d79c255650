"""A registry entry's timeline: its status and properties, by the day from which they hold."""

import msgspec

from tidemark.streams.contracts.definition import Definition, EntityReducer
from tidemark.streams.contracts.facts import Facts
from tidemark.streams.contracts.family import DAY
from tidemark.streams.contracts.published import LatestFact, Timeline
from tidemark.streams.contracts.text import Text


def _build_timeline(facts: Facts) -> bytes | None:
    """The facts by valid_from; of two facts for the same day, the later holds."""
    by_day = {fact.payload.valid_from: LatestFact(fact.time_ms, fact.subject, fact.payload) for fact in facts}
    if not by_day:
        return None
    return msgspec.json.encode(Timeline([by_day[day] for day in sorted(by_day)]))


DEFINITION = Definition(
    name=Text("登记", "Registry"),
    label=Text("登记", "registry"),
    stale_after_ms=7 * DAY,
    adds=EntityReducer(("entity_id",), latest_value=_build_timeline),
)
