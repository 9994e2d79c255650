"""What commands about targets work on: the plan, and a log's published state on a day."""

from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Annotated

import typer

from tidemark.services.defaults import wall_clock
from tidemark.services.plan import Plan, read_plan
from tidemark.streams.contracts.civil import instant
from tidemark.streams.contracts.text import Text
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
        help="Read from this file what ambiguous targets mean here; see seeds/indicators/declarations.",
    ),
]
AsOf = Annotated[
    datetime | None,
    typer.Option(
        formats=["%Y-%m-%d"],
        help="Assess as on this day: official figures as published by then, live values as of now. "
        "(default: today)",
    ),
]


@dataclass(frozen=True)
class TargetContext:
    """A plan, and a log's state as it is now, assessed on a day."""

    plan: Plan
    assessment: AssessmentContext
    book: SeasonBook

    @property
    def basis(self) -> Text:
        """The dates of the numbers."""
        reading = self.assessment.reading
        now = instant(reading.now_ms).astimezone(reading.view.civil.zone).isoformat(" ", "minutes")
        return Text(
            f"官方数据为截至 {self.assessment.day} 已发布的版本；实时数据截至 {now}",
            f"official figures as published by {self.assessment.day}; live values as of {now}",
        )


def load_plan(declarations: Path | None) -> Plan:
    """The plan with the deployment's declarations; ends the command where its files are wrong."""
    try:
        return read_plan(declarations)
    except (CatalogueInvalid, CalendarInvalid, OSError) as error:
        wrong_use(f"--declarations: {error}")


def read_context(log: str, declarations: Path | None, as_of: datetime | None) -> TargetContext:
    """Read what is published; ends the command where the plan's files or the day are wrong."""
    plan = load_plan(declarations)
    reading = run(_read(log, plan))
    day = reading.today if as_of is None else as_of.date()
    if day > reading.today:
        wrong_use(f"--as-of: {day} is in the future; give a day up to {reading.today}")
    return TargetContext(plan, AssessmentContext.of(reading, day), SeasonBook(plan.calendar))


async def _read(url: str, plan: Plan) -> Reading:
    """The state as published; of a simulated log that runs ahead of the clock, at its newest event."""
    async with open_readers(url, wall_clock) as (events, reader):
        view = await read_view(reader, events.identity.zone, REACH)
    return Reading(Register(view), REACH, plan.parents, view.now_ms(wall_clock()))
