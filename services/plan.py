"""The plan as read from the files under seeds: targets, places and days off."""

from pathlib import Path
from typing import NamedTuple

from tidemark.streams.indicators.calendar.china import ChinaCalendar, read_calendar
from tidemark.streams.indicators.reading.places import Parents
from tidemark.streams.indicators.targets.catalogue import Catalogue
from tidemark.streams.indicators.targets.goal import Goal
from tidemark.streams.indicators.targets.loading import read_catalogue

from .gazetteer import load_places
from .resources import CALENDAR, INDICATORS

REFUND_SHOPS = "refund_shops"
"""The target for active shops that take part in the departure tax refund."""


class Plan(NamedTuple):
    """The targets with the meanings that the deployment declares, the parent of each place, and the
    calendar."""

    catalogue: Catalogue
    parents: Parents
    calendar: ChinaCalendar

    @property
    def refund_shops(self) -> Goal:
        """The goal for refund shops."""
        return self.catalogue[REFUND_SHOPS].goal


def read_plan(declarations: Path | None = None) -> Plan:
    """The plan of this installation. Raises CatalogueInvalid, CalendarInvalid, OSError."""
    return Plan(
        read_catalogue(INDICATORS, declarations),
        {place.id: place.parent for place in load_places() if place.parent is not None},
        read_calendar(CALENDAR),
    )
