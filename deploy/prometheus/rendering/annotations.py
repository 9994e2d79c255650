"""The annotations of alerts, as Prometheus templates."""

import re
from collections.abc import Mapping
from typing import NamedTuple

from tidemark.deploy.prometheus.alerts.condition import Condition, Severity
from tidemark.services.exporter.indicator_metrics import INFO
from tidemark.streams.contracts.text import Language, Text

BOARD = "http://127.0.0.1:8081"
GRAFANA = "http://127.0.0.1:3000"


class Links(NamedTuple):
    """The URLs of a deployment's board and Grafana."""

    board: str = BOARD
    grafana: str = GRAFANA


def build_annotations(condition: Condition, severity: Severity, links: Links, scale: float) -> dict[str, str]:
    """Every annotation by its name; all alerts have the same names."""
    value, limit = condition.unit.format_value(), _build_limit(condition, severity, scale)
    texts = {"summary": condition.summary, "description": condition.description, "action": condition.action}
    return {
        **{
            f"{part}_{language}": _fill_names(
                words.in_language(language),
                _build_names(language, value.in_language(language), limit.in_language(language)),
            )
            for part, words in texts.items()
            for language in Language
        },
        "value": value.en,
        "limit": limit.en,
        "unit": condition.unit.symbol,
        "runbook_url": f"{links.board}/runbooks/{condition.name}",
        "dashboard_url": f"{links.grafana}/d/{condition.dashboard}",
    }


def _fill_names(text: str, names: Mapping[str, str]) -> str:
    """The text with names in braces replaced by their templates; a name without one is a label."""
    return re.sub(r"\{(\w+)\}", lambda name: names.get(name[1], f"{{{{ $labels.{name[1]} }}}}"), text)


def _build_names(language: Language, value: str, limit: str) -> dict[str, str]:
    indicator_name = _query(
        f"{INFO.name}{{indicator='%s'}}", "indicator", f'{{{{ . | first | label "name_{language}" }}}}'
    )
    return {"value": value, "limit": limit, "indicator_name": indicator_name}


def _build_limit(condition: Condition, severity: Severity, scale: float) -> Text:
    """Templates of the limit; of a severity that only `either` has, the least limit of the first number."""
    limits = condition.limits
    number = float(limits.get(severity, min(limits.values())))
    if condition.per is None:
        return condition.unit.format_number(repr(number))
    factor = "" if scale == 1 else f" * {number * scale}"
    label = condition.per.labels[0]
    words = condition.unit.format_number("(. | first | value)")
    series = f"{condition.per.name}{{{label}='%s'}}{factor}"
    return Text(_query(series, label, words.zh), _query(series, label, words.en))


def _query(series: str, label: str, shown: str) -> str:
    """A template that queries the series with the alert's label and shows its result, or nothing."""
    return f'{{{{ with printf "{series}" $labels.{label} | query }}}}{shown}{{{{ end }}}}'
