"""The annotations of alerts, as Prometheus templates."""

from collections import defaultdict
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
            f"{part}_{language}": words.in_language(language).format_map(
                _build_names(language, value.in_language(language), limit.in_language(language))
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


class _Names(defaultdict[str, str]):
    """Templates by name in braces; any other name is a label."""

    def __missing__(self, name: str) -> str:
        return f"{{{{ $labels.{name} }}}}"


def _build_names(language: Language, value: str, limit: str) -> _Names:
    names = _Names(None, {"value": value, "limit": limit})
    names["indicator_name"] = _query(
        f"{INFO.name}{{indicator='%s'}}", "indicator", f'{{{{ . | first | label "name_{language}" }}}}'
    )
    return names


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
