"""Registered entities and activities as the records tell of them, and how many there are by status."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from datetime import date

import msgspec

from tidemark.streams.contracts.published import LatestFact, Timeline, key_prefix
from tidemark.streams.families.activity import ActivityChanged
from tidemark.streams.families.registry import EntityChanged

_REGISTRY = key_prefix("registry")
_ACTIVITY = key_prefix("activity")


class Registration(Timeline[EntityChanged]):
    """A registered entity's entries by the day they hold from, oldest first."""

    @property
    def entity_class(self) -> str:
        """What it is, by its newest entry."""
        return self.timeline[-1].data.entity_class

    @property
    def entity_id(self) -> str:
        """Its identifier."""
        return self.timeline[-1].data.entity_id

    def at(self, day: date) -> EntityChanged | None:
        """How it stands on a day; None before its first entry."""
        for entry in reversed(self.timeline):
            if entry.data.valid_from <= day:
                return entry.data
        return None

    def active_at(self, day: date) -> bool:
        """Whether it is active on a day."""
        state = self.at(day)
        return state is not None and state.status == "active"

    @property
    def place(self) -> str:
        """Where it is: the subject of its newest entry."""
        return self.timeline[-1].subject

    @property
    def active_since(self) -> date | None:
        """The first day on which it was active."""
        for entry in self.timeline:
            if entry.data.status == "active":
                return entry.data.valid_from
        return None


_registration = msgspec.json.Decoder(Registration)
_activity = msgspec.json.Decoder(LatestFact[ActivityChanged])


def registrations(records: Mapping[bytes, bytes]) -> Iterator[Registration]:
    """Every registered entity."""
    return (_registration.decode(value) for key, value in records.items() if key.startswith(_REGISTRY))


def activities(records: Mapping[bytes, bytes]) -> Iterator[ActivityChanged]:
    """Every activity."""
    return (_activity.decode(value).data for key, value in records.items() if key.startswith(_ACTIVITY))


def by_status(entities: Iterable[Registration], today: date) -> Counter[tuple[str, ...]]:
    """Entities by (class, status) as of today: of each timeline the last entry not in the future."""
    states = (entity.at(today) for entity in entities)
    return Counter((state.entity_class, state.status) for state in states if state is not None)
