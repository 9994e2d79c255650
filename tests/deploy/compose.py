"""Reads docker-compose.yml, with its variables filled in as Compose does."""

import re
from pathlib import Path
from typing import Any

from ruamel.yaml import YAML

from tests.support.commands import ROOT

FILE = ROOT / "docker-compose.yml"
IMAGE = "tidemark"
_VARIABLE = re.compile(r"\$\{(\w+):-([^}]*)\}")

Service = dict[str, Any]


def read_compose(text: str | None = None, **variables: str) -> dict[str, Any]:
    """The content of the file, or of a text in its place; a variable that is not given has its default."""
    text = FILE.read_text("utf-8") if text is None else text
    filled = _VARIABLE.sub(lambda match: variables.get(match[1], match[2]), text)
    content: dict[str, Any] = YAML(typ="safe").load(filled)
    return content


def read_services(**variables: str) -> dict[str, Service]:
    """Every service by name."""
    by_name: dict[str, Service] = read_compose(**variables)["services"]
    return by_name


def read_own_services(**variables: str) -> dict[str, Service]:
    """The services that run Tidemark's own image."""
    return {name: each for name, each in read_services(**variables).items() if image_of(each) == IMAGE}


def image_of(service: Service) -> str:
    """The image's name without its version."""
    name: str = service["image"].rpartition(":")[0]
    return name


def list_published_ports(service: Service) -> list[tuple[str, int, int]]:
    """(address, port on the machine, port in the container) of each published port."""
    split = [port.rsplit(":", 2) for port in service.get("ports", [])]
    return [(address, int(outside), int(inside)) for address, outside, inside in split]


def list_served_ports(service: Service) -> set[int]:
    """The ports that it serves in its container: those published, and those in its variables."""
    named = {int(value) for key, value in service.get("environment", {}).items() if key.endswith("_PORT")}
    return named | {inside for _, _, inside in list_published_ports(service)}


def map_mounts(service: Service) -> dict[str, str]:
    """What is mounted at each path in the container: a volume's name or a path."""
    split = [volume.split(":") for volume in service.get("volumes", [])]
    return {inside: outside for outside, inside, *_ in split}


def path_of(mounted: str) -> Path:
    """The path of a bind mount's source."""
    return ROOT / mounted
