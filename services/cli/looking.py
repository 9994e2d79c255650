"""What the commands about targets look at: the plan, and a reading of a log's published state."""

from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Annotated

import typer

from tidemark.services.defaults import wall_clock
from tidemark.services.plan import Plan, read_plan
from tidemark.streams.contracts.civil import instant
from tidemark.streams.indicators.assessment.context import AssessmentContext
from tidemark.streams.indicators.calendar.china import CalendarInvalid
from tidemark.streams.indicators.paths.seasons import SeasonBook
from tidemark.streams.indicators.reading.reach import build_indicators_reach
from tidemark.streams.indicators.reading.reading import Reading, Register
from tidemark.streams.indicators.targets.loading import CatalogueInvalid
from tidemark.streams.log import open_readers
from tidemark.streams.view.follower import read_view

from .console import run, wrong_use

REACH = build_indicators_reach(part_month_ms=None)

Declarations = Annotated[
    Path | None,
    typer.Option(
        envvar="TIDEMARK_DECLARATIONS",
        help="File that says what ambiguous targets mean here; see seeds/indicators/declarations.",
    ),
]
AsOf = Annotated[
    datetime | None,
    typer.Option(
        formats=["%Y-%m-%d"],
        help="As on a day: official figures as known then, live values as known now. [default: today]",
    ),
]


@dataclass(frozen=True)
class Look:
    """A plan, and a log's state as it is now, seen on a day."""

    plan: Plan
    context: AssessmentContext
    book: SeasonBook

    @property
    def known(self) -> tuple[str, str]:
        """What the numbers are known by, in Chinese and English."""
        reading = self.context.reading
        now = instant(reading.now_ms).astimezone(reading.view.civil.zone).isoformat(" ", "minutes")
        return (
            f"官方数据为截至 {self.context.day} 已发布的版本；实时数据为 {now} 所知",
            f"official figures as known on {self.context.day}, live values as known now, {now}",
        )


def plan_as_declared(declarations: Path | None) -> Plan:
    """The plan; ends the command where its files are wrong."""
    try:
        return read_plan(declarations)
    except (CatalogueInvalid, CalendarInvalid, OSError) as error:
        wrong_use(f"--declarations: {error}")


def look(log: str, declarations: Path | None, as_of: datetime | None) -> Look:
    """Read what is published; ends the command where the plan's files or the day are wrong."""
    plan = plan_as_declared(declarations)
    reading = run(_read(log, plan))
    day = reading.today if as_of is None else as_of.date()
    if day > reading.today:
        wrong_use(f"--as-of: {day} has not come; give a day up to {reading.today}")
    return Look(plan, AssessmentContext.of(reading, day), SeasonBook(plan.calendar))


async def _read(url: str, plan: Plan) -> Reading:
    """The state as published; of a simulated log that runs ahead of the clock, at its newest event."""
    async with open_readers(url, wall_clock) as (events, reader):
        view = await read_view(reader, events.identity.zone, REACH)
    return Reading(Register(view), REACH, plan.parents, view.now_ms(wall_clock()))
