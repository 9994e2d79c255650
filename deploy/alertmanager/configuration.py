"""Alertmanager's configuration as a whole."""

from io import StringIO
from pathlib import Path
from typing import Any, NamedTuple

from ruamel.yaml import YAML

from tidemark.services.gazetteer import load_places
from tidemark.services.resources import CALENDAR
from tidemark.streams.indicators.calendar.china import ChinaCalendar, read_calendar

from .muting import inhibit_rules, time_intervals
from .routes import HEARTBEAT, receivers, routes

FILE = Path(__file__).parent / "alertmanager.yml"

_YEARS = range(2026, 2031)
"""Those of the plan."""
_ZONE = "Asia/Shanghai"
_HEADER = "# Written by `python -m tidemark.deploy.alertmanager` from the tables beside; do not edit.\n"


class Webhook(NamedTuple):
    """Where the notifier takes alerts, and the file with the secret that it asks for."""

    url: str = "http://notifier:9466/alerts"
    secret_file: str = "/run/secrets/notifier_secret"  # noqa: S105  a path


def calendar() -> ChinaCalendar:
    """The days off as this installation knows them. Raises CalendarInvalid, OSError."""
    return read_calendar(CALENDAR)


def configuration(
    webhook: Webhook | None = None, scale: float = 1.0, heartbeat: str | None = None
) -> dict[str, Any]:
    """Routes, receivers, inhibition and quiet hours; `scale` multiplies how long groups wait.

    `heartbeat`: the address outside that is called as long as alerts work; nobody without one.
    """
    places = load_places()
    to = webhook or Webhook()
    return {
        "route": routes(places, scale),
        "receivers": [
            {"name": HEARTBEAT, **({"webhook_configs": [{"url": heartbeat}]} if heartbeat else {})},
            *({"name": name, "webhook_configs": [_webhook(to)]} for name in receivers(places)),
        ],
        "inhibit_rules": inhibit_rules(),
        "time_intervals": time_intervals(calendar(), _YEARS, _ZONE),
    }


def text(config: dict[str, Any]) -> str:
    """The file's text, headed by the years whose days off are only estimated."""
    out = StringIO()
    yaml = YAML()
    yaml.width = 10_000
    yaml.indent(mapping=2, sequence=4, offset=2)
    yaml.default_flow_style = None  # what holds no other list stands on one line
    yaml.representer.ignore_aliases = lambda _: True
    yaml.dump(config, out)
    return _HEADER + "".join(f"# {warning}\n" for warning in warnings()) + out.getvalue()


def warnings() -> list[str]:
    """A sentence for each year of the plan whose days off have not been announced."""
    days = calendar()
    return [warning for year in _YEARS if (warning := days.explain_estimate(year))]


def _webhook(webhook: Webhook) -> dict[str, Any]:
    authorization = {"type": "Bearer", "credentials_file": webhook.secret_file}
    return {"url": webhook.url, "http_config": {"authorization": authorization}}
