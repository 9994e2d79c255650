"""What docker-compose.yml and the Dockerfile name exists in the code."""

import tomllib
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from pydantic import ValidationError

from tests.deploy.commands import Unknown, check_variables, parse_command
from tests.deploy.compose import (
    list_published_ports,
    list_served_ports,
    map_mounts,
    read_own_services,
    read_services,
)
from tests.deploy.dockerfile import IGNORED, is_let_through, list_copied, list_instructions, read_entrypoint
from tests.support.commands import ROOT
from tidemark.streams.log.kafka.address import parse_kafka

OWN = read_own_services()
SERVERS = ("gateway", "exporter", "board", "notifier")
WITHOUT_LOG = ("notifier",)
EVERYWHERE = "0.0.0.0"  # noqa: S104  inside its container


@pytest.mark.parametrize("name", OWN)
def test_its_command_and_variables_exist(name: str) -> None:
    check_variables(OWN[name]["command"], OWN[name]["environment"])


@pytest.mark.parametrize(
    ("command", "variables"),
    [
        (["gatewy"], {}),
        (["gateway", "--prot", "8080"], {}),
        (["ledger", "--until-caught"], {}),
        (["simulate", "--from", "2026-01-01"], {}),
        (["log", "create", "--content", "fake"], {}),
        (["gateway"], {"TIDEMARK_GATEWAY_PROT": "8080"}),
        (["board"], {"TIDEMARK_GATEWAY_PORT": "8080"}),
        (["ledger"], {"TIDEMARK_SOURCES": "x"}),
    ],
)
def test_a_wrong_command_flag_value_or_variable_is_found(
    command: list[str], variables: dict[str, str]
) -> None:
    with pytest.raises(Unknown):
        check_variables(command, variables)


def test_a_wrong_value_of_a_variable_is_found() -> None:
    with pytest.raises(ValidationError, match="gateway_port"):
        check_variables(["gateway"], {"TIDEMARK_GATEWAY_PORT": "80800"})


def test_every_service_uses_the_one_log() -> None:
    (url,) = {
        service["environment"]["TIDEMARK_LOG"] for name, service in OWN.items() if name not in WITHOUT_LOG
    }
    host, port = parse_kafka(url).servers.split(":")
    kafka = read_services()[host]
    assert kafka["hostname"] == host
    properties = (ROOT / "deploy/kafka/server.properties").read_text("utf-8")
    assert f"advertised.listeners=PLAINTEXT://{host}:{port}\n" in properties


@pytest.mark.parametrize("name", SERVERS)
def test_its_port_is_the_one_it_listens_on_and_its_health_is_asked_there(name: str) -> None:
    service = OWN[name]
    prefix = f"TIDEMARK_{name.upper()}"
    ((_, _, inside),) = list_published_ports(service)
    assert service["environment"][f"{prefix}_PORT"] == str(inside)
    assert service["environment"][f"{prefix}_HOST"] == EVERYWHERE
    (tool, url) = service["healthcheck"]["test"][1:]
    assert tool == Path(list_copied()[Path("deploy/docker/answers")]).name
    target = urlsplit(url)
    assert (target.hostname, target.port) == ("127.0.0.1", inside)


def test_the_sources_are_read_from_the_secret() -> None:
    gateway = OWN["gateway"]
    (secret,) = gateway["secrets"]
    assert gateway["environment"]["TIDEMARK_SOURCES"] == f"/run/secrets/{secret}"


def test_the_notifier_reads_its_secrets_and_writes_to_its_volume_alone() -> None:
    notifier = OWN["notifier"]
    given = notifier["environment"]
    read = {given["TIDEMARK_NOTIFIER_SECRET_FILE"], given["TIDEMARK_NOTIFIER_CHANNELS"]}
    assert read == {f"/run/secrets/{secret}" for secret in notifier["secrets"]}
    assert str(Path(given["TIDEMARK_NOTIFIER_OUTBOX"]).parent) in map_mounts(notifier)


def test_every_ledger_serves_its_metrics_where_its_health_is_asked() -> None:
    for ledger in (OWN["ledger-1"], OWN["ledger-2"]):
        assert ledger["environment"]["TIDEMARK_LEDGER_HOST"] == EVERYWHERE
        (port,) = list_served_ports(ledger)
        assert urlsplit(ledger["healthcheck"]["test"][-1]).port == port


def test_a_simulated_log_is_made_on_request() -> None:
    topics = read_own_services(CONTENT="simulated")["topics"]["command"]
    assert parse_command(topics)[1].params["content"] == "simulated"


def test_the_image_starts_the_command_that_the_package_installs() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    (command,) = read_entrypoint()
    assert command in project["scripts"]
    assert parse_command(["gateway"])[0] == "gateway"
    (version,) = {service["image"].rpartition(":")[2] for service in OWN.values()}
    assert version == project["version"]


def test_what_the_image_copies_is_there_and_not_ignored() -> None:
    for source in list_copied():
        assert (ROOT / source).exists(), source
        assert is_let_through(source), source


@pytest.mark.parametrize(
    "path", [".git", ".venv", "tests", "var", ".env", "services/cli/__pycache__", "docs"]
)
def test_what_the_image_does_not_need_is_ignored(path: str) -> None:
    assert not is_let_through(Path(path))


def test_a_missing_path_would_be_found() -> None:
    (gone,) = list_copied("COPY sevices services\n")
    assert not (ROOT / gone).exists()
    assert not is_let_through(gone)


def test_the_image_is_built_from_this_tree() -> None:
    for service in OWN.values():
        assert (ROOT / service["build"]["context"]).resolve() == ROOT
        assert (ROOT / service["build"]["dockerfile"]).name + ".dockerignore" == IGNORED.name


def test_the_pythons_of_both_stages_are_one_version_that_the_package_takes() -> None:
    stages = {line.partition(" ")[0] for line in list_instructions("FROM")}
    (base,) = stages
    assert base.startswith("python:3.11.")
