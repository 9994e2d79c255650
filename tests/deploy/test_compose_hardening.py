"""The hardening rules that every service of docker-compose.yml follows."""

import re
from typing import Any
from urllib.parse import urlsplit

import pytest
from ruamel.yaml import YAML

from tests.deploy.compose import (
    FILE,
    list_published_ports,
    list_served_ports,
    map_mounts,
    path_of,
    read_compose,
    read_services,
)
from tests.deploy.dockerfile import list_instructions
from tests.support.commands import ROOT

SERVICES = read_services()
ONE_SHOT = {"topics", "simulator"}
VERSION = re.compile(r"v?\d+\.\d+\.\d+(-[a-z]+)*")


def list_violations(service: dict[str, Any]) -> list[str]:
    """The names of the rules that a service violates."""
    limits = service.get("deploy", {}).get("resources", {}).get("limits", {})
    checks = {
        "read_only": service.get("read_only") is True,
        "cap_drop": service.get("cap_drop") == ["ALL"],
        "security_opt": service.get("security_opt") == ["no-new-privileges:true"],
        "user": not str(service.get("user", "root")).startswith(("root", "0")),
        "privileged": "privileged" not in service,
        "limits": limits.keys() >= {"cpus", "memory", "pids"},
        "restart": "restart" in service,
        "logging": "max-size" in service.get("logging", {}).get("options", {}),
        "image": VERSION.fullmatch(service["image"].rpartition(":")[2]) is not None,
        "ports": all(address == "127.0.0.1" for address, _, _ in list_published_ports(service)),
    }
    return [name for name, holds in checks.items() if not holds]


@pytest.mark.parametrize("name", SERVICES)
def test_it_is_hardened_limited_pinned_and_private(name: str) -> None:
    assert list_violations(SERVICES[name]) == []


@pytest.mark.parametrize(
    ("name", "change"),
    [
        ("read_only", {"read_only": False}),
        ("cap_drop", {"cap_drop": []}),
        ("security_opt", {"security_opt": []}),
        ("user", {"user": "0:0"}),
        ("privileged", {"privileged": True}),
        ("limits", {"deploy": {}}),
        ("image", {"image": "tidemark:latest"}),
        ("ports", {"ports": ["0.0.0.0:8080:8080"]}),
    ],
)
def test_a_looser_service_is_found(name: str, change: dict[str, Any]) -> None:
    assert list_violations(SERVICES["gateway"] | change) == [name]


@pytest.mark.parametrize("name", SERVICES)
def test_what_it_refers_to_is_defined(name: str) -> None:
    whole, service = read_compose(), SERVICES[name]
    assert service["depends_on"].keys() <= SERVICES.keys() if "depends_on" in service else True
    assert set(service["networks"]) <= whole["networks"].keys()
    assert set(service.get("secrets", [])) <= whole["secrets"].keys()
    for source in map_mounts(service).values():
        assert source in whole["volumes"] or path_of(source).exists(), source


def test_servers_restart_and_jobs_end() -> None:
    assert {name for name, each in SERVICES.items() if each["restart"] != "unless-stopped"} == ONE_SHOT


def test_all_but_jobs_have_a_health_check() -> None:
    without = {name for name, each in SERVICES.items() if "healthcheck" not in each}
    assert without == ONE_SHOT


def test_the_broker_can_be_reached_by_tidemark_alone() -> None:
    assert read_compose()["networks"]["log"] == {"internal": True}
    assert SERVICES["kafka"]["networks"] == ["log"]
    others = {"prometheus", "alertmanager", "notifier", "grafana"}
    assert {name for name, each in SERVICES.items() if "log" not in each["networks"]} == others


def test_the_broker_is_the_version_that_the_tests_run() -> None:
    pom = (ROOT / "tests/servers/kafka-pom.xml").read_text("utf-8")
    tested = re.search(r"<artifactId>kafka_2.13</artifactId>\s*<version>([^<]+)</version>", pom)
    assert tested is not None
    assert SERVICES["kafka"]["image"] == f"apache/kafka:{tested[1]}"


def test_every_worker_has_an_instance_of_its_own() -> None:
    workers = [each["command"] for name, each in SERVICES.items() if name.startswith("ledger")]
    assert len({tuple(command) for command in workers}) == len(workers) == 2


def test_the_image_does_not_run_as_root() -> None:
    (user,) = list_instructions("USER")
    assert user == SERVICES["gateway"]["user"]
    assert not user.startswith(("0", "root"))


def test_the_file_contains_no_secret() -> None:
    assert re.findall(r"(?i)(password|token|secret_?key)\s*[:=]", FILE.read_text("utf-8")) == []
    assert all(secret.keys() == {"file"} for secret in read_compose()["secrets"].values())


def test_grafana_requires_a_password_from_a_secret_and_reports_nothing_outside() -> None:
    grafana = SERVICES["grafana"]
    (secret,) = grafana["secrets"]
    given = grafana["environment"]
    assert given.pop("GF_SECURITY_ADMIN_PASSWORD__FILE") == f"/run/secrets/{secret}"
    on = {"GF_SECURITY_DISABLE_GRAVATAR", "GF_PLUGINS_PREINSTALL_DISABLED"}
    assert given["GF_AUTH_ANONYMOUS_ENABLED"] == "false"
    assert {name for name, value in given.items() if value != "false"} == on


def test_grafana_finds_its_provisioning_and_the_dashboards_that_it_names() -> None:
    mounted = map_mounts(SERVICES["grafana"])
    provisioning = path_of(mounted["/etc/grafana/provisioning"])
    (provider,) = YAML(typ="safe").load(provisioning / "dashboards/tidemark.yml")["providers"]
    assert list(path_of(mounted[provider["options"]["path"]]).glob("*/*.json"))
    for source in YAML(typ="safe").load(provisioning / "datasources/prometheus.yml")["datasources"]:
        target = urlsplit(source["url"])
        assert target.port in list_served_ports(SERVICES[str(target.hostname)])
