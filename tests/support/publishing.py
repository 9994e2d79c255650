"""Publishing dashboards as a user would, to a stand-in Grafana."""

import json
from pathlib import Path
from typing import Any

from click.testing import Result
from typer import Typer
from typer.testing import CliRunner

from tests.servers.grafana import TOKEN
from tidemark.services.cli import annotations, dashboards
from tidemark.services.cli.log_output import show_warnings

FIRST = {"uid": "tax-refund", "title": "离境退税 Tax refund", "panels": [{"title": "Forms", "type": "stat"}]}
SECOND = {"uid": "footfall", "title": "Footfall", "panels": []}
WALL = {"uid": "wall-footfall", "title": "Footfall, wall", "panels": []}


def three_dashboards(root: Path) -> Path:
    """Their files, in two folders of a new folder."""
    for folder, model in (("tidemark", FIRST), ("tidemark", SECOND), ("wall-screens", WALL)):
        write_dashboard(root, folder, model)
    return root


def write_dashboard(root: Path, folder: str, model: dict[str, Any]) -> None:
    path = root / folder / f"{model['uid']}.json"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps(model), encoding="utf-8")


def publish(url: str, files: Path, *options: str, token: str = TOKEN) -> Result:
    """`tidemark dashboards publish`."""
    token_file = files.parent / "token"
    token_file.write_text(token + "\n")
    words = ["publish", "--grafana", url, "--token-file", str(token_file), "--dir", str(files)]
    return _invoke(dashboards.app, *words, *options)


def sync(url: str, log: str, folder: Path, *options: str) -> Result:
    """`tidemark annotations sync`."""
    token_file = folder / "token"
    token_file.write_text(TOKEN)
    words = ["sync", "--grafana", url, "--token-file", str(token_file), "--log", log]
    return _invoke(annotations.app, *words, *options)


def _invoke(app: Typer, *words: str) -> Result:
    show_warnings()  # as the command line does; the default would print them among the output
    done = CliRunner(env={"COLUMNS": "200"}).invoke(app, words)
    assert isinstance(done.exception, SystemExit | None), done.exception
    assert "Traceback" not in done.output
    assert TOKEN not in done.output
    return done


def actions(done: Result) -> dict[str, str]:
    """The action on each dashboard by uid, from --json."""
    return {row["uid"]: row["action"] for row in json.loads(done.stdout)["dashboards"]}
