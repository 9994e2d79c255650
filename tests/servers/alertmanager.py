"""A real Alertmanager for a test."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import httpx

from tests.servers.ports import HOST
from tests.servers.require import NotInstalled, program
from tests.servers.web import WebServer


class Alertmanager(WebServer):
    """An Alertmanager without peers that reads the given configuration file. Raises NotInstalled."""

    def __init__(self, folder: Path, config: Path, flags: Sequence[str] = ()) -> None:
        super().__init__(folder, "alertmanager", "/-/ready")
        self._config = config
        self._flags = list(flags)

    def command(self) -> Sequence[str]:
        return [
            _program(),
            f"--config.file={self._config}",
            f"--storage.path={self.folder / 'data'}",
            f"--web.listen-address={HOST}:{self.port}",
            "--cluster.listen-address=",
            *self._flags,
        ]

    def post(self, alerts: Sequence[dict[str, Any]]) -> None:
        """Send alerts as Prometheus does: labels, annotations, startsAt, endsAt."""
        httpx.post(f"{self.url}/api/v2/alerts", json=list(alerts), timeout=10).raise_for_status()

    def alerts(self) -> list[dict[str, Any]]:
        """Its alerts, with receivers and status (state, inhibitedBy, silencedBy)."""
        alerts: list[dict[str, Any]] = self.get("/api/v2/alerts").json()
        return alerts


def _program() -> str:
    """Debian calls the program prometheus-alertmanager, all others alertmanager."""
    try:
        return program("prometheus-alertmanager")
    except NotInstalled:
        return program("alertmanager")
