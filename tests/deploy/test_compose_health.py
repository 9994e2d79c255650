"""The health checks of docker-compose.yml, run against the services as they start and end."""

import subprocess
import sys
from pathlib import Path

import pytest

from tests.deploy.compose import read_own_services
from tests.deploy.plain import ANSWERS, Place, run_service
from tests.support.commands import ROOT, succeed

OWN = read_own_services()


@pytest.fixture
def place(tmp_path: Path) -> Place:
    """An empty log with a published state, and a sources file."""
    prepared = Place(f"sqlite:///{tmp_path}/x.db", tmp_path)
    succeed("log", "create", "--log", prepared.log)
    succeed("ledger", "--log", prepared.log, "--until-caught-up")
    prepared.sources.write_bytes((ROOT / "seeds/sources.toml").read_bytes())
    return prepared


@pytest.mark.parametrize("name", ["gateway", "exporter", "board"])
def test_the_health_check_passes_while_the_service_runs_and_fails_afterwards(name: str, place: Place) -> None:
    with run_service(name, OWN[name], place) as plain:
        plain.wait()
        assert not plain._replace(health=[*plain.health[:-1], f"{plain.health[-1]}z"]).is_healthy()
    assert not plain.is_healthy()


def test_answers_reports_the_url_that_does_not_answer() -> None:
    done = subprocess.run(
        [sys.executable, ANSWERS, "http://127.0.0.1:1/ready"], capture_output=True, text=True, check=False
    )
    assert done.returncode == 1
    assert "http://127.0.0.1:1/ready" in done.stderr
    assert "Traceback" not in done.stderr
