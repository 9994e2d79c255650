"""How each activity stands."""

from tidemark.streams.contracts.activity import FAMILY, ActivityChanged

from .reducer import EntityReducer, latest_record


def _key(changed: ActivityChanged) -> tuple[str]:
    return (changed.activity_id,)


REDUCER = EntityReducer(_key, record=latest_record, lifetime_ms=FAMILY.lifetime_ms)
