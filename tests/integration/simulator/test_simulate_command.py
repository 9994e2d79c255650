import asyncio
import json
from pathlib import Path

from typer.testing import CliRunner

from tidemark.services.cli.app import app
from tidemark.streams.contracts.identity import LogIdentity
from tidemark.streams.log import create_log

COMMON = ("--scenario", "quiet", "--scale", "0.2", "--seed", "7", "--from", "2026-01-01")


def run(*arguments: str) -> tuple[int, str, str]:
    result = CliRunner().invoke(app, ["simulate", *COMMON, *arguments])
    return result.exit_code, result.stdout, result.stderr


def test_it_creates_a_log_and_a_second_run_appends_nothing(tmp_path: Path) -> None:
    url, truth = f"sqlite:///{tmp_path}/x.db", tmp_path / "truth.json"
    arguments = ("--to", "2026-01-03", "--faults", "hostile", "--log", url, "--json", "--truth", str(truth))
    code, first, _ = run(*arguments)
    assert code == 0
    report = json.loads(first)
    assert report["appended"] == report["events"] == report["facts"] + report["signals"] > 500
    written = truth.read_bytes()
    assert json.loads(written)["events"] == report["facts"]
    _, second, _ = run(*arguments)
    assert json.loads(second)["appended"] == 0
    assert json.loads(second)["families"] == report["families"]
    assert truth.read_bytes() == written


def test_it_prints_a_table_by_default(tmp_path: Path) -> None:
    code, shown, _ = run("--to", "2026-01-02", "--log", f"sqlite:///{tmp_path}/x.db")
    assert code == 0
    assert "footfall" in shown
    assert "appended" in shown


def test_a_dry_run_touches_no_log(tmp_path: Path) -> None:
    code, shown, _ = run("--to", "2026-01-02", "--dry-run", "--log", f"sqlite:///{tmp_path}/x.db", "--json")
    assert code == 0
    assert json.loads(shown)["events_per_second"] > 0
    assert not list(tmp_path.iterdir())


async def create_real(url: str) -> None:
    await (await create_log(url, LogIdentity(content="real"), lambda: 0)).close()


def test_a_log_of_real_events_is_refused(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path}/real.db"
    asyncio.run(create_real(url))
    code, _, problem = run("--to", "2026-01-02", "--log", url)
    assert code == 2
    assert "real events" in problem


def test_wrong_flags_are_named(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path}/x.db"
    assert "--to" in run("--to", "2025-12-31", "--log", url)[2]
    assert "friendly" in run("--to", "2026-01-02", "--faults", "friendly", "--log", url)[2]
    assert run("--to", "2026-01-02", "--scenario", "loud", "--log", url)[0] == 2
