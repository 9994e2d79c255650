"""How each activity stands."""

from tidemark.streams.contracts.reducer import EntityReducer, latest_record
from tidemark.streams.families.activity import FAMILY, ActivityChanged


def _key(changed: ActivityChanged) -> tuple[str]:
    return (changed.activity_id,)


REDUCER = EntityReducer(_key, record=latest_record, lifetime_ms=FAMILY.lifetime_ms)
