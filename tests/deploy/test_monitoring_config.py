"""Prometheus' configuration and flags, against docker-compose.yml."""

import shutil
import subprocess
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from ruamel.yaml import YAML

from tests.deploy.compose import list_served_ports, map_mounts, path_of, read_services
from tests.servers.require import program

SERVICES = read_services()
PROMETHEUS = SERVICES["prometheus"]


def config_file() -> Path:
    """The configuration file that Prometheus reads, as a path of the repository."""
    (inside,) = (Path(flag.partition("=")[2]) for flag in PROMETHEUS["command"] if "config.file" in flag)
    return path_of(map_mounts(PROMETHEUS)[str(inside.parent)]) / inside.name


def check_config(file: Path) -> int:
    command = [program("promtool"), "check", "config", str(file)]
    return subprocess.run(command, capture_output=True, timeout=60, check=False).returncode


def test_promtool_accepts_the_configuration() -> None:
    assert check_config(config_file()) == 0


def test_promtool_would_refuse_a_misspelt_one(tmp_path: Path) -> None:
    misspelt = tmp_path / "prometheus.yml"
    misspelt.write_text(config_file().read_text("utf-8").replace("scrape_interval", "scrape_intervall"))
    assert check_config(misspelt) != 0


def test_it_asks_services_on_ports_they_serve_and_in_networks_it_shares() -> None:
    config = load(config_file())
    jobs = {job["job_name"]: job for job in config["scrape_configs"]}
    assert jobs.keys() == {"exporter", "gateway", "ledger", "notifier", "prometheus", "alertmanager"}
    for job in jobs.values():
        for name, port in targets(job):
            assert name.rstrip("-12") == job["job_name"]
            assert port in list_served_ports(SERVICES[name])
            assert set(SERVICES[name]["networks"]) & set(PROMETHEUS["networks"])
    assert [name for name, _ in targets(jobs["ledger"])] == [name for name in SERVICES if "ledger" in name]


def test_alerts_go_to_the_alertmanager_and_from_there_to_the_notifier() -> None:
    ((manager, port),) = (
        target for each in load(config_file())["alerting"]["alertmanagers"] for target in targets(each)
    )
    assert port in list_served_ports(SERVICES[manager])
    routed = load(path_of(map_mounts(SERVICES[manager])["/etc/alertmanager"]) / "alertmanager.yml")
    hooks = [hook for receiver in routed["receivers"] for hook in receiver.get("webhook_configs", [])]
    ((url, secret),) = {
        (hook["url"], hook["http_config"]["authorization"]["credentials_file"]) for hook in hooks
    }
    target = urlsplit(url)
    assert target.port in list_served_ports(SERVICES[str(target.hostname)])
    for reader in (SERVICES[manager], SERVICES[str(target.hostname)]):
        assert Path(secret).name in reader["secrets"]


def test_every_scrape_ends_before_the_next() -> None:
    config = load(config_file())
    for job in (config["global"], *config["scrape_configs"]):
        wait = job.get("scrape_timeout", config["global"]["scrape_timeout"])
        every = job.get("scrape_interval", config["global"]["scrape_interval"])
        assert int(wait.removesuffix("s")) < int(every.removesuffix("s"))


def test_the_example_of_remote_write_is_valid_beside_the_configuration(tmp_path: Path) -> None:
    folder = config_file().parent
    shutil.copytree(folder / "rules", tmp_path / "rules")
    whole = tmp_path / "prometheus.yml"
    text = config_file().read_text("utf-8") + (folder / "remote-write.example.yml").read_text("utf-8")
    # promtool looks for the file of the token, which a deployment has.
    (tmp_path / "token").write_text("x")
    whole.write_text(text.replace("/run/secrets/remote_write_token", str(tmp_path / "token")))
    assert check_config(whole) == 0
    whole.write_text(whole.read_text("utf-8").replace("queue_config", "queue_konfig"))
    assert check_config(whole) != 0


def load(file: Path) -> Any:
    return YAML(typ="safe").load(file)


def targets(job: Mapping[str, Any]) -> Iterator[tuple[str, int]]:
    """Name and port of every target of a section."""
    for target in (target for each in job["static_configs"] for target in each["targets"]):
        name, _, port = target.partition(":")
        yield name, int(port)


@pytest.mark.parametrize("flag", [flag.partition("=")[0] for flag in PROMETHEUS["command"]])
def test_prometheus_has_the_flag(flag: str) -> None:
    done = subprocess.run(
        [program("prometheus"), "--help"], capture_output=True, text=True, timeout=60, check=False
    )
    assert f"{flag}=" in done.stdout + done.stderr


@pytest.mark.parametrize("flag", [flag.partition("=")[0] for flag in SERVICES["alertmanager"]["command"]])
def test_alertmanager_has_the_flag(flag: str) -> None:
    command = [program("prometheus-alertmanager"), "--help"]
    done = subprocess.run(command, capture_output=True, text=True, timeout=60, check=False)
    assert f"{flag}=" in done.stdout + done.stderr
