"""Prometheus' configuration and flags, as far as docker-compose.yml promises them."""

import subprocess
from pathlib import Path
from typing import Any

import pytest
from ruamel.yaml import YAML

from tests.deploy.compose import mounts, path_of, published, services
from tests.servers.require import program

SERVICES = services()
PROMETHEUS = SERVICES["prometheus"]


def config_file() -> Path:
    """The file that Prometheus is told to read, where it is mounted from."""
    (inside,) = (Path(flag.partition("=")[2]) for flag in PROMETHEUS["command"] if "config.file" in flag)
    return path_of(mounts(PROMETHEUS)[str(inside.parent)]) / inside.name


def check(file: Path) -> int:
    command = [program("promtool"), "check", "config", str(file)]
    return subprocess.run(command, capture_output=True, timeout=60, check=False).returncode


def test_promtool_accepts_the_configuration() -> None:
    assert check(config_file()) == 0


def test_promtool_would_refuse_a_misspelt_one(tmp_path: Path) -> None:
    misspelt = tmp_path / "prometheus.yml"
    misspelt.write_text(config_file().read_text("utf-8").replace("scrape_interval", "scrape_intervall"))
    assert check(misspelt) != 0


def test_it_asks_services_on_ports_they_serve_and_in_networks_it_shares() -> None:
    config: Any = YAML(typ="safe").load(config_file())
    for job in config["scrape_configs"]:
        for target in (target for each in job["static_configs"] for target in each["targets"]):
            name, _, port = target.partition(":")
            assert name == job["job_name"]
            assert int(port) in {inside for _, _, inside in published(SERVICES[name])}
            assert set(SERVICES[name]["networks"]) & set(PROMETHEUS["networks"])


@pytest.mark.parametrize("flag", [flag.partition("=")[0] for flag in PROMETHEUS["command"]])
def test_prometheus_has_the_flag(flag: str) -> None:
    done = subprocess.run(
        [program("prometheus"), "--help"], capture_output=True, text=True, timeout=60, check=False
    )
    assert f"{flag}=" in done.stdout + done.stderr
