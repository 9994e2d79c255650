"""From a rule to a person: a real Prometheus, a real Alertmanager, and the notifier."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from ruamel.yaml import YAML

from tests.servers.alertmanager import Alertmanager
from tests.servers.ports import HOST
from tests.servers.prometheus import Prometheus
from tests.servers.web import WebServer
from tests.support.commands import TIDEMARK
from tidemark.deploy.alertmanager.configuration import Webhook, build_configuration, render_configuration
from tidemark.deploy.prometheus.rendering.rules import build_rules
from tidemark.services.notifier.channels import AUDIENCES

WAITS = 0.01
"""The factor for Alertmanager's waits: minutes become a second or two."""


class Notifier(WebServer):
    """`tidemark notifier` with one channel for everybody."""

    def __init__(self, folder: Path, channel: str) -> None:
        super().__init__(folder, "notifier", "/ready")
        self.secret = folder / "secret"
        self.secret.write_text("a secret of sixteen letters and more")
        self._channels = folder / "channels.toml"
        self._channels.write_text(
            f'[[channel]]\nname = "duty"\naudiences = {[*AUDIENCES]}\nurl = "{channel}"\n'
        )
        for file in (self.secret, self._channels):
            file.chmod(0o600)

    def command(self) -> Sequence[str]:
        return [
            str(TIDEMARK),
            "notifier",
            f"--notifier-port={self.port}",
            f"--notifier-outbox={self.folder / 'outbox.db'}",
            f"--notifier-secret-file={self.secret}",
            f"--notifier-channels={self._channels}",
            "--notifier-window-s=0",
        ]


def alertmanager(folder: Path, notifier: Notifier) -> Alertmanager:
    """An Alertmanager with the routes of a deployment, but with short waits and no mute times."""
    webhook = Webhook(f"{notifier.url}/alerts", str(notifier.secret))
    config = build_configuration(webhook, WAITS)
    _unmute(config["route"])
    folder.mkdir()
    file = folder / "alertmanager.yml"
    file.write_text(render_configuration(config), "utf-8")
    return Alertmanager(folder, file)


def prometheus(folder: Path, exporter_port: int, alert: str, scale: float, to: Alertmanager) -> Prometheus:
    """A Prometheus that scrapes the exporter every second, with one alert whose durations are multiplied by
    `scale`."""
    chosen = [rule for group in build_rules(scale).values() for rule in group if rule.get("alert") == alert]
    folder.mkdir()
    YAML().dump({"groups": [{"name": "one", "rules": chosen}]}, folder / "rules.yml")
    exporter = {"job_name": "exporter", "static_configs": [{"targets": [f"{HOST}:{exporter_port}"]}]}
    config: dict[str, Any] = {
        "global": {"scrape_interval": "1s", "evaluation_interval": "1s"},
        "rule_files": [str(folder / "rules.yml")],
        "scrape_configs": [exporter],
        "alerting": {"alertmanagers": [{"static_configs": [{"targets": [f"{HOST}:{to.port}"]}]}]},
    }
    return Prometheus(folder, config)


def _unmute(route: dict[str, Any]) -> None:
    """Remove the mute times, so that a test can run at night."""
    route.pop("mute_time_intervals", None)
    for inner in route.get("routes", ()):
        _unmute(inner)
