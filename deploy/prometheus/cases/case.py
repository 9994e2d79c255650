"""One case of an alert: what Prometheus sees, which alerts must then be firing, and how promtool plays it."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, NamedTuple

Value = float | str | None
"""A number that stays, promtool's notation with `*` for "to the end", or None for no such series."""

Series = Mapping[str, tuple[str, Value]]
"""What there is to see by a short name: the series without `tidemark_`, and its usual value."""

DAY_S = 86_400
DAY_M = 24 * 60


class Kind(StrEnum):
    """Why there is the case."""

    FIRES = "fires"
    BELOW = "stays silent just below"
    GUARDED = "is kept silent by a guard"


class Firing(NamedTuple):
    """An alert that must be firing: its severity and labels, but layer and audience."""

    severity: str
    labels: Mapping[str, str]


@dataclass(frozen=True)
class Case:
    """`what` says in words what is seen; `minutes` is how long until it is judged."""

    alert: str
    kind: Kind
    what: str
    seen: Mapping[str, Value]
    firing: tuple[Firing, ...]
    minutes: int


@dataclass(frozen=True, kw_only=True)
class Of:
    """The cases of one alert: `series` is what is seen in all of them, but for what a case says
    otherwise; `labels` is what its alerts carry beside severity, layer and audience."""

    alert: str
    series: Series
    labels: Mapping[str, str]
    minutes: int = 30

    def fires(self, what: str, severities: str, **seen: Value) -> Case:
        """The severities, separated by a space, must fire."""
        firing = tuple(Firing(severity, self.labels) for severity in severities.split())
        return Case(self.alert, Kind.FIRES, what, self._seen(seen), firing, self.minutes)

    def below(self, what: str, **seen: Value) -> Case:
        """Nothing may fire, though little is missing."""
        return Case(self.alert, Kind.BELOW, what, self._seen(seen), (), self.minutes)

    def guarded(self, what: str, **seen: Value) -> Case:
        """Nothing may fire, though the number is beyond its limit."""
        return Case(self.alert, Kind.GUARDED, what, self._seen(seen), (), self.minutes)

    def _seen(self, seen: Mapping[str, Value]) -> dict[str, Value]:
        """Raises KeyError when a case names what its alert does not see."""
        given = {self.series[name][0]: value for name, value in seen.items()}
        return dict(self.series.values()) | given


LEDGER: Series = {
    "waiting": ('ledger_lag_records{partition="0"}', 0),
    "position": ('ledger_position_offset{partition="0"}', "0+10x*"),
}

STOPPED = {"waiting": 5, "position": 10}
"""What is seen of a ledger that does not move though records wait."""


def feed(family: str, limit_s: float) -> Series:
    """A feed whose newest event is a second old, and the ledger."""
    of = f'{{family="{family}"}}'
    return {
        "age": (f"newest_event_age_seconds{of}", 1),
        "age_limit": (f"feed_age_limit_seconds{of}", limit_s),
        **LEDGER,
    }


_EXPORTER = 'job="exporter", instance="exporter:9464"'
_SERIES = re.compile(r"(?P<name>\w+)(?:\{(?P<labels>.*)\})?")


def build_unit_tests(cases: Sequence[Case], rules: str) -> dict[str, Any]:
    """A file of promtool's unit tests against a rule file, in steps of a minute; of half a day
    where one takes days."""
    step = 1 if all(case.minutes < DAY_M for case in cases) else DAY_M // 2
    return {
        "rule_files": [rules],
        "evaluation_interval": f"{step}m",
        "tests": [_build_test(case, step) for case in cases],
    }


def _build_test(case: Case, step: int) -> dict[str, Any]:
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
                    {"labels": _matching({**firing, "severity": alert.severity, **alert.labels}), "value": 1}
                    for alert in case.firing
                ],
            }
        ],
    }


_HOW = {Kind.FIRES: "fires", Kind.BELOW: "stays silent", Kind.GUARDED: "is kept silent"}


def _named(series: str) -> str:
    """With its prefix, and the exporter's job unless it says which."""
    parsed = _SERIES.fullmatch(series)
    if parsed is None:
        raise ValueError(f'{series}: no series; write name{{label="value"}}')
    name, labels = parsed["name"], parsed["labels"] or ""
    if "job=" not in labels:
        labels = f"{labels}, {_EXPORTER}" if labels else _EXPORTER
    return f"{name if name == 'up' else f'tidemark_{name}'}{{{labels}}}"


def _notation(value: Value, steps: int) -> str:
    """promtool's notation of a value until the end."""
    return value.replace("*", str(steps)) if isinstance(value, str) else f"{value}+0x{steps}"


def _matching(labels: Mapping[str, str]) -> str:
    return "{" + ", ".join(f'{name}="{value}"' for name, value in labels.items()) + "}"
