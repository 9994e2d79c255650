"""An entity's timeline: since when it has which status and properties."""

from datetime import date
from typing import Any

import msgspec

from tidemark.streams.contracts.facts import Facts
from tidemark.streams.contracts.reducer import EntityReducer
from tidemark.streams.families.registry import FAMILY, EntityChanged


def _key(changed: EntityChanged) -> tuple[str]:
    return (changed.entity_id,)


def _timeline(facts: Facts) -> bytes | None:
    """{"timeline": […]} by valid_from; where two facts name the same day the later one holds."""
    by_day: dict[date, dict[str, Any]] = {
        fact.payload.valid_from: {"time_ms": fact.time_ms, "subject": fact.subject, "data": fact.payload}
        for fact in facts
    }
    if not by_day:
        return None
    return msgspec.json.encode({"timeline": [by_day[day] for day in sorted(by_day)]})


REDUCER = EntityReducer(_key, record=_timeline, lifetime_ms=FAMILY.lifetime_ms)
