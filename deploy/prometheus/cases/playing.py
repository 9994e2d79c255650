"""The cases as promtool plays them."""

import re
from collections.abc import Mapping, Sequence
from typing import Any

from .case import DAY_M, Case, Kind, Value

_EXPORTER = 'job="exporter", instance="exporter:9464"'
_SERIES = re.compile(r"(?P<name>\w+)(?:\{(?P<labels>.*)\})?")


def played(cases: Sequence[Case], rules: str) -> dict[str, Any]:
    """A file of promtool's unit tests against a rule file, in steps of a minute; of half a day
    where one takes days."""
    step = 1 if all(case.minutes < DAY_M for case in cases) else DAY_M // 2
    return {
        "rule_files": [rules],
        "evaluation_interval": f"{step}m",
        "tests": [_test(case, step) for case in cases],
    }


def _test(case: Case, step: int) -> dict[str, Any]:
    """Judged by ALERTS: promtool's own alert_rule_test asks for every annotation word by word."""
    firing = {"alertname": case.alert, "alertstate": "firing"}
    seen = {series: value for series, value in case.seen.items() if value is not None}
    return {
        "name": f"{case.alert} {_HOW[case.kind]}: {case.what}",
        "interval": f"{step}m",
        "input_series": [
            {"series": _named(series), "values": _notation(value, case.minutes // step)}
            for series, value in seen.items()
        ],
        "promql_expr_test": [
            {
                "expr": f"sum without (layer, audience) (ALERTS{_matching(firing)})",
                "eval_time": f"{case.minutes}m",
                "exp_samples": [
                    {"labels": _matching({**firing, "severity": one.severity, **one.labels}), "value": 1}
                    for one in case.firing
                ],
            }
        ],
    }


_HOW = {Kind.FIRES: "fires", Kind.BELOW: "stays silent", Kind.GUARDED: "is kept silent"}


def _named(series: str) -> str:
    """With its prefix, and the exporter's job unless it says which."""
    found = _SERIES.fullmatch(series)
    if found is None:
        raise ValueError(f'{series}: no series; write name{{label="value"}}')
    name, labels = found["name"], found["labels"] or ""
    if "job=" not in labels:
        labels = f"{labels}, {_EXPORTER}" if labels else _EXPORTER
    return f"{name if name == 'up' else f'tidemark_{name}'}{{{labels}}}"


def _notation(value: Value, steps: int) -> str:
    """promtool's notation of a value until the end."""
    return value.replace("*", str(steps)) if isinstance(value, str) else f"{value}+0x{steps}"


def _matching(labels: Mapping[str, str]) -> str:
    return "{" + ", ".join(f'{name}="{value}"' for name, value in labels.items()) + "}"
