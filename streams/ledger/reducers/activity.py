"""How each activity stands."""

from streams.contracts.activity import FAMILY, ActivityChanged

from .reducer import EntityReducer, latest_record, no_contributions


def _key(changed: ActivityChanged) -> tuple[str]:
    return (changed.activity_id,)


REDUCER = EntityReducer(_key, no_contributions, latest_record, FAMILY.lifetime_ms)
