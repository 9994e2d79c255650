"""Unit tests of the alerts for promtool, from their cases."""

import re
from collections.abc import Mapping, Sequence
from typing import Any

from tidemark.deploy.prometheus.cases import pace, pipeline, refund, visitors
from tidemark.deploy.prometheus.cases.case import DAY_M, Case, Kind, Value

CASES: tuple[Case, ...] = (*pace.CASES, *refund.CASES, *visitors.CASES, *pipeline.CASES)

_EXPORTER = 'job="exporter", instance="exporter:9464"'
_SERIES = re.compile(r"(?P<name>\w+)(?:\{(?P<labels>.*)\})?")


def build_unit_tests(cases: Sequence[Case], rules: str) -> dict[str, Any]:
    """A file of unit tests of a rule file, in steps of a minute, or of half a day where a case takes days."""
    step = 1 if all(case.minutes < DAY_M for case in cases) else DAY_M // 2
    return {
        "rule_files": [rules],
        "evaluation_interval": f"{step}m",
        "tests": [_build_test(case, step) for case in cases],
    }


def _build_test(case: Case, step: int) -> dict[str, Any]:
    """Evaluates ALERTS, since promtool's alert_rule_test compares every annotation word by word."""
    firing = {"alertname": case.alert, "alertstate": "firing"}
    seen = {series: value for series, value in case.seen.items() if value is not None}
    return {
        "name": f"{case.alert} {_HOW[case.kind]}: {case.what}",
        "interval": f"{step}m",
        "input_series": [
            {"series": _add_job(series), "values": _write_values(value, case.minutes // step)}
            for series, value in seen.items()
        ],
        "promql_expr_test": [
            {
                "expr": f"sum without (layer, audience) (ALERTS{_write_labels(firing)})",
                "eval_time": f"{case.minutes}m",
                "exp_samples": [
                    {
                        "labels": _write_labels({**firing, "severity": alert.severity, **alert.labels}),
                        "value": 1,
                    }
                    for alert in case.firing
                ],
            }
        ],
    }


_HOW = {Kind.FIRES: "fires", Kind.BELOW: "stays silent", Kind.GUARDED: "is kept silent"}


def _add_job(series: str) -> str:
    """The series with the exporter's job, unless it names a job itself."""
    parsed = _SERIES.fullmatch(series)
    if parsed is None:
        raise ValueError(f'"{series}" is not a series; write it as name{{label="value"}}')
    name, labels = parsed["name"], parsed["labels"] or ""
    if "job=" not in labels:
        labels = f"{labels}, {_EXPORTER}" if labels else _EXPORTER
    return f"{name}{{{labels}}}"


def _write_values(value: Value, steps: int) -> str:
    """The value in promtool's notation, until the end."""
    return value.replace("*", str(steps)) if isinstance(value, str) else f"{value}+0x{steps}"


def _write_labels(labels: Mapping[str, str]) -> str:
    return "{" + ", ".join(f'{name}="{value}"' for name, value in labels.items()) + "}"
