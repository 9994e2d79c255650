"""The services of docker-compose.yml as plain processes: the same commands and variables, but other paths and
ports."""

import os
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import NamedTuple

from tests.deploy.compose import Service, list_served_ports
from tests.servers.ports import free_port
from tests.servers.process import ServerFailed, ServerProcess, start
from tests.support.commands import ROOT, TIDEMARK

STOP_S, HEALTHY_S = 30.0, 60.0
ANSWERS = ROOT / "deploy/docker/answers"


class Place(NamedTuple):
    """The log, folder and content that replace what a container is given."""

    log: str
    folder: Path
    content: str = "real"

    @property
    def sources(self) -> Path:
        return self.folder / "sources.toml"


class PlainService(NamedTuple):
    """A running service; `port` is the local port that replaces its own, 0 for none.

    `health` is its health check's command, empty for none.
    """

    name: str
    process: ServerProcess
    port: int
    health: list[str]
    log: Path

    def is_healthy(self) -> bool:
        """Whether one run of its health check succeeds; without a check, whether it runs."""
        if not self.health:
            return self.process.running
        return subprocess.run(self.health, capture_output=True, timeout=30, check=False).returncode == 0

    def wait(self) -> None:
        """Wait until it is healthy. Raises ServerFailed."""
        deadline = time.monotonic() + HEALTHY_S
        while not self.is_healthy():
            if not self.process.running or time.monotonic() > deadline:
                raise ServerFailed(f"{self.name} is not healthy", self.log)


@contextmanager
def run_service(name: str, service: Service, place: Place) -> Iterator[PlainService]:
    """Run the service during the block; it may not be healthy at its start."""
    ports = {inside: free_port() for inside in list_served_ports(service)}
    log = place.folder / f"{name}.log"
    variables = [f"{key}={value}" for key, value in relocate_variables(service, place, ports).items()]
    process = start(["env", *variables, str(TIDEMARK), *service["command"]], log, os.getpid())
    try:
        yield PlainService(
            name, process, next(iter(ports.values()), 0), build_health_check(service, ports), log
        )
    finally:
        process.end(STOP_S)


def run_to_end(service: Service, place: Place) -> subprocess.CompletedProcess[str]:
    """Run a job until it ends."""
    environment = os.environ | relocate_variables(service, place, {})
    command = [TIDEMARK, *service["command"]]
    return subprocess.run(
        command, cwd=place.folder, env=environment, capture_output=True, text=True, timeout=300, check=False
    )


def relocate_variables(service: Service, place: Place, ports: Mapping[int, int]) -> dict[str, str]:
    """Its variables with the local log, secrets and ports."""
    here = {"TIDEMARK_LOG": place.log, "TIDEMARK_SOURCES": str(place.sources)}
    numbers = {str(inside): str(port) for inside, port in ports.items()}
    return {key: here.get(key, numbers.get(value, value)) for key, value in service["environment"].items()}


def build_health_check(service: Service, ports: Mapping[int, int]) -> list[str]:
    """The command of its health check with local ports; empty for none."""
    words = service.get("healthcheck", {}).get("test", [])[1:]
    for inside, port in ports.items():
        words = [word.replace(f":{inside}/", f":{port}/") for word in words]
    return [sys.executable, str(ANSWERS), *words[1:]] if words else []
