"""Every command and service of the installed wheel, in an empty folder and without a checkout on the path."""

import json
import os
import subprocess
from collections.abc import Iterator, Sequence
from pathlib import Path

import httpx
import pytest

from tests.install.conftest import GIVEN
from tests.servers.grafana import TOKEN, stand_in_grafana
from tests.servers.ports import free_port
from tests.servers.web import WebServer
from tests.support.demos import shorten_scenario
from tidemark.services.notifier.channels import AUDIENCES

pytestmark = pytest.mark.xdist_group("wheel")

LIMIT_S = 300
CELL = "explain footfall.place day 2026-01-01 mall.coco_park"


def environment() -> dict[str, str]:
    """The environment without paths and settings of a checkout."""
    ours = {name for name in os.environ if name.startswith(("TIDEMARK_", "PYTHON", "VIRTUAL_ENV"))}
    return {name: value for name, value in os.environ.items() if name not in ours} | {"PYTHONSAFEPATH": "1"}


class Installation:
    """An empty folder to work in, and the installed programs."""

    def __init__(self, programs: Path, folder: Path) -> None:
        self.programs = programs
        self.folder = folder

    def run(self, words: str | Sequence[str | Path], program: str = "tidemark") -> str:
        """Run a command that must succeed; returns what it printed."""
        arguments = words.split() if isinstance(words, str) else words
        done = subprocess.run(
            [self.programs / program, *arguments],
            cwd=self.folder,
            env=environment(),
            capture_output=True,
            text=True,
            timeout=LIMIT_S,
            check=False,
        )
        assert done.returncode == 0, f"{words} ended with {done.returncode}\n{done.stdout}\n{done.stderr}"
        return done.stdout

    def evaluate(self, expression: str) -> str:
        """The text of a Python expression that may use `resources`."""
        program = f"import tidemark.services.resources as resources; print({expression})"
        return self.run(["-c", program], "python").strip()


class Service(WebServer):
    """A service of the installation, in its folder."""

    def __init__(self, installation: Installation, name: str, settings: dict[str, str]) -> None:
        super().__init__(installation.folder, name, "/health" if name == "ledger" else "/ready")
        self._command = [
            "env",
            "--chdir",
            str(installation.folder),
            *(f"--unset={name}" for name in os.environ.keys() - environment().keys()),
            "PYTHONSAFEPATH=1",
            *(f"{key}={value}" for key, value in settings.items()),
            f"TIDEMARK_{name.upper()}_PORT={self.port}",
            str(installation.programs / "tidemark"),
            name,
        ]

    def command(self) -> Sequence[str]:
        return self._command


@pytest.fixture(scope="module")
def installation(programs: Path, tmp_path_factory: pytest.TempPathFactory) -> Installation:
    """An installation with a simulated day, processed by the ledger, in the default log."""
    made = Installation(programs, tmp_path_factory.mktemp("empty"))
    made.run("simulate --from 2026-01-01 --to 2026-01-02 --scale 0.001 --scenario year --faults hostile")
    made.run("ledger --until-caught-up")
    return made


@pytest.fixture(scope="module")
def grafana(installation: Installation) -> Iterator[str]:
    """The flags that point a command to a stand-in for Grafana."""
    (installation.folder / "token").write_text(TOKEN)
    with stand_in_grafana() as running:
        yield f"--grafana {running.url} --token-file token"


def test_what_runs_is_the_installed_package(installation: Installation) -> None:
    where = Path(installation.evaluate("resources.SEEDS"))
    assert where.is_relative_to(installation.programs.parent)
    assert not where.is_symlink()


@pytest.mark.parametrize(
    ("words", "shows"),
    [
        ("totals --json", "footfall.place"),
        (f"{CELL} --json", '"adds_up": true'),
        ("verify", " 0 differences"),
        ("rebuild", "records folded"),
        ("targets --json", "refund_shops"),
        ("report --period 2026-01", "html"),
        ("report --period 2026-01 --format docx", "docx"),
        ("report --period 2026-01 --format xlsx", "xlsx"),
        ("dead-letters list", "dead letters"),
        ("history --openmetrics --output history.txt --from 2026-01-01 --to 2026-01-01", ""),
        ("log show", "simulated"),
        ("backup copy", "facts"),
        ("restore copy --log sqlite:///restored.db", "facts"),
        ("sources add /counters/ --file sources.toml --family footfall", ""),
        ("schemas --json", "footfall.counted"),
        ("schemas write reference", "files written"),
        ("schemas check reference", "is up to date"),
        ("topics apply --help", "--replication"),
        ("backtest --help", "--seeds"),
    ],
)
def test_every_command_works_in_an_empty_folder(installation: Installation, words: str, shows: str) -> None:
    assert shows in installation.run(words)


def test_a_sample_is_imported_by_a_mapping_that_ships(installation: Installation) -> None:
    sample = installation.evaluate("resources.SEEDS / 'samples' / 'melbourne-pedestrians-2014-12.csv'")
    words = ["import", sample, "--mapping", "melbourne-pedestrians", "--log", "sqlite:///m.db", "--json"]
    report = json.loads(installation.run(words))
    assert (report["rows"], report["rejected"]) == (10_513, 0)


def test_the_dashboards_that_ship_are_published(installation: Installation, grafana: str) -> None:
    done = json.loads(installation.run(f"dashboards publish {grafana} --json"))
    assert {row["action"] for row in done["dashboards"]} == {"created"}


def test_activities_are_marked_in_grafana(installation: Installation, grafana: str) -> None:
    installation.run(f"annotations sync {grafana} --dry-run")


def test_the_gateway_takes_in_an_event_that_ships(installation: Installation) -> None:
    installation.run("log create --log sqlite:///gateway.db")
    example = Path(installation.evaluate("resources.EXAMPLES / 'footfall.counted.json'")).read_bytes()
    with Service(installation, "gateway", {"TIDEMARK_LOG": "sqlite:///gateway.db"}) as gateway:
        headers = {"Content-Type": "application/cloudevents+json"}
        answer = httpx.post(f"{gateway.url}/v1/events", content=example, headers=headers, timeout=30)
        assert answer.is_success, answer.text


def test_the_ledger_runs(installation: Installation) -> None:
    with Service(installation, "ledger", {}) as ledger:
        assert "tidemark_ledger" in ledger.get("/metrics").text


def test_the_exporter_shows_the_targets(installation: Installation) -> None:
    with Service(installation, "exporter", {}) as exporter:
        assert "tidemark_indicator" in exporter.get("/metrics").text


def test_the_board_serves_its_page_and_the_runbooks(installation: Installation) -> None:
    with Service(installation, "board", {}) as board:
        assert "<title>" in board.get("/").text
        assert "/runbooks/FeedStale" in board.get("/runbooks").text
        assert "<h1>" in board.get("/runbooks/FeedStale").text


def test_the_notifier_accepts_a_channel_of_a_place(installation: Installation) -> None:
    (installation.folder / "var/notifier.secret").write_text("a secret of this test alone")
    audiences = json.dumps(list(AUDIENCES))
    rest = f'audiences = {audiences}\nurl = "json://127.0.0.1:9"\n'
    channels = (
        f'[[channel]]\nname = "all"\n{rest}[[channel]]\nname = "mall"\nplaces = ["mall.coco_park"]\n{rest}'
    )
    (installation.folder / "var/channels.toml").write_text(channels)
    with Service(installation, "notifier", {}) as notifier:
        assert notifier.get("/ready").is_success
    assert "0 undelivered messages" in installation.run("notifications list")


def test_settings_are_read_from_the_folders_env_file(installation: Installation) -> None:
    (installation.folder / ".env").write_text("TIDEMARK_LOG=sqlite:///other.db\n")
    assert "sqlite:///other.db is ready" in installation.run("log create")
    assert (installation.folder / "other.db").is_file()


def test_the_demo_ends_without_a_difference(installation: Installation) -> None:
    ports = {f"TIDEMARK_{name}_PORT": str(free_port()) for name in ("EXPORTER", "BOARD")}
    (installation.folder / ".env").write_text("".join(f"{key}={value}\n" for key, value in ports.items()))
    words = ["demo", "--for", "5"]
    if not GIVEN:  # a year to date takes a minute
        words += ["--scenario", str(shorten_scenario(installation.folder, "dead-letters", 1, 2, past_days=1))]
    assert " 0 differences" in installation.run(words)
