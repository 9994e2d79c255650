"""docs/guides/kafka.md agrees with the code."""

import re
import shlex

import pytest

from tests.deploy.commands import parse_command
from tests.deploy.compose import FILE, read_services
from tests.support.commands import ROOT
from tidemark.deploy.kafka.acls import TABLE
from tidemark.streams.log.kafka.address import Options, parse_kafka

GUIDE = (ROOT / "docs/guides/kafka.md").read_text("utf-8")
COMMANDS = re.findall(r"^    (?:docker compose exec \S+ )?tidemark ([^&#\n]+)", GUIDE, re.MULTILINE)


def test_its_commands_are_all_found() -> None:
    assert len(COMMANDS) == 9


@pytest.mark.parametrize("command", COMMANDS)
def test_its_commands_exist(command: str) -> None:
    parse_command(shlex.split(command))


def test_it_names_every_option_of_the_url() -> None:
    table = GUIDE.partition("## TLS and passwords")[2].partition("\n\n    kafka://")[0]
    assert set(re.findall(r"`(\w+)=", table)) == set(Options.__struct_fields__)


def test_its_addresses_can_be_read() -> None:
    urls = re.findall(r"kafka://[a-z0-9][^\s'`]+", GUIDE)
    assert len(urls) == 3
    for url in urls:
        parse_kafka(url)


def test_its_ports_profiles_and_variables_are_those_of_the_compose_file() -> None:
    compose = FILE.read_text("utf-8")
    for word in (*re.findall(r"\((\d{4})\)", GUIDE), *re.findall(r"^\| `([A-Z_]+)` \|", GUIDE, re.MULTILINE)):
        assert word in compose, word
    profiles = {profile for each in read_services().values() for profile in each.get("profiles", [])}
    assert set(re.findall(r"--profile (\w+)", GUIDE)) == profiles


def test_its_paths_are_there() -> None:
    for path in re.findall(r"\]\(([^)]+)\)", GUIDE):
        assert (ROOT / "docs/guides" / path).resolve().exists(), path
    assert TABLE.exists()
