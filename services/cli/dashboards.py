"""`tidemark dashboards`: publish the repository's dashboards to Grafana."""

from collections import Counter
from collections.abc import Iterable, Sequence
from pathlib import Path
from time import sleep
from typing import Annotated

import msgspec
import typer
from rich.syntax import Syntax
from rich.text import Text as Styled

from tidemark.services.grafana.connection import GrafanaError
from tidemark.services.grafana.dashboards import (
    WRITTEN,
    Action,
    Change,
    Dashboard,
    DashboardFilesInvalid,
    read_dashboards,
)
from tidemark.services.grafana.publishing import GrafanaDashboards, Result, publish
from tidemark.services.resources import DASHBOARDS

from .console import (
    AsJson,
    check_failed,
    is_terminal,
    keep_group,
    out,
    print_error,
    print_json,
    print_line,
    wrong_use,
)
from .grafana import DEFAULT_GRAFANA, DryRun, GrafanaUrl, TokenFile, grafana_at
from .tables import Column, ColumnKind, print_table

app = typer.Typer(help="Publish the dashboards to Grafana.", no_args_is_help=True, callback=keep_group)

_FAILED, _NOT_TRIED = "failed", "not tried"
_GOOD = {*WRITTEN, Action.UNCHANGED}
_STYLE = {"created": "green", "changed": "green", "unchanged": "dim", "not tried": "dim"}


class Row(msgspec.Struct):
    """What happened to a dashboard, or would happen; `diff` goes from Grafana's JSON to the file's."""

    folder: str
    uid: str
    title: str
    action: str
    detail: str = ""
    diff: str = ""


@app.command("publish")
def publish_command(
    grafana: GrafanaUrl = DEFAULT_GRAFANA,
    token_file: TokenFile = None,
    directory: Annotated[
        Path,
        typer.Option(
            "--dir",
            help="Folder with the dashboards, as <folder>/<uid>.json.",
            show_default="those that ship",
        ),
    ] = DASHBOARDS,
    overwrite: Annotated[
        bool, typer.Option("--overwrite", help="Also replace dashboards that a person changed in Grafana.")
    ] = False,
    dry_run: DryRun = False,
    as_json: AsJson = False,
) -> None:
    """Publish the dashboard files to Grafana: create new dashboards, give changed ones a new version,
    leave the others alone.

    A dashboard that a person has changed in Grafana is not replaced without --overwrite. Exit code 1
    if a dashboard was not published, or would not be.
    """
    try:
        dashboards = read_dashboards(directory)
    except DashboardFilesInvalid as error:
        wrong_use(f"--dir: {error}")
    rows: list[Row] = []
    stopped = ""
    with grafana_at(grafana, token_file) as client:
        try:
            for dashboard, result in publish(
                GrafanaDashboards(client), dashboards, overwrite, dry_run, sleep
            ):
                rows.append(_row(dashboard, result))
        except GrafanaError as error:
            stopped = str(error)
    rows += [
        Row(dashboard.folder, dashboard.uid, dashboard.title, _NOT_TRIED)
        for dashboard in dashboards[len(rows) :]
    ]
    if as_json:
        print_json({"grafana": grafana, "dry_run": dry_run, "dashboards": rows, "stopped": stopped or None})
    else:
        _print(rows, dry_run, stopped)
    if any(row.action not in _GOOD for row in rows):
        check_failed()


def _row(dashboard: Dashboard, result: Result) -> Row:
    if isinstance(result, Change):
        action, detail, diff = result.action.value, result.detail, result.diff
    else:
        action, detail, diff = _FAILED, str(result), ""
    return Row(dashboard.folder, dashboard.uid, dashboard.title, action, detail, diff)


def _print(rows: Sequence[Row], dry_run: bool, stopped: str) -> None:
    print_table(
        [Column("action"), Column("dashboard"), Column("title", ColumnKind.WORDS)],
        [
            (
                Styled(row.action, _STYLE.get(row.action, "bold red")),
                f"{row.folder}/{row.uid}",
                row.title,
            )
            for row in rows
        ],
    )
    for row in rows:
        if row.detail:
            print_line(f"\n{row.folder}/{row.uid}: {row.action}: {row.detail}")
        if dry_run and row.diff:
            print_line("")
            _print_diff(row.diff)
    print_line(f"\n{'dry run: ' if dry_run else ''}{_format_counts(rows)}")
    if stopped:
        print_error(stopped)


def _print_diff(diff: str) -> None:
    """Print in colour and wrapped on a terminal; in a pipe unchanged, for `patch`."""
    if is_terminal():
        out.print(Syntax(diff, "diff", background_color="default", word_wrap=True), soft_wrap=False)
    else:
        print_line(diff)


def _format_counts(rows: Iterable[Row]) -> str:
    return ", ".join(f"{number} {action}" for action, number in Counter(row.action for row in rows).items())
