"""`tidemark annotations`: activities and targets reached, marked in Grafana."""

from collections.abc import Iterator
from time import sleep

import msgspec
import typer
from rich.markup import escape
from rich.table import Table

from tidemark.services.defaults import DEFAULT_LOG
from tidemark.services.gazetteer import place_names
from tidemark.services.grafana.annotating import GrafanaAnnotations, sync
from tidemark.services.grafana.annotations import Leave, Mark, Placed, Steps
from tidemark.services.grafana.connection import GrafanaError
from tidemark.services.grafana.marks import activity_marks, left_alone, target_marks
from tidemark.streams.contracts.civil import instant
from tidemark.streams.indicators.assessment.assessing import assess_all
from tidemark.streams.indicators.values.spans import PLAN_FIRST_DAY

from .console import AsJson, LogUrl, check_failed, err, keep_group, out, print_json
from .grafana import DEFAULT_GRAFANA, DryRun, GrafanaUrl, TokenFile, grafana_at
from .looking import Declarations, Look, look

app = typer.Typer(
    help="Activities and targets reached, marked in Grafana.", no_args_is_help=True, callback=keep_group
)


class Row(msgspec.Struct):
    """What becomes of an annotation."""

    action: str
    text: str
    tags: list[str]
    start_ms: int
    end_ms: int


@app.command("sync")
def sync_command(
    log: LogUrl = DEFAULT_LOG,
    grafana: GrafanaUrl = DEFAULT_GRAFANA,
    token_file: TokenFile = None,
    declarations: Declarations = None,
    dry_run: DryRun = False,
    as_json: AsJson = False,
) -> None:
    """Bring Grafana's annotations in step with the log, once; a timer may run it again and again.

    Marked are activities since the plan began, from start to end, and targets from when they were
    first seen to be reached. Cancelled activities are removed, changed ones changed. All bear the
    tag tidemark; annotations without it are left alone.
    """
    seen = look(log, declarations, None)
    marks, leave = _wanted(seen)
    with grafana_at(grafana, token_file) as client:
        try:
            done = sync(GrafanaAnnotations(client), marks, leave, dry_run, sleep)
        except GrafanaError as error:
            err.print(f"[red]error:[/red] {escape(str(error))}; run it again to go on", highlight=False)
            check_failed()
    rows = list(_rows(done))
    if as_json:
        print_json({"dry_run": dry_run, "changes": rows, "unchanged": done.unchanged})
    else:
        _print(rows, done, dry_run, seen)


def _wanted(seen: Look) -> tuple[list[Mark], Leave]:
    reading, plan = seen.context.reading, seen.plan
    activities = [one for _, one in reading.activities]
    assessed = list(
        zip(plan.catalogue, assess_all(plan.catalogue, reading, seen.context.day, seen.book), strict=True)
    )
    start_ms = reading.start_ms
    marks = [
        *activity_marks(activities, place_names(), start_ms(PLAN_FIRST_DAY)),
        *target_marks(assessed, reading.now_ms, start_ms),
    ]
    return marks, left_alone(activities, assessed)


def _rows(done: Steps) -> Iterator[Row]:
    yield from (_row("added", mark) for mark in done.add)
    yield from (_row("changed", mark) for _, mark in done.change)
    yield from (_row("removed", one) for one in done.remove)


def _row(action: str, one: Mark | Placed) -> Row:
    return Row(action, one.text, sorted(one.tags), one.start_ms, one.end_ms)


def _print(rows: list[Row], done: Steps, dry_run: bool, seen: Look) -> None:
    zone = seen.context.reading.view.civil.zone
    table = Table(box=None, pad_edge=False, show_header=False)
    for row in rows:
        starts = instant(row.start_ms).astimezone(zone).strftime("%Y-%m-%d %H:%M")
        table.add_row(row.action, starts, escape(row.text))
    if rows:
        out.print(table)
    counts = f"{len(done.add)} added, {len(done.change)} changed, {len(done.remove)} removed"
    out.print(f"{'would be: ' if dry_run else ''}{counts}, {done.unchanged} unchanged", highlight=False)
