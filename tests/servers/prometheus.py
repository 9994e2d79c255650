"""A real Prometheus for a test."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from ruamel.yaml import YAML

from tests.servers.ports import HOST
from tests.servers.require import program
from tests.servers.web import WebServer

Series = tuple[dict[str, str], float]
"""Labels, and the value."""


class Prometheus(WebServer):
    """Prometheus with the test's configuration, which is written to its folder.

    The configuration names rule files by absolute paths. Blocks to be served must be in `data` before it
    starts. Raises NotInstalled.
    """

    def __init__(self, folder: Path, config: Mapping[str, Any], flags: Sequence[str] = ()) -> None:
        super().__init__(folder, "prometheus", "/-/ready")
        self.data = folder / "data"
        self._config = folder / "prometheus.yml"
        self._flags = list(flags)
        YAML().dump(dict(config), self._config)

    def command(self) -> Sequence[str]:
        return [
            program("prometheus"),
            f"--config.file={self._config}",
            f"--storage.tsdb.path={self.data}",
            f"--web.listen-address={HOST}:{self.port}",
            "--storage.tsdb.retention.time=10y",
            "--query.lookback-delta=5m",
            *self._flags,
        ]

    def query(self, expression: str, at: float | None = None) -> list[Series]:
        """The instant vector, or a scalar as one series without labels, now or at a Unix time."""
        when = {} if at is None else {"time": at}
        data = self.get("/api/v1/query", query=expression, **when).json()["data"]
        if data["resultType"] == "scalar":
            return [({}, float(data["result"][1]))]
        return [(series["metric"], float(series["value"][1])) for series in data["result"]]

    def alerts(self) -> list[dict[str, Any]]:
        """Pending and firing alerts."""
        alerts: list[dict[str, Any]] = self.get("/api/v1/alerts").json()["data"]["alerts"]
        return alerts

    def rules(self) -> list[dict[str, Any]]:
        """Every rule of every group, with its health and the last error."""
        groups = self.get("/api/v1/rules").json()["data"]["groups"]
        return [rule for group in groups for rule in group["rules"]]

    def healthy(self, job: str) -> bool:
        """Whether the last scrape of all the job's targets succeeded."""
        targets = self.get("/api/v1/targets", state="active").json()["data"]["activeTargets"]
        own = [target for target in targets if target["labels"]["job"] == job]
        return bool(own) and all(target["health"] == "up" for target in own)
