"""The assessments that a report is made from: of its day, the day before, and the ends of months."""

from collections.abc import Iterable
from datetime import date

from tidemark.streams.indicators.assessing import assess
from tidemark.streams.indicators.assessment import Assessment
from tidemark.streams.indicators.catalogue import Catalogue
from tidemark.streams.indicators.evidence import gather
from tidemark.streams.indicators.reading import Reading
from tidemark.streams.indicators.scene import Scene
from tidemark.streams.indicators.seasons import SeasonBook
from tidemark.streams.view.feeds import feeds

from .period import Period, month_ends

Days = dict[date, dict[str, Assessment]]


def days_to_assess(period: Period, day: date) -> list[date]:
    """The report's day, the one before the period, and the ends of the plan's months until then."""
    return sorted({period.before, *month_ends(day)})


def assess_days(
    catalogue: Catalogue, reading: Reading, days: Iterable[date], as_of: date, book: SeasonBook
) -> Days:
    """Every target on each of the days, all with the official figures that were out by `as_of`.

    A report is made after its period: what has been published of it since then counts, and both
    ends of the period are told from the same vintages.
    """
    known, fed = reading.figures.as_of(as_of), feeds(reading.view.heads.values())
    found: Days = {}
    for day in days:
        scene = Scene(reading, day, known, fed)
        found[day] = {one.id: assess(scene, one, gather(scene, one), book) for one in catalogue}
    return found
