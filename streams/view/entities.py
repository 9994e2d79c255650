"""How many registered entities and activities there are, by status."""

from collections import Counter
from collections.abc import Mapping
from datetime import date

import msgspec

from streams.contracts.published import key_prefix

_REGISTRY = key_prefix("registry")
_ACTIVITY = key_prefix("activity")


class _Entity(msgspec.Struct, gc=False):
    entity_class: str
    status: str
    valid_from: date


class _Entry(msgspec.Struct, gc=False):
    data: _Entity


class _Registration(msgspec.Struct, gc=False):
    timeline: list[_Entry]


class _ActivityData(msgspec.Struct, gc=False):
    category: str
    status: str


class _Activity(msgspec.Struct, gc=False):
    data: _ActivityData


_registration = msgspec.json.Decoder(_Registration)
_activity = msgspec.json.Decoder(_Activity)


def registered(records: Mapping[bytes, bytes], today: date) -> Counter[tuple[str, ...]]:
    """Entities by (class, status) as of today: of each timeline the last entry not in the future."""
    found: Counter[tuple[str, ...]] = Counter()
    for key, value in records.items():
        if key.startswith(_REGISTRY):
            begun = [e.data for e in _registration.decode(value).timeline if e.data.valid_from <= today]
            if begun:
                found[begun[-1].entity_class, begun[-1].status] += 1
    return found


def activities(records: Mapping[bytes, bytes]) -> Counter[tuple[str, ...]]:
    """Activities by (category, status)."""
    found = (_activity.decode(value).data for key, value in records.items() if key.startswith(_ACTIVITY))
    return Counter((data.category, data.status) for data in found)
