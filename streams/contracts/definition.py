"""What a family is beside its payloads and measures: names, staleness, what it adds up to and shows."""

from dataclasses import dataclass

from .additions import Additions
from .family import Measure
from .reducer import EntityReducer
from .text import Text


@dataclass(frozen=True)
class Sum:
    """One component of a measure, as a gauge by all its dimensions and `period`."""

    name: str
    measure: Measure
    component: str
    help: str


def sums(measure: Measure, *rows: tuple[str, str, str]) -> tuple[Sum, ...]:
    """Rows of (metric name, component, help) of one measure."""
    return tuple(Sum(name, measure, component, meaning) for name, component, meaning in rows)


@dataclass(frozen=True, kw_only=True, eq=False)
class Definition:
    """One family, as it is named, computed and shown.

    `name` is for headings and tables, `label` for charts, where space is short.
    `stale_after_ms`: how old its newest event may be before its numbers count as stale, and
    `stale_alert` whether an alert then fires; None for signals, of which no number is made.
    `adds`: what its events add to, declared by type where each adds for itself, a reducer where
    they belong to an entity with a life; None for signals. `exports`: what Prometheus is shown.
    """

    name: Text
    label: Text
    stale_after_ms: int | None
    stale_alert: bool = False
    adds: tuple[Additions, ...] | EntityReducer | None
    exports: tuple[Sum, ...] = ()
