"""`tidemark report`: the plan's monthly, yearly and mid-term reports."""

from datetime import date, datetime
from enum import StrEnum
from importlib.metadata import version
from pathlib import Path
from typing import Annotated

import typer

from tidemark.services.defaults import DEFAULT_LOG, wall_clock
from tidemark.services.gazetteer import read_place_names
from tidemark.services.plan import Plan
from tidemark.services.reports.making import Days, Source, assess_days, describe_provenance, list_days
from tidemark.services.reports.period import Period, PeriodInvalid, choose_day, parse_period
from tidemark.services.reports.report import Report, build_report
from tidemark.services.reports.words import STATUS, Languages
from tidemark.services.reports.writing import FileExists, Format, check_target, write_file, write_report
from tidemark.streams.contracts.family import Stream
from tidemark.streams.contracts.published import Kind
from tidemark.streams.contracts.text import Language, Text
from tidemark.streams.indicators.paths.seasons import SeasonBook
from tidemark.streams.indicators.reading.reading import Reading, Register
from tidemark.streams.log import open_readers
from tidemark.streams.view.follower import read_view

from .console import LogUrl, print_line, progress, run, wrong_use
from .context import REACH, Declarations, load_plan
from .language import detect_language


class ShownIn(StrEnum):
    """The languages of a report."""

    ZH = "zh"
    EN = "en"
    BOTH = "both"

    @property
    def languages(self) -> Languages:
        """The languages shown, the leading one first."""
        return tuple(Language) if self is ShownIn.BOTH else (Language(self.value),)


def report(  # noqa: PLR0913  each is a flag
    period: Annotated[
        str, typer.Option(help="Month (2026-10), year (2026) or mid-term evaluation (2026-2028).")
    ],
    form: Annotated[Format, typer.Option("--format", help="File format.")] = Format.HTML,
    language: Annotated[
        ShownIn,
        typer.Option("--lang", help="Language of the report: Chinese, English, or both."),
    ] = ShownIn.BOTH,
    target: Annotated[
        Path | None, typer.Option("--out", help="File to write. (default: report-PERIOD.FORMAT)")
    ] = None,
    log: LogUrl = DEFAULT_LOG,
    as_of: Annotated[
        datetime | None,
        typer.Option(
            formats=["%Y-%m-%d"], help="Use official figures as published by this day. (default: today)"
        ),
    ] = None,
    declarations: Declarations = None,
    replace: Annotated[bool, typer.Option("--replace", help="Overwrite the file if it exists.")] = False,
) -> None:
    """Write a report on the plan's targets, as a web page, a document or a workbook.

    Example: tidemark report --period 2026 --format docx --lang zh
    """
    try:
        parsed = parse_period(period)
        where = target or Path(f"report-{parsed.name}.{form}")
        check_target(where, replace)
        plan = load_plan(declarations)
        source = run(_read(log))
        made = _build(source, plan, parsed, as_of.date() if as_of else None)
    except (PeriodInvalid, FileExists, FileNotFoundError) as error:
        wrong_use(f"--{error}")
    write_file(where, write_report(made, form, language.languages))
    _print_summary(where, made, detect_language())


def _print_summary(where: Path, made: Report, language: Language) -> None:
    """Print a summary in the language of the terminal, which may not be that of the report."""
    counts = (
        Text("，", ", ")
        .in_language(language)
        .join(f"{STATUS[status].in_language(language)} {number}" for status, number in made.counts.items())
    )
    summary = Text(
        f"{where}：{len(made.targets)} 项目标，截至 {made.day}：{counts}",
        f"{where}: {len(made.targets)} targets as of {made.day}: {counts}",
    )
    print_line(summary.in_language(language))


async def _read(url: str) -> Source:
    async with open_readers(url, wall_clock) as (events, reader):
        view = await read_view(reader, events.identity.zone, REACH)
        ends = await events.ends(Stream.FACTS)
        return Source(url, events.identity, view, ends, await reader.rows(Kind.DEAD))


def _build(source: Source, plan: Plan, period: Period, day: date | None) -> Report:
    """The report as of a day. Raises PeriodInvalid."""
    now_ms = source.view.now_ms(wall_clock())
    reading = Reading(Register(source.view), REACH, plan.parents, now_ms)
    as_of = day or reading.today
    if as_of > reading.today:
        raise PeriodInvalid(f"as-of: {as_of} is in the future; give a day up to {reading.today}")
    last = choose_day(period, as_of)
    book = SeasonBook(plan.calendar)
    days: Days = {}
    with progress("assessing") as bar:
        for assessed in bar.track(list_days(period, last), description=""):
            days |= assess_days(plan.catalogue, reading, [assessed], as_of, book)
    made = describe_provenance(source, now_ms, as_of, version("tidemark"), read_place_names())
    return build_report(plan.catalogue, period, days, made)
