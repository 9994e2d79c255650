"""`tidemark import` as a user types it, into SQLite files."""

import asyncio
import json
import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest
import typer
from typer.testing import CliRunner, Result

from tests.support.imports import MAPPINGS, MELBOURNE, NOW_MS, read_appended
from tidemark.services.cli.imports import import_file
from tidemark.streams.log import engine_of
from tidemark.streams.log.port import Receipt

pytestmark = pytest.mark.xdist_group("import-command")

MELBOURNE_MAPPING = MAPPINGS / "melbourne-pedestrians.toml"
CHILD = """
import asyncio, os, signal, sys
from itertools import count
from pathlib import Path
from tidemark.services.importer import importing
from tidemark.services.importer.files import InputFile
from tidemark.services.importer.loading import load_mapping
from tidemark.services.importer.rejects import RejectFile
from tidemark.streams.log import engine_of

file, mapping, url, rejects, last_step = sys.argv[1:]
importing.BATCH = 1_000
steps = count()

def die_at_last(step):
    if next(steps) == int(last_step):
        os.kill(os.getpid(), signal.SIGKILL)

async def main():
    log = await engine_of(url).open_log(lambda: 0, on_step=die_at_last)
    with RejectFile(Path(rejects)) as rejected:
        hooks = importing.Hooks(lambda: 0, lambda position: None)
        text = Path(mapping).read_text()
        await importing.import_file(InputFile(Path(file)), load_mapping(text), log, rejected, hooks)

asyncio.run(main())
"""


def tidemark_import(*arguments: object) -> Result:
    app = typer.Typer()
    app.command()(import_file)
    return CliRunner().invoke(app, [str(argument) for argument in arguments])


def url_of(path: Path) -> str:
    return f"sqlite:///{path}"


def contents(path: Path) -> tuple[list[list[bytes]], list[Receipt]]:
    """The values of each partition, in its order, and the receipts."""
    return asyncio.run(_contents(path))


async def _contents(path: Path) -> tuple[list[list[bytes]], list[Receipt]]:
    log = await engine_of(url_of(path)).open_log(lambda: NOW_MS)
    try:
        return await read_appended(log), await log.receipts()
    finally:
        await log.close()


def test_the_log_is_created_in_the_mappings_zone_and_a_second_import_says_so(tmp_path: Path) -> None:
    command = (MELBOURNE, "--mapping", MELBOURNE_MAPPING, "--log", url_of(tmp_path / "m.db"))
    first = tidemark_import(*command, "--json")
    assert first.exit_code == 0, first.output
    assert "created it for melbourne, Australia/Melbourne" in " ".join(first.stderr.split())
    report = json.loads(first.stdout)
    assert (report["rows"], report["events"], report["rejected"]) == (10_513, 10_513, 0)
    again = tidemark_import(*command)
    assert again.exit_code == 0
    assert again.stdout.startswith("already imported: 10,513 rows on 20")


def test_a_dry_run_shows_events_and_rejected_rows_and_appends_nothing(tmp_path: Path) -> None:
    path = tmp_path / "counts.csv"
    lines = MELBOURNE.read_text().splitlines()[:20]
    path.write_text("\n".join([*lines, "05-OCT-2014 02:30,Sunday,2,4,Town Hall (West),7"]), encoding="utf-8")
    shown = tidemark_import(
        path, "--mapping", MELBOURNE_MAPPING, "--log", url_of(tmp_path / "m.db"), "--dry-run"
    )
    assert shown.exit_code == 1
    events, rest = shown.stdout.splitlines()[:5], shown.stdout.splitlines()[5:]
    assert [json.loads(event)["data"]["entered"] for event in events] == [1544, 222, 146, 375, 127]
    assert rest[0].startswith(
        "line 21: data.window_start: 2014-10-05 02:30:00 does not exist in Australia/Melb"
    )
    assert rest[1].strip() == "05-OCT-2014 02:30,Sunday,2,4,Town Hall (West),7"
    assert rest[2] == "21 rows, 20 events, 0 skipped, 1 rejected; nothing appended"
    assert list(tmp_path.iterdir()) == [path]


def test_rejected_rows_end_with_1_and_the_others_are_imported(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "counts.csv"
    path.write_text("20-DEC-2014 00:00,Saturday,0,4,Town Hall,1544\n21-DEC-2014,,,,,x\n", encoding="utf-8")
    mapping = MELBOURNE_MAPPING.resolve()
    monkeypatch.chdir(tmp_path)
    done = tidemark_import(path, "--mapping", mapping, "--log", url_of(tmp_path / "m.db"))
    assert done.exit_code == 1
    assert "1 events, 0 skipped, 1 rejected" in done.stdout
    assert (tmp_path / "counts.csv.rejected.csv").read_text().splitlines()[1].startswith("2,data.sensor_id,")
    lanes, _ = contents(tmp_path / "m.db")
    assert sum(map(len, lanes)) == 1


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["nothing.csv", "--mapping", MELBOURNE_MAPPING], "No such file"),
        ([MELBOURNE, "--mapping", "nothing.toml"], "give a mapping in TOML"),
        ([MELBOURNE, "--mapping", MELBOURNE], "is not TOML"),
        ([MELBOURNE, "--mapping", MELBOURNE_MAPPING, "--rejects", MELBOURNE], "is the file to import"),
        ([MELBOURNE, "--mapping", MELBOURNE_MAPPING, "--create-zone", "Mars"], "'Mars' is not a time zone"),
    ],
)
def test_wrong_use_ends_with_2_and_the_remedy(tmp_path: Path, arguments: list[object], message: str) -> None:
    done = tidemark_import(*arguments, "--log", url_of(tmp_path / "m.db"))
    assert done.exit_code == 2
    assert message in " ".join(done.stderr.split())
    assert done.stdout == ""


def test_a_log_of_another_zone_is_refused_and_one_without_a_zone_is_not_created(tmp_path: Path) -> None:
    mapping = tmp_path / "mapping.toml"
    text = MELBOURNE_MAPPING.read_text()
    start, end = text.index("[log]"), text.index("# The format of the file")
    mapping.write_text(text[:start] + text[end:], encoding="utf-8")
    command = (MELBOURNE, "--mapping", mapping, "--log", url_of(tmp_path / "m.db"))
    refused = tidemark_import(*command)
    assert refused.exit_code == 2
    assert "--create-zone" in refused.stderr
    assert tidemark_import(*command, "--create-zone", "Australia/Melbourne").exit_code == 0
    other = tidemark_import(*command, "--create-zone", "Asia/Shanghai")
    assert other.exit_code == 2
    assert "change [log] zone" in " ".join(other.stderr.split())


def create_log_for(path: Path) -> None:
    """An empty log in the mapping's zone."""
    empty = path.with_suffix(".csv")
    empty.touch()
    created = tidemark_import(empty, "--mapping", MELBOURNE_MAPPING, "--log", url_of(path))
    assert created.exit_code == 0


@pytest.fixture(scope="module")
def undisturbed(tmp_path_factory: pytest.TempPathFactory) -> list[list[bytes]]:
    """The values of each partition after an import without interruption."""
    path = tmp_path_factory.mktemp("undisturbed") / "whole.db"
    create_log_for(path)
    assert tidemark_import(MELBOURNE, "--mapping", MELBOURNE_MAPPING, "--log", url_of(path)).exit_code == 0
    return contents(path)[0]


@pytest.mark.parametrize("last_step", [0, 3, 4, 8, 20, 31])
def test_an_import_killed_at_any_step_continues_to_the_same_log(
    undisturbed: list[list[bytes]], tmp_path: Path, last_step: int
) -> None:
    broken = tmp_path / "broken.db"
    create_log_for(broken)
    arguments: list[str | Path] = [
        MELBOURNE,
        MELBOURNE_MAPPING,
        url_of(broken),
        tmp_path / "r.csv",
        str(last_step),
    ]
    killed = subprocess.run(
        [sys.executable, "-c", CHILD, *arguments],
        check=False,
        timeout=60,
        env={**os.environ, "PYTHONPATH": str(Path.cwd())},
    )
    assert killed.returncode == -signal.SIGKILL
    done = tidemark_import(MELBOURNE, "--mapping", MELBOURNE_MAPPING, "--log", url_of(broken), "--json")
    assert done.exit_code == 0, done.output
    assert json.loads(done.stdout)["rows"] == 10_513
    assert contents(broken)[0] == undisturbed
