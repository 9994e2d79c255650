"""`tidemark history`: the metrics of past days, for a Prometheus that did not scrape them."""

import sys
from collections.abc import Iterable
from datetime import datetime
from pathlib import Path
from typing import Annotated

import typer

from tidemark.services.defaults import DEFAULT_LOG, wall_clock
from tidemark.services.exporter.history import History
from tidemark.services.exporter.history_text import OpenMetricsText
from tidemark.services.exporter.settings import ExporterSettings
from tidemark.streams.contracts.civil import Civil, Grain, format_period, parse_period
from tidemark.streams.log import open_readers
from tidemark.streams.log.port import Page
from tidemark.streams.view.view import build_view

from .console import LogUrl, err, progress, run, wrong_use
from .context import Declarations, load_plan

_DAY = ["%Y-%m-%d"]
_LABELS = ["job=exporter", "instance=exporter:9464"]


def history(  # noqa: PLR0913  each is a flag
    openmetrics: Annotated[
        bool,
        typer.Option(
            "--openmetrics", help="Write OpenMetrics with timestamps, for promtool; the only format."
        ),
    ] = False,
    start: Annotated[
        datetime | None, typer.Option("--from", formats=_DAY, help="First day. (default: the log's first)")
    ] = None,
    end: Annotated[
        datetime | None, typer.Option("--to", formats=_DAY, help="Last day. (default: the last complete one)")
    ] = None,
    output: Annotated[
        Path | None, typer.Option(help="File to write; it is overwritten. (default: standard output)")
    ] = None,
    label: Annotated[
        list[str],
        typer.Option(help="Label to add to every series, as scraping would; repeat the option for more."),
    ] = _LABELS,
    log: LogUrl = DEFAULT_LOG,
    declarations: Declarations = None,
) -> None:
    """Write what the exporter would have shown at the end of each past day, to fill a new Prometheus.

    Totals, assessments and coverage are as of now, windows as of the day, official figures as published
    by the day. The log is only read. Load the file with
    `promtool tsdb create-blocks-from openmetrics FILE DIR`.
    """
    if not openmetrics:
        wrong_use("--openmetrics: is required; it is the only format")
    labels = dict(map(_parse_label, label))
    plan = load_plan(declarations)
    page, civil = run(_read(log))
    made = History(page, civil, plan, ExporterSettings(log=log).exporter_label_budget)
    days = _choose_days(made, start, end, _last_over(page, civil))
    with OpenMetricsText(labels) as text, progress("days") as bar:
        for moment in bar.track(made.replay(days), total=len(days), description=""):
            text.add(moment.metrics, moment.at_s)
        _write(text.read_chunks(), output)
    err.print(f"{len(days)} days, {_format_day(days[0])} to {_format_day(days[-1])}", highlight=False)


def _parse_label(given: str) -> tuple[str, str]:
    name, equals, value = given.partition("=")
    if not (name.isidentifier() and name.isascii() and equals and value):
        wrong_use(f"--label: {given!r} is not a label; write it like job=exporter")
    return name, value


async def _read(url: str) -> tuple[Page, Civil]:
    async with open_readers(url, wall_clock) as (events, reader):
        return await reader.poll(0, 0), Civil(events.identity.zone)


def _last_over(page: Page, civil: Civil) -> int:
    """The last day that is over, by the clock or by the newest event of a log that runs ahead of it."""
    now_ms = build_view(page, civil, {}).now_ms(wall_clock())
    return civil.periods(now_ms)[Grain.DAY] - 1


def _choose_days(made: History, start: datetime | None, end: datetime | None, newest: int) -> range:
    oldest = made.first
    if oldest is None:
        wrong_use("--log: holds no totals yet; run `tidemark ledger --until-caught-up` first")
    first = oldest if start is None else _parse_day(start)
    last = newest if end is None else _parse_day(end)
    if last > newest:
        wrong_use(f"--to: {_format_day(last)} is not complete; give a day up to {_format_day(newest)}")
    if not oldest <= first <= last:
        wrong_use(
            f"--from: {_format_day(first)} is out of range; give a day from {_format_day(oldest)}, "
            f"where the log begins, to {_format_day(last)}"
        )
    return range(first, last + 1)


def _parse_day(day: datetime) -> int:
    return parse_period(Grain.DAY, day.date().isoformat())


def _format_day(day: int) -> str:
    return format_period(Grain.DAY, day)


def _write(chunks: Iterable[str], output: Path | None) -> None:
    if output is None:
        sys.stdout.writelines(chunks)
        return
    with output.open("w", encoding="utf-8") as file:
        file.writelines(chunks)
