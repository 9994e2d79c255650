"""A row of the table of conditions: expression, limits, units and texts."""

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

    def format_value(self) -> Text:
        """Templates of the number that the alert judges."""
        return Text(self.zh, self.en)

    def format_number(self, number: str) -> Text:
        """Templates of another number: a literal, or a template expression in parentheses."""
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
class Judgement:
    """A number as PromQL, and the limit of each severity beyond which it is bad.

    `per`: a metric of durations with the same labels; the limits are multiples of it.
    """

    value: str
    comparison: Comparison = ">"
    limits: Limits
    unit: Unit
    per: PlainMetric | None = None


@dataclass(frozen=True, kw_only=True)
class Condition(Judgement):
    """An alert: one rule for each severity that has a limit.

    `hold_s`: how long it must last, in seconds. `both`: numbers that must be beyond the same limit
    as well. `either`: judgements of which one is enough instead of the first; the alert keeps the
    first's labels and value. `guards`: PromQL beginning with `and` or `unless`, each a reason to stay
    silent. `family`: the feed that it mainly reads; empty where a label of the series names it, or
    where it reads none. `labels`: of the alert, besides severity, layer, audience, family and the
    series' own. `summary`, `description`, `action`: texts for people: the problem, its extent, and the
    first thing to do. In them `{value}` and `{limit}` are the number and its limit, `{indicator_name}`
    is an indicator's name, and other names in braces are labels.
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
    either: tuple[Judgement, ...] = ()
    guards: tuple[str, ...] = ()
    labels: Mapping[str, str] = field(default_factory=dict)

    @property
    def severities(self) -> tuple[Severity, ...]:
        """The severities that have a rule, the least severe first."""
        judged = (self, *self.either)
        return tuple(severity for severity in Severity if any(severity in each.limits for each in judged))


def at(**limits: float) -> Limits:
    """Limits by severity, such as at(warning=300, critical=600). Raises ValueError for others."""
    return {Severity(name): limit for name, limit in limits.items()}
