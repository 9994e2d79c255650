"""Rule files from the table of conditions."""

from collections.abc import Iterator
from typing import Any

from . import scaling
from .annotations import Links, annotations
from .condition import Condition, Judged, Severity
from .conditions import CONDITIONS
from .money import money_rules

Rule = dict[str, Any]

MONEY = "money"


def rules(scale: float = 1.0, links: Links | None = None) -> dict[str, list[Rule]]:
    """Every group of rules by its name, as Prometheus' configuration has them.

    `scale` multiplies every duration: how long an alert must last, the ranges it looks back over,
    and how old a feed may be. Guards keep their ages.
    """
    groups: dict[str, list[Rule]] = {}
    for condition in CONDITIONS:
        groups.setdefault(condition.group, []).extend(alerts(condition, links or Links(), scale))
    return {**groups, MONEY: money_rules()}


def alerts(condition: Condition, links: Links, scale: float) -> Iterator[Rule]:
    """The rules of a condition, one for each of its severities."""
    for severity in condition.severities:
        rule: Rule = {
            "alert": condition.name,
            "expr": scaling.expression(expression(condition, severity, scale), scale),
        }
        if condition.hold_s:
            rule["for"] = scaling.hold(condition.hold_s, scale)
        rule["labels"] = _labels(condition, severity)
        rule["annotations"] = annotations(condition, severity, links, scale)
        yield rule


def _labels(condition: Condition, severity: Severity) -> dict[str, str]:
    family = {"family": condition.family} if condition.family else {}
    head = {"severity": severity.value, "layer": condition.layer, "audience": condition.audience}
    return {**head, **family, **condition.labels}


def expression(condition: Condition, severity: Severity, scale: float = 1.0) -> str:
    """The alert's PromQL: beyond a limit, and no guard against it.

    Without `job` and `instance`: two exporters that see the same make one alert. Without `window`:
    when another becomes the shortest that holds enough, the alert goes on and does not begin anew.
    """
    outer = "min" if condition.comparison == "<" else "max"
    lines = [_beyond(condition, severity, scale), *condition.guards]
    body = "\n".join(f"  {line}" for line in "\n".join(lines).split("\n"))
    return f"{outer} without (job, instance, window) (\n{body}\n)"


def _beyond(condition: Condition, severity: Severity, scale: float) -> str:
    ways = [
        _all_beyond(condition, severity, scale),
        *(_or_else(condition, each, severity) for each in condition.either if severity in each.limits),
    ]
    found = [way for way in ways if way]
    return found[0] if len(found) == 1 else "(\n  " + "\n  or\n  ".join(found) + "\n)"


def _all_beyond(condition: Condition, severity: Severity, scale: float) -> str:
    if severity not in condition.limits:
        return ""
    limit = _limit(condition, severity, scale)
    both = (_compared(value, condition.comparison, limit) for value in condition.both)
    return "\nand ".join((f"{condition.value} {condition.comparison} {limit}", *both))


def _or_else(condition: Condition, other: Judged, severity: Severity) -> str:
    """The first number all the same, wherever the other is beyond its limit."""
    limit = str(other.limits[severity])
    return f"{condition.value} and {_compared(other.value, other.comparison, limit)}"


def _compared(value: str, comparison: str, limit: str) -> str:
    return f"({value} {comparison} {limit})"


def _limit(condition: Condition, severity: Severity, scale: float) -> str:
    limit = condition.limits[severity]
    return str(limit) if condition.per is None else f"{limit * scale:g} * {condition.per.name}"
