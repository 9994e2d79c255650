"""Assessing one target of a few events."""

from datetime import date, datetime

from tidemark.streams.contracts.envelope import Event
from tidemark.streams.families.registry import FAMILY as REGISTRY
from tidemark.streams.families.registry import EntityChanged
from tidemark.streams.indicators.assessment.assessing import assess
from tidemark.streams.indicators.assessment.assessment import Assessment
from tidemark.streams.indicators.assessment.context import AssessmentContext
from tidemark.streams.indicators.assessment.evidence import gather_evidence
from tidemark.streams.indicators.calendar.china import ChinaCalendar
from tidemark.streams.indicators.paths.seasons import SeasonBook
from tidemark.streams.indicators.reading.reading import Reading
from tidemark.streams.indicators.targets.catalogue import Indicator

from .events import envelope

CALENDAR = ChinaCalendar()


def assess_on(indicator: Indicator, reading: Reading, day: date) -> Assessment:
    """The indicator on a day."""
    return assess_in_context(indicator, AssessmentContext.of(reading, day))


def assess_in_context(indicator: Indicator, context: AssessmentContext) -> Assessment:
    """The indicator in a context."""
    return assess(context, indicator, gather_evidence(context, indicator), SeasonBook(CALENDAR))


def entity(number: int, at: datetime, **fields: object) -> Event:
    """A registration at a moment: by default a refund shop that is active since New Year."""
    settings = {
        "entity_class": "refund_shop",
        "entity_id": f"entity-{number}",
        "status": "active",
        "valid_from": date(2026, 1, 1),
    } | fields
    data = EntityChanged(**settings)  # type: ignore[arg-type]
    return envelope(REGISTRY.types[0], f"r{number}", at, "mall.a", data)
