"""Registered entities and activities, decoded from the latest values, and their number by status."""

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
    """A registered entity's entries by the day from which they are valid, oldest first."""

    @property
    def entity_class(self) -> str:
        """Its class, by its newest entry."""
        return self.timeline[-1].data.entity_class

    @property
    def entity_id(self) -> str:
        """Its identifier."""
        return self.timeline[-1].data.entity_id

    def at(self, day: date) -> EntityChanged | None:
        """The entry valid on a day; None before the first."""
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
        """Its place: the subject of its newest entry."""
        return self.timeline[-1].subject

    @property
    def active_since(self) -> date | None:
        """The first day on which it was active; None if it never was."""
        for entry in self.timeline:
            if entry.data.status == "active":
                return entry.data.valid_from
        return None


_registration = msgspec.json.Decoder(Registration)
_activity = msgspec.json.Decoder(LatestFact[ActivityChanged])


def registrations(latest_values: Mapping[bytes, bytes]) -> Iterator[Registration]:
    """Every registered entity among a view's latest values."""
    return (_registration.decode(value) for key, value in latest_values.items() if key.startswith(_REGISTRY))


def activities(latest_values: Mapping[bytes, bytes]) -> Iterator[ActivityChanged]:
    """Every activity among a view's latest values."""
    return (_activity.decode(value).data for key, value in latest_values.items() if key.startswith(_ACTIVITY))


def by_status(entities: Iterable[Registration], today: date) -> Counter[tuple[str, ...]]:
    """The number of entities by (class, status) today: of each, the last entry not in the future."""
    states = (entity.at(today) for entity in entities)
    return Counter((state.entity_class, state.status) for state in states if state is not None)
