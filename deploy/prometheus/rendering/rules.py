"""Alert rules from the table of conditions, and recording rules of amounts of money.

A scale below 1 shortens every duration, so that a test takes seconds instead of days.
"""

import re
from collections.abc import Iterator
from typing import Any

from tidemark.deploy.prometheus.alerts import CONDITIONS
from tidemark.deploy.prometheus.alerts.condition import Condition, Judgement, Severity
from tidemark.services.exporter.recordings import RECORDINGS

from .annotations import Links, build_annotations

Rule = dict[str, Any]

MONEY = "money"
_SECONDS = {"s": 1, "m": 60, "h": 3_600, "d": 86_400}
_DURATION = re.compile(r"(?<=\[)(\d+)([smhd])(?=\])|(?<=offset )(\d+)([smhd])")

SHORTEST_S = 10
"""A range must contain several samples at any scale."""


def build_rules(scale: float = 1.0, links: Links | None = None) -> dict[str, list[Rule]]:
    """Every group of rules by its name.

    `scale` multiplies every duration: how long an alert must last, the ranges it looks back over,
    and how old a feed may be. Guards keep their age limits.
    """
    groups: dict[str, list[Rule]] = {}
    for condition in CONDITIONS:
        groups.setdefault(condition.group, []).extend(build_alert_rules(condition, links or Links(), scale))
    return {**groups, MONEY: build_money_rules()}


def build_alert_rules(condition: Condition, links: Links, scale: float) -> Iterator[Rule]:
    """The rules of a condition, one for each of its severities."""
    for severity in condition.severities:
        rule: Rule = {
            "alert": condition.name,
            "expr": scale_expression(build_expression(condition, severity, scale), scale),
        }
        if condition.hold_s:
            rule["for"] = scale_hold(condition.hold_s, scale)
        rule["labels"] = _build_labels(condition, severity)
        rule["annotations"] = build_annotations(condition, severity, links, scale)
        yield rule


def _build_labels(condition: Condition, severity: Severity) -> dict[str, str]:
    family = {"family": condition.family} if condition.family else {}
    head = {"severity": severity.value, "layer": condition.layer, "audience": condition.audience}
    return {**head, **family, **condition.labels}


def build_expression(condition: Condition, severity: Severity, scale: float = 1.0) -> str:
    """The alert's PromQL: beyond a limit, and no guard applies.

    Without `job` and `instance`, so that two exporters with the same series raise one alert. Without
    `window`, so that the alert continues when another window becomes the shortest with enough samples.
    """
    outer = "min" if condition.comparison == "<" else "max"
    lines = [_build_comparison(condition, severity, scale), *condition.guards]
    body = "\n".join(f"  {line}" for line in "\n".join(lines).split("\n"))
    return f"{outer} without (job, instance, window) (\n{body}\n)"


def _build_comparison(condition: Condition, severity: Severity, scale: float) -> str:
    ways = [
        _compare_all(condition, severity, scale),
        *(_compare_other(condition, each, severity) for each in condition.either if severity in each.limits),
    ]
    present = [way for way in ways if way]
    return present[0] if len(present) == 1 else "(\n  " + "\n  or\n  ".join(present) + "\n)"


def _compare_all(condition: Condition, severity: Severity, scale: float) -> str:
    if severity not in condition.limits:
        return ""
    limit = _build_limit(condition, severity, scale)
    both = (_compare(value, condition.comparison, limit) for value in condition.both)
    return "\nand ".join((f"{condition.value} {condition.comparison} {limit}", *both))


def _compare_other(condition: Condition, other: Judgement, severity: Severity) -> str:
    """The first number, where the other one is beyond its limit."""
    limit = str(other.limits[severity])
    return f"{condition.value} and {_compare(other.value, other.comparison, limit)}"


def _compare(value: str, comparison: str, limit: str) -> str:
    return f"({value} {comparison} {limit})"


def _build_limit(condition: Condition, severity: Severity, scale: float) -> str:
    limit = condition.limits[severity]
    return str(limit) if condition.per is None else f"{limit * scale:g} * {condition.per.name}"


def build_money_rules() -> list[Rule]:
    """The recording rules of amounts of money."""
    return [{"record": row.name, "expr": f"{row.source} / {row.yuan}"} for row in RECORDINGS]


def format_duration(seconds: float) -> str:
    """A duration in Prometheus' notation: 15m, 7d, 1500ms."""
    if seconds != int(seconds):
        return f"{round(seconds * 1000)}ms"
    unit = next((unit for unit in ("d", "h", "m") if seconds and seconds % _SECONDS[unit] == 0), "s")
    return f"{int(seconds) // _SECONDS[unit]}{unit}"


def scale_hold(seconds: int, scale: float) -> str:
    """A rule's `for`: 0, or at least a second, so that the alert is pending first."""
    return format_duration(max(1, seconds * scale) if seconds else 0)


def scale_expression(promql: str, scale: float) -> str:
    """The expression with its ranges and offsets scaled, none below SHORTEST_S."""
    return promql if scale == 1 else _DURATION.sub(lambda duration: _scale_duration(duration, scale), promql)


def _scale_duration(duration: re.Match[str], scale: float) -> str:
    number, unit = (part for part in duration.groups() if part)
    return format_duration(max(SHORTEST_S, int(number) * _SECONDS[unit] * scale))
