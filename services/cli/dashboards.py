"""`tidemark dashboards`: the dashboards of the repository brought to Grafana."""

from collections import Counter
from collections.abc import Iterable, Sequence
from pathlib import Path
from time import sleep
from typing import Annotated

import msgspec
import typer
from rich.markup import escape
from rich.syntax import Syntax
from rich.table import Table

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

from .console import AsJson, check_failed, err, keep_group, out, print_json, wrong_use
from .grafana import DEFAULT_GRAFANA, DryRun, GrafanaUrl, TokenFile, grafana_at

app = typer.Typer(
    help="The dashboards of this installation in Grafana.", no_args_is_help=True, callback=keep_group
)

_FAILED, _NOT_TRIED = "failed", "not tried"
_GOOD = {*WRITTEN, Action.UNCHANGED}
_STYLE = {"created": "green", "changed": "green", "unchanged": "dim", "not tried": "dim"}


class Row(msgspec.Struct):
    """What became of a dashboard, or would become of it; `diff` is of its JSON, Grafana's first."""

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
        typer.Option("--dir", help="Folder that holds <folder>/<uid>.json.", show_default="those that ship"),
    ] = DASHBOARDS,
    overwrite: Annotated[
        bool, typer.Option("--overwrite", help="Replace also what a person changed in Grafana.")
    ] = False,
    dry_run: DryRun = False,
    as_json: AsJson = False,
) -> None:
    """Bring the dashboards to Grafana as the files have them: new ones are created, changed ones get
    a new version, others are left alone.

    What a person saved in Grafana since is not replaced unless told. Exit code 1 when a dashboard
    was not published, or would not be.
    """
    try:
        wanted = read_dashboards(directory)
    except DashboardFilesInvalid as error:
        wrong_use(f"--dir: {error}")
    rows: list[Row] = []
    stopped = ""
    with grafana_at(grafana, token_file) as client:
        try:
            for one, result in publish(GrafanaDashboards(client), wanted, overwrite, dry_run, sleep):
                rows.append(_row(one, result))
        except GrafanaError as error:
            stopped = str(error)
    rows += [Row(one.folder, one.uid, one.title, _NOT_TRIED) for one in wanted[len(rows) :]]
    if as_json:
        print_json({"grafana": grafana, "dry_run": dry_run, "dashboards": rows, "stopped": stopped or None})
    else:
        _print(rows, dry_run, stopped)
    if any(row.action not in _GOOD for row in rows):
        check_failed()


def _row(wanted: Dashboard, result: Result) -> Row:
    if isinstance(result, Change):
        action, detail, diff = result.action.value, result.detail, result.diff
    else:
        action, detail, diff = _FAILED, str(result), ""
    return Row(wanted.folder, wanted.uid, wanted.title, action, detail, diff)


def _print(rows: Sequence[Row], dry_run: bool, stopped: str) -> None:
    table = Table(box=None, pad_edge=False, show_header=False)
    for row in rows:
        style = _STYLE.get(row.action, "bold red")
        table.add_row(f"[{style}]{row.action}[/]", f"{row.folder}/{row.uid}", escape(row.title))
    out.print(table)
    for row in rows:
        if row.detail:
            out.print(f"\n{row.folder}/{row.uid}: {row.action}: {row.detail}", markup=False, highlight=False)
        if dry_run and row.diff:
            out.print()
            out.print(Syntax(row.diff, "diff", background_color="default"))
    out.print(f"\n{'would be: ' if dry_run else ''}{_counts(rows)}", highlight=False)
    if stopped:
        err.print(f"[red]error:[/red] {escape(stopped)}", highlight=False)


def _counts(rows: Iterable[Row]) -> str:
    return ", ".join(f"{number} {action}" for action, number in Counter(row.action for row in rows).items())
