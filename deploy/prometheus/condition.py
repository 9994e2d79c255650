"""What one row of the table of conditions says."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Literal

from tidemark.services.exporter.pipeline_metrics import Plain
from tidemark.streams.contracts.text import Text

from .units import Unit

Comparison = Literal[">", ">=", "<"]
Group = Literal["pace", "refund", "port", "payment", "footfall", "feeds", "tidemark"]
Layer = Literal["business", "pipeline"]
Audience = Literal["bureau", "district", "port", "tax", "platform"]


class Severity(StrEnum):
    """How much an alert matters."""

    INFO = "info"
    WARNING = "warning"
    CRITICAL = "critical"


@dataclass(frozen=True, kw_only=True)
class Judged:
    """A number as PromQL, and beyond which limit of each severity it is bad.

    `per`: a metric of durations that the limits are multiples of, with the same labels.
    """

    value: str
    comparison: Comparison
    limits: Mapping[Severity, float]
    unit: Unit
    per: Plain | None = None


@dataclass(frozen=True, kw_only=True)
class Texts:
    """What a person reads: what is the matter, how much, and the first thing to do.

    `{value}` and `{limit}` stand for the number and its limit, other names in braces for labels,
    `{indicator_name}` for an indicator's name.
    """

    summary: Text
    description: Text
    action: Text


@dataclass(frozen=True, kw_only=True)
class Condition(Judged):
    """An alert: one rule for each severity that has a limit.

    `hold_s`: how long it must last, in seconds. `both`: numbers that must be beyond the same limit
    as well. `either`: judgements of which one suffices in place of the first; they keep its labels
    and its value. `guards`: PromQL beginning with `and` or `unless`, each a reason to be silent.
    `family`: the feed it mainly reads; empty where the series say so, or where it reads none.
    `labels`: of the alert, beside severity, layer, audience, family and the series' own.
    """

    name: str
    group: Group
    layer: Layer
    audience: Audience
    family: str
    dashboard: str
    texts: Texts
    hold_s: int = 0
    both: tuple[str, ...] = ()
    either: tuple[Judged, ...] = ()
    guards: tuple[str, ...] = ()
    labels: Mapping[str, str] = field(default_factory=dict)

    @property
    def severities(self) -> tuple[Severity, ...]:
        """Those that have a rule, the least first."""
        judged = (self, *self.either)
        return tuple(one for one in Severity if any(one in each.limits for each in judged))
