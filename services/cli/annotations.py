"""`tidemark annotations`: activities and targets reached, marked in Grafana."""

from collections.abc import Iterator
from time import sleep

import msgspec
import typer

from tidemark.services.defaults import DEFAULT_LOG
from tidemark.services.gazetteer import read_place_names
from tidemark.services.grafana.annotating import GrafanaAnnotations, sync
from tidemark.services.grafana.annotations import Leave, Mark, Placed, Steps
from tidemark.services.grafana.connection import GrafanaError
from tidemark.services.grafana.marks import activity_marks, left_alone, target_marks
from tidemark.streams.contracts.civil import instant
from tidemark.streams.indicators.assessment.assessing import assess_all
from tidemark.streams.indicators.values.spans import PLAN_FIRST_DAY

from .console import AsJson, LogUrl, check_failed, keep_group, print_error, print_json, print_line
from .context import Declarations, TargetContext, read_context
from .grafana import DEFAULT_GRAFANA, DryRun, GrafanaUrl, TokenFile, grafana_at
from .tables import Column, ColumnKind, print_table

app = typer.Typer(
    help="Mark activities and targets reached in Grafana.", no_args_is_help=True, callback=keep_group
)


class Row(msgspec.Struct):
    """What happens to an annotation."""

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
    """Bring Grafana's annotations in line with the log, once. Run it from a timer to keep them current.

    Activities since the plan began are marked from start to end, targets from the day they were
    first reached. Changed activities are updated and cancelled ones removed. All annotations carry
    the tag tidemark; those without it are left alone.
    """
    context = read_context(log, declarations, None)
    marks, leave = _choose_marks(context)
    with grafana_at(grafana, token_file) as client:
        try:
            done = sync(GrafanaAnnotations(client), marks, leave, dry_run, sleep)
        except GrafanaError as error:
            print_error(f"{error}; run the command again to continue")
            check_failed()
    rows = list(_list_rows(done))
    if as_json:
        print_json({"dry_run": dry_run, "changes": rows, "unchanged": done.unchanged})
    else:
        _print(rows, done, dry_run, context)


def _choose_marks(context: TargetContext) -> tuple[list[Mark], Leave]:
    reading, plan = context.assessment.reading, context.plan
    activities = [activity for _, activity in reading.activities]
    assessed = list(
        zip(
            plan.catalogue,
            assess_all(plan.catalogue, reading, context.assessment.day, context.book),
            strict=True,
        )
    )
    start_ms = reading.start_ms
    marks = [
        *activity_marks(activities, read_place_names(), start_ms(PLAN_FIRST_DAY)),
        *target_marks(assessed, reading.now_ms, start_ms),
    ]
    return marks, left_alone(activities, assessed)


def _list_rows(done: Steps) -> Iterator[Row]:
    yield from (_row("added", mark) for mark in done.add)
    yield from (_row("changed", mark) for _, mark in done.change)
    yield from (_row("removed", mark) for mark in done.remove)


def _row(action: str, mark: Mark | Placed) -> Row:
    return Row(action, mark.text, sorted(mark.tags), mark.start_ms, mark.end_ms)


def _print(rows: list[Row], done: Steps, dry_run: bool, context: TargetContext) -> None:
    zone = context.assessment.reading.view.civil.zone
    cells = [
        (row.action, instant(row.start_ms).astimezone(zone).strftime("%Y-%m-%d %H:%M"), row.text)
        for row in rows
    ]
    if rows:
        print_table([Column("action"), Column("start"), Column("text", ColumnKind.WORDS)], cells)
    counts = f"{len(done.add)} added, {len(done.change)} changed, {len(done.remove)} removed"
    print_line(f"{'dry run: ' if dry_run else ''}{counts}, {done.unchanged} unchanged")
