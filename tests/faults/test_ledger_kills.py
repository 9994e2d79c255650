"""The ledger process killed at random moments and at every step of publishing.

The log is a simulated month with hostile faults; the truth is the simulator's own. Seeds are
printed; repeat a run with TIDEMARK_TEST_SEED.
"""

import json
import os
import random
import shutil
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.support.commands import ROOT, TIDEMARK, succeed, tidemark
from tests.support.states import published_cells

pytestmark = pytest.mark.xdist_group("hostile_month")

LONG_RUN = "TIDEMARK_TEST_KILLS" in os.environ
KILLS = int(os.environ.get("TIDEMARK_TEST_KILLS", "10"))
SCALE = "0.01" if LONG_RUN else "0.003"  # 90,000 events of all families in the short run, 261,000 in the long
SEED = int(os.environ.get("TIDEMARK_TEST_SEED", "0")) or random.SystemRandom().randrange(1, 10**6)
STEPS = ("publish.begin", "publish.rows", "publish.commit", "publish.checkpoint", "publish.return")


@pytest.fixture(scope="module")
def month(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with a simulated log, its truth, and no state yet."""
    folder = tmp_path_factory.mktemp("month")
    arguments = "--scenario year --seed 7 --from 2026-01-01 --to 2026-02-01 --faults hostile"
    url, truth = f"sqlite:///{folder}/x.db", folder / "truth.json"
    succeed("simulate", *arguments.split(), "--scale", SCALE, "--log", url, "--truth", truth)
    return folder


@pytest.fixture(scope="module")
def undisturbed(month: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The same month, folded without any fault."""
    folder = _copy(month, tmp_path_factory.mktemp("undisturbed"))
    succeed("ledger", "--log", _url(folder), "--until-caught-up")
    return folder


@pytest.fixture
def case(month: Path, tmp_path: Path) -> Iterator[Path]:
    """A copy of the log to fold and tamper with."""
    yield _copy(month, tmp_path / "case")
    shutil.rmtree(tmp_path)


def _copy(source: Path, target: Path) -> Path:
    shutil.copytree(source, target, dirs_exist_ok=True)
    return target


def _url(folder: Path) -> str:
    return f"sqlite:///{folder}/x.db"


def test_a_hostile_month_is_published_with_0_differences_over_all_families(undisturbed: Path) -> None:
    printed = succeed("verify", "--log", _url(undisturbed), "--truth", undisturbed / "truth.json", "--json")
    comparison = json.loads(printed)
    assert comparison["differences"] == []
    families = set(comparison["compared"]) - {"counts"}
    assert len(families) == 12
    assert min(comparison["compared"].values()) > 0


@pytest.mark.parametrize("how", ["remove", "change"])
def test_a_single_removed_or_changed_record_is_found_by_verify(case: Path, how: str) -> None:
    command = [sys.executable, "-m", "tests.faults.tamper", how, _url(case)]
    printed = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True).stdout
    event = json.loads(printed.partition(" ")[2])
    succeed("rebuild", "--log", _url(case))
    done = tidemark("verify", "--log", _url(case), "--truth", case / "truth.json", "--json")
    assert done.returncode == 1
    differences = json.loads(done.stdout)["differences"]
    cell = json.dumps(["footfall.place", "month", "2026-01", event["subject"]], separators=(",", ":"))
    assert cell in [difference["key"] for difference in differences]


async def test_a_ledger_killed_at_random_moments_ends_in_byte_identical_cells(
    case: Path, undisturbed: Path
) -> None:
    print(f"seed {SEED}")
    rng = random.Random(SEED)
    killed = sum(_kill_once(case, rng) for _ in range(KILLS))
    succeed("ledger", "--log", _url(case), "--until-caught-up")
    assert await published_cells(_url(case)) == await published_cells(_url(undisturbed))
    succeed("verify", "--log", _url(case), "--truth", case / "truth.json")
    assert killed > 0


def _kill_once(folder: Path, rng: random.Random) -> int:
    """Kill a ledger at a random moment; 1 if killed. If it caught up before, remove its state."""
    process = subprocess.Popen(
        [TIDEMARK, "ledger", "--log", _url(folder), "--until-caught-up"],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        process.wait(rng.uniform(0.5, 3.0))
    except subprocess.TimeoutExpired:
        process.send_signal(signal.SIGKILL)
        process.wait(30)
        return 1
    for state in folder.glob("x.state.*"):
        state.unlink()
    return 0


@pytest.mark.parametrize("step", STEPS)
async def test_a_ledger_killed_at_any_step_of_publishing_ends_in_byte_identical_cells(
    step: str, case: Path, undisturbed: Path
) -> None:
    for times in (1, 2):
        assert _die_at(step, times, _url(case)) == -signal.SIGKILL
    succeed("ledger", "--log", _url(case), "--until-caught-up")
    assert await published_cells(_url(case)) == await published_cells(_url(undisturbed))


def _die_at(step: str, times: int, url: str) -> int:
    command = [sys.executable, "-m", "tests.faults.killable", url, step, str(times)]
    return subprocess.run(command, cwd=ROOT, check=False).returncode
