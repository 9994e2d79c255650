"""Colours from the limits of the alerts."""

from grafana_foundation_sdk.models.dashboard import Threshold, ThresholdsConfig, ThresholdsMode

from tidemark.deploy.prometheus.condition import Condition, Severity
from tidemark.deploy.prometheus.conditions import CONDITIONS

GOOD = "green"
COLOURS = {Severity.INFO: "blue", Severity.WARNING: "orange", Severity.CRITICAL: "red"}
ABOVE_ZERO = 1e-6
"""Grafana colours a number from a limit on; where anything above zero is bad, zero itself is good."""

PLAIN = ThresholdsConfig(ThresholdsMode.ABSOLUTE, [Threshold(None, "text")])


def condition(alert: str) -> Condition:
    """The first condition of the alert's name. Raises StopIteration where there is none."""
    return next(one for one in CONDITIONS if one.name == alert)


def thresholds(alert: str) -> ThresholdsConfig:
    """The colour of a number by the alert's limits, in the condition's own unit."""
    if not alert:
        return PLAIN
    judged = condition(alert)
    ordered = sorted(judged.limits.items(), key=lambda pair: pair[1])
    steps = _falling(ordered) if judged.comparison == "<" else _rising(ordered)
    return ThresholdsConfig(ThresholdsMode.ABSOLUTE, steps)


def _rising(limits: list[tuple[Severity, float]]) -> list[Threshold]:
    steps = [Threshold(limit or ABOVE_ZERO, COLOURS[severity]) for severity, limit in limits]
    return [Threshold(None, GOOD), *steps]


def _falling(limits: list[tuple[Severity, float]]) -> list[Threshold]:
    """Bad below the least limit, good from the greatest on."""
    colours = [COLOURS[severity] for severity, _ in limits]
    starts = [None, *(limit for _, limit in limits)]
    return [Threshold(start, colour) for start, colour in zip(starts, [*colours, GOOD], strict=True)]
