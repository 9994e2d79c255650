"""`tidemark report`: the plan's monthly, yearly and mid-term reports."""

from datetime import date, datetime
from enum import StrEnum
from importlib.metadata import version
from pathlib import Path
from typing import Annotated

import typer

from tidemark.services.defaults import DEFAULT_LOG, wall_clock
from tidemark.services.gazetteer import place_names
from tidemark.services.plan import Plan
from tidemark.services.reports.making import Days, Source, assess_days, days_to_assess, made_from
from tidemark.services.reports.period import Period, PeriodInvalid, day_to_assess, parse_period
from tidemark.services.reports.report import Report, build_report
from tidemark.services.reports.words import Languages
from tidemark.services.reports.writing import FileExists, Format, check_target, write_file, write_report
from tidemark.streams.contracts.family import Stream
from tidemark.streams.contracts.published import Kind
from tidemark.streams.contracts.text import Language
from tidemark.streams.indicators.paths.seasons import SeasonBook
from tidemark.streams.indicators.reading.reading import Reading, Register
from tidemark.streams.log import open_readers
from tidemark.streams.view.follower import read_view

from .console import LogUrl, out, progress, run, wrong_use
from .looking import REACH, Declarations, plan_as_declared


class ShownIn(StrEnum):
    """What a report is written in."""

    ZH = "zh"
    EN = "en"
    BOTH = "both"

    @property
    def languages(self) -> Languages:
        """Those shown, the first of them leading."""
        return tuple(Language) if self is ShownIn.BOTH else (Language(self.value),)


def report(  # noqa: PLR0913  each is a flag
    period: Annotated[
        str, typer.Option(help="A month (2026-10), a year (2026) or the mid-term evaluation (2026-2028).")
    ],
    form: Annotated[Format, typer.Option("--format", help="What to write.")] = Format.HTML,
    language: Annotated[
        ShownIn, typer.Option("--lang", help="Chinese, English, or one beside the other.")
    ] = ShownIn.BOTH,
    target: Annotated[
        Path | None, typer.Option("--out", help="The file. [default: report-PERIOD.FORMAT]")
    ] = None,
    log: LogUrl = DEFAULT_LOG,
    as_of: Annotated[
        datetime | None,
        typer.Option(formats=["%Y-%m-%d"], help="Official figures as known on a day. [default: today]"),
    ] = None,
    declarations: Declarations = None,
    replace: Annotated[bool, typer.Option("--replace", help="Overwrite the file.")] = False,
) -> None:
    """Write a report on the plan's targets, as a page, a document or a workbook that needs no editing."""
    try:
        asked = parse_period(period)
        where = target or Path(f"report-{asked.name}.{form}")
        check_target(where, replace)
        plan = plan_as_declared(declarations)
        source = run(_read(log))
        made = _report(source, plan, asked, as_of.date() if as_of else None)
    except (PeriodInvalid, FileExists, FileNotFoundError) as error:
        wrong_use(f"--{error}")
    write_file(where, write_report(made, form, language.languages))
    counts = ", ".join(f"{number} {status.replace('_', ' ')}" for status, number in made.counts.items())
    out.print(f"{where}: {len(made.targets)} targets as of {made.day}: {counts}", highlight=False)


async def _read(url: str) -> Source:
    async with open_readers(url, wall_clock) as (events, reader):
        view = await read_view(reader, events.identity.zone, REACH)
        ends = await events.ends(Stream.FACTS)
        return Source(url, events.identity, view, ends, await reader.rows(Kind.DEAD))


def _report(source: Source, plan: Plan, period: Period, asked: date | None) -> Report:
    """The report as of a day. Raises PeriodInvalid."""
    now_ms = source.view.now_ms(wall_clock())
    reading = Reading(Register(source.view), REACH, plan.parents, now_ms)
    as_of = asked or reading.today
    if as_of > reading.today:
        raise PeriodInvalid(f"as-of: {as_of} has not come; give a day up to {reading.today}")
    day = day_to_assess(period, as_of)
    book = SeasonBook(plan.calendar)
    days: Days = {}
    with progress("assessing") as bar:
        for one in bar.track(days_to_assess(period, day), description=""):
            days |= assess_days(plan.catalogue, reading, [one], as_of, book)
    made = made_from(source, now_ms, as_of, version("tidemark"), place_names())
    return build_report(plan.catalogue, period, days, made)
