"""What the image holds is enough to run Tidemark: the copied files, and nothing else of the tree."""

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.deploy.dockerfile import copied
from tests.support.commands import ROOT

SIMULATE = ["simulate", "--from", "2026-01-01", "--to", "2026-01-02", "--scale", "0.001", "--dry-run"]


@pytest.fixture
def app(tmp_path: Path) -> Path:
    """The image's /app."""
    for source, target in copied().items():
        if target.startswith("/"):
            continue
        into = tmp_path / target / (source.name if target == "./" else "")
        if (ROOT / source).is_dir():
            shutil.copytree(ROOT / source, into, symlinks=True)
        else:
            shutil.copy(ROOT / source, into)
    return tmp_path


def run(app: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    """`tidemark` with the modules of that folder alone; the installed one would be this tree's."""
    program = "import sys; sys.path.insert(0, '.'); from tidemark.services.cli.app import main; main()"
    command = [sys.executable, "-P", "-c", program, *arguments]
    return subprocess.run(command, cwd=app, capture_output=True, text=True, timeout=120, check=False)


def test_the_simulator_finds_its_seeds_in_the_image(app: Path) -> None:
    done = run(app, *SIMULATE)
    assert done.returncode == 0, done.stderr
    assert "events" in done.stdout


def test_without_the_seeds_it_would_not_run(app: Path) -> None:
    shutil.rmtree(app / "seeds")
    assert run(app, *SIMULATE).returncode != 0


@pytest.mark.parametrize("command", ["gateway", "ledger", "exporter", "board"])
def test_every_service_starts_from_the_image(app: Path, command: str) -> None:
    done = run(app, command, "--help")
    assert done.returncode == 0, done.stderr


def test_the_pages_of_the_board_are_in_the_image(app: Path) -> None:
    assert (app / "services/board/page/index.html").is_file()
