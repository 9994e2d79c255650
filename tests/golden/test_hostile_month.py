"""A hostile month gives the same state, dead letters and answers as ever.

If a change is meant to alter them, `python -m tests.golden` writes the expected files again.
"""

import asyncio
import json
import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.golden.__main__ import EXPECTED
from tests.golden.hostile_month import Groups, first_difference, letter_lines, read_log, state_table

pytestmark = pytest.mark.xdist_group("hostile-month")

ROOT = Path(__file__).parents[2]
LIMIT_S = 300


@pytest.fixture(scope="module")
def month(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The results of the month now, from a process with another hash seed."""
    folder = tmp_path_factory.mktemp("month")
    done = subprocess.run(
        [sys.executable, "-m", "tests.golden", "--to", str(folder)],
        cwd=ROOT,
        env=os.environ | {"PYTHONHASHSEED": "random"},
        capture_output=True,
        text=True,
        timeout=LIMIT_S,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return folder


@pytest.fixture(scope="module")
def contents(month: Path) -> tuple[Groups, list[bytes]]:
    """The month's log and state; tests change copies of them."""
    return asyncio.run(read_log(f"sqlite:///{month}/month.db"))


def test_a_hostile_month_gives_the_expected_results(month: Path) -> None:
    assert (difference := first_difference(EXPECTED, month)) is None, difference


def test_the_expected_results_are_of_fold_version_2() -> None:
    assert (EXPECTED / "state.tsv").read_text().startswith("fold version\t2\n")


def copy_month(month: Path, folder: Path) -> Path:
    shutil.copytree(month / "answers", folder / "answers")
    for name in ("state.tsv", "dead_letters.jsonl"):
        shutil.copy(month / name, folder)
    return folder


@pytest.mark.parametrize("kind", ["log facts", "state cell", "state latest", "state entity", "state head"])
def test_one_changed_byte_is_noticed_and_located(
    month: Path, contents: tuple[Groups, list[bytes]], tmp_path: Path, kind: str
) -> None:
    groups, _ = contents
    name = max(name for name in groups if name[0] == kind)
    *rows, (key, value) = groups[name]
    other_value = value.replace(b"1", b"2", 1)
    assert other_value != value
    groups = {**groups, name: [*rows, (key, other_value)]}
    changed = copy_month(month, tmp_path)
    (changed / "state.tsv").write_text(state_table(groups))
    difference = first_difference(EXPECTED, changed)
    assert difference is not None
    assert difference.startswith("state.tsv")
    assert f"{name[0]}\t{name[1]}\t{name[2]}" in difference


def reword_letter(letter: dict[str, object]) -> None:
    letter["detail"] = f"{letter['detail']}."


def change_bytes(letter: dict[str, object]) -> None:
    letter["raw"] = f"{letter['raw']}AAAA"


@pytest.mark.parametrize("change", [reword_letter, change_bytes])
def test_one_changed_dead_letter_is_noticed(
    month: Path,
    contents: tuple[Groups, list[bytes]],
    tmp_path: Path,
    change: Callable[[dict[str, object]], None],
) -> None:
    _, letters = contents
    letter = json.loads(letters[-1])
    change(letter)
    changed = copy_month(month, tmp_path)
    (changed / "dead_letters.jsonl").write_text(letter_lines([*letters[:-1], json.dumps(letter).encode()]))
    difference = first_difference(EXPECTED, changed)
    assert difference is not None
    assert difference.startswith(f"dead_letters.jsonl, line {len(letters)}:")


def test_an_answer_that_is_missing_is_noticed(month: Path, tmp_path: Path) -> None:
    changed = copy_month(month, tmp_path)
    (changed / "answers" / "exporter.txt.gz").unlink()
    assert first_difference(EXPECTED, changed) == "answers/exporter.txt.gz: is in one of the folders only"
