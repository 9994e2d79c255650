"""The table of conditions: what one row says, its limits, and how its number is told."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Literal, NamedTuple

from tidemark.services.exporter.pipeline_metrics import PlainMetric
from tidemark.streams.contracts.text import Text

MINUTE_S = 60
HOUR_S = 60 * MINUTE_S
DAY_S = 24 * HOUR_S


class Unit(NamedTuple):
    """A unit: its symbol, and templates with `$value` for the number."""

    symbol: str
    zh: str
    en: str

    def of_value(self) -> Text:
        """Templates of the number that an alert is about."""
        return Text(self.zh, self.en)

    def of(self, number: str) -> Text:
        """Templates of another number: a literal, or a template's expression in brackets."""
        return Text(self.zh.replace("$value", number), self.en.replace("$value", number))


_DURATION = '{{ $value | humanizeDuration | reReplaceAll "( 0[hms])+$" ""'
_IN_CHINESE = {" ": "", "d": "天", "h": "小时", "m": "分钟", "s": "秒"}
_DURATION_ZH = "".join(f' | reReplaceAll "{en}" "{zh}"' for en, zh in _IN_CHINESE.items())

SHARE = Unit("%", "{{ $value | humanizePercentage }}", "{{ $value | humanizePercentage }}")
SECONDS = Unit("s", f"{_DURATION}{_DURATION_ZH} }}}}", f"{_DURATION} }}}}")
DAYS = Unit("d", '{{ printf "%.0f" $value }} 天', '{{ printf "%.0f" $value }} days')
COUNT = Unit("1", '{{ printf "%.0f" $value }}', '{{ printf "%.0f" $value }}')
INDEX = Unit("1", '{{ printf "%.2f" $value }}', '{{ printf "%.2f" $value }}')
BYTES = Unit("B", "{{ $value | humanize1024 }}B", "{{ $value | humanize1024 }}B")


Comparison = Literal[">", ">=", "<"]
Group = Literal["pace", "refund", "port", "payment", "footfall", "feeds", "tidemark"]
Layer = Literal["business", "pipeline"]
Audience = Literal["bureau", "district", "port", "tax", "platform"]


class Severity(StrEnum):
    """How much an alert matters."""

    INFO = "info"
    WARNING = "warning"
    CRITICAL = "critical"


Limits = Mapping[Severity, float]


@dataclass(frozen=True, kw_only=True)
class Judged:
    """A number as PromQL, and beyond which limit of each severity it is bad.

    `per`: a metric of durations that the limits are multiples of, with the same labels.
    """

    value: str
    comparison: Comparison = ">"
    limits: Limits
    unit: Unit
    per: PlainMetric | None = None


@dataclass(frozen=True, kw_only=True)
class Condition(Judged):
    """An alert: one rule for each severity that has a limit.

    `hold_s`: how long it must last, in seconds. `both`: numbers that must be beyond the same limit
    as well. `either`: judgements of which one suffices in place of the first; they keep its labels
    and its value. `guards`: PromQL beginning with `and` or `unless`, each a reason to be silent.
    `family`: the feed it mainly reads; empty where the series say so, or where it reads none.
    `labels`: of the alert, beside severity, layer, audience, family and the series' own.
    `summary`, `description`, `action`: what a person reads, namely what is the matter, how much, and
    the first thing to do. `{value}` and `{limit}` stand for the number and its limit, other names in
    braces for labels, `{indicator_name}` for an indicator's name.
    """

    name: str
    group: Group
    layer: Layer
    audience: Audience
    family: str
    dashboard: str
    summary: Text
    description: Text
    action: Text
    hold_s: int = 0
    both: tuple[str, ...] = ()
    either: tuple[Judged, ...] = ()
    guards: tuple[str, ...] = ()
    labels: Mapping[str, str] = field(default_factory=dict)

    @property
    def severities(self) -> tuple[Severity, ...]:
        """Those that have a rule, the least first."""
        judged = (self, *self.either)
        return tuple(severity for severity in Severity if any(severity in each.limits for each in judged))


def at(**limits: float) -> Limits:
    """Limits by severity, such as at(warning=300, critical=600). Raises ValueError for another word."""
    return {Severity(name): limit for name, limit in limits.items()}
