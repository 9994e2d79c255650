"""A view's records decoded: registry entries, activities, official figures."""

from collections import defaultdict
from collections.abc import Iterator
from datetime import date, datetime
from typing import NamedTuple

import msgspec

from streams.contracts.activity import ActivityChanged
from streams.contracts.published import key_prefix
from streams.contracts.registry import EntityChanged
from streams.view.view import View

from .figures import Figures

_REGISTRY = key_prefix("registry")
_ACTIVITY = key_prefix("activity")


class _Entry(msgspec.Struct, gc=False):
    subject: str
    data: EntityChanged


class Registration(msgspec.Struct):
    """A registered entity's entries by the day they hold from, oldest first."""

    timeline: list[_Entry]

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


class _Activity(msgspec.Struct, gc=False):
    data: ActivityChanged


_registration = msgspec.json.Decoder(Registration)
_activity = msgspec.json.Decoder(_Activity)


class Held(NamedTuple):
    """What the records said: entities by class, activities with the civil day they begin on."""

    registered: dict[str, list[Registration]]
    activities: list[tuple[date, ActivityChanged]]
    figures: Figures


class Register:
    """The records of a view, decoded again only when one has changed."""

    def __init__(self, view: View) -> None:
        self.view = view
        self._revision = -1
        self._held = Held({}, [], Figures(()))

    def held(self) -> Held:
        """The records as they are now."""
        if self._revision != self.view.records_revision:
            self._held = Held(self._registered(), list(self._activities()), self._figures())
            self._revision = self.view.records_revision
        return self._held

    def day_of(self, instant: datetime) -> date:
        """The civil day that holds an instant."""
        return instant.astimezone(self.view.civil.zone).date()

    def _registered(self) -> dict[str, list[Registration]]:
        found: defaultdict[str, list[Registration]] = defaultdict(list)
        for raw in self._of(_REGISTRY):
            one = _registration.decode(raw)
            found[one.entity_class].append(one)
        return dict(found)

    def _activities(self) -> Iterator[tuple[date, ActivityChanged]]:
        for raw in self._of(_ACTIVITY):
            one = _activity.decode(raw).data
            yield self.day_of(one.starts), one

    def _figures(self) -> Figures:
        return Figures.of(self.view.records, self.view.civil)

    def _of(self, prefix: bytes) -> Iterator[bytes]:
        return (value for key, value in self.view.records.items() if key.startswith(prefix))
