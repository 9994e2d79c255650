"""A family's definition beyond payloads and measures: names, staleness, additions and exports.

Additions are declared as data: a declaration names fields of the payload and contains no code, so that
another implementation of the fold can read it.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from operator import attrgetter
from typing import Any

import msgspec

from .facts import Contribution, Fact, Facts
from .family import SUBJECT, Measure
from .payload import Payload
from .published import LatestFact
from .text import Text

ONE = "@one"
"""In place of a field among sums: the number 1, which counts the event itself."""


@dataclass(frozen=True)
class FirstCharacters:
    """The first characters of a text field."""

    field: str
    length: int


@dataclass(frozen=True)
class IsOneOf:
    """The field holds one of the values."""

    field: str
    values: tuple[str, ...]


@dataclass(frozen=True)
class StartsWith:
    """The field begins with the prefix."""

    field: str
    prefix: str


@dataclass(frozen=True)
class IsPresent:
    """The field is present and not empty."""

    field: str


Condition = IsOneOf | StartsWith | IsPresent


@dataclass(frozen=True)
class Addition:
    """What an event adds to one measure.

    `by`: for each dimension of the measure a text field, SUBJECT or `FirstCharacters`. `sums`: for
    each component a field that counts (a flag as 0 or 1) or ONE; a text instead of a tuple names the
    field that holds the whole vector. The vector is added if all of `adds_if` hold, otherwise
    subtracted if all of `takes_if` hold; with None it is never subtracted.
    """

    measure: Measure
    by: tuple[str | FirstCharacters, ...]
    sums: tuple[str, ...] | str
    adds_if: tuple[Condition, ...] = ()
    takes_if: tuple[Condition, ...] | None = None

    def fields(self) -> tuple[str, ...]:
        """The fields of the payload that the addition names."""
        names = (
            *(part.field if isinstance(part, FirstCharacters) else part for part in self.by),
            *((self.sums,) if isinstance(self.sums, str) else self.sums),
            *(condition.field for condition in (*self.adds_if, *(self.takes_if or ()))),
        )
        return tuple(dict.fromkeys(name for name in names if name not in (SUBJECT, ONE)))


@dataclass(frozen=True)
class Additions:
    """What events with this payload add to.

    The periods are those of the month (2026-08) in the field `month` if that is set, else those of the
    window's start if the payload has one, else those of the event's time.
    """

    payload: type[Payload]
    to: tuple[Addition, ...]
    month: str | None = None


@dataclass(frozen=True)
class Sum:
    """One component of a measure, as a gauge by all its dimensions and `period`."""

    name: str
    measure: Measure
    component: str
    help: str


def sums(measure: Measure, *rows: tuple[str, str, str]) -> tuple[Sum, ...]:
    """The exports of one measure, from rows of (metric name, component, help)."""
    return tuple(Sum(name, measure, component, meaning) for name, component, meaning in rows)


def no_contributions(_of: object) -> tuple[Contribution, ...]:
    """For entities that add nothing to cells."""
    return ()


@dataclass(frozen=True)
class EntityReducer:
    """What an entity adds: each of its facts alone, and the facts of a session together.

    `identified_by` names the payload's fields that identify the entity in its family.
    `of_fact(fact)` is added as often as the fact holds. `of_session(facts)` is what follows from
    several facts, passed in order, such as the time between two; it never receives facts of two
    sessions. `latest_value(facts)` is the published value, None when no fact holds.
    """

    identified_by: tuple[str, ...]
    of_fact: Callable[[Fact], Sequence[Contribution]] = no_contributions
    of_session: Callable[[Sequence[Fact]], Sequence[Contribution]] = no_contributions
    latest_value: Callable[[Facts], bytes | None] | None = None
    key: Callable[[Any], tuple[str, ...]] = field(init=False)
    """Returns the entity's identifier for a payload."""

    def __post_init__(self) -> None:
        get = attrgetter(*self.identified_by)
        single = len(self.identified_by) == 1
        object.__setattr__(self, "key", (lambda payload: (get(payload),)) if single else get)


def latest_fact(facts: Facts) -> bytes | None:
    """The last fact as JSON; None without a fact."""
    last = None
    for last in facts:  # noqa: B007  facts have an order but no index
        pass
    if last is None:
        return None
    return msgspec.json.encode(LatestFact(last.time_ms, last.subject, last.payload))


@dataclass(frozen=True, kw_only=True, eq=False)
class Definition:
    """How one family is named, computed and shown.

    `name` is for headings and tables, `label` for charts, where space is short.
    `stale_after_ms`: how old the newest event may be before the family's numbers are stale; None for
    signals, which feed no number. `stale_alert`: whether an alert then fires.
    `adds`: what the events add to, declared by type where each event is added on its own, a reducer
    where they belong to stateful entities; None for signals. `exports`: the gauges for Prometheus.
    """

    name: Text
    label: Text
    stale_after_ms: int | None
    stale_alert: bool = False
    adds: tuple[Additions, ...] | EntityReducer | None
    exports: tuple[Sum, ...] = ()
