"""A view's records, decoded once for each time they change."""

from collections import defaultdict
from collections.abc import Iterator
from datetime import date, datetime
from typing import NamedTuple

from tidemark.streams.families.activity import ActivityChanged
from tidemark.streams.view.entities import Registration, activities, registrations
from tidemark.streams.view.view import View

from .figures import Figures


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
        for one in registrations(self.view.records):
            found[one.entity_class].append(one)
        return dict(found)

    def _activities(self) -> Iterator[tuple[date, ActivityChanged]]:
        for one in activities(self.view.records):
            yield self.day_of(one.starts), one

    def _figures(self) -> Figures:
        return Figures.of(self.view.records, self.view.civil)
