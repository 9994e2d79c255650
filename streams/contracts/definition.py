"""What a family is beside its payloads and measures: names, staleness, what it adds up to and shows.

What events add is declared: a declaration names fields of the payload, and nothing in it is code, so
that another core than this one can read it.
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
"""Stands for the number 1 among sums: the event itself is counted."""


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
    """The field is given and not empty."""

    field: str


Condition = IsOneOf | StartsWith | IsPresent


@dataclass(frozen=True)
class Addition:
    """What an event adds to one measure.

    `by`: for each dimension of the measure a text field, SUBJECT or `First`. `sums`: for each
    component a field that counts (a flag as 0 or 1) or ONE; a text instead of a tuple names the
    field that holds the whole vector. It is added when all of `adds_if` hold, else taken away when
    all of `takes_if` do; None never takes away.
    """

    measure: Measure
    by: tuple[str | FirstCharacters, ...]
    sums: tuple[str, ...] | str
    adds_if: tuple[Condition, ...] = ()
    takes_if: tuple[Condition, ...] | None = None

    def fields(self) -> tuple[str, ...]:
        """The payload's fields that it names."""
        names = (
            *(part.field if isinstance(part, FirstCharacters) else part for part in self.by),
            *((self.sums,) if isinstance(self.sums, str) else self.sums),
            *(condition.field for condition in (*self.adds_if, *(self.takes_if or ()))),
        )
        return tuple(dict.fromkeys(name for name in names if name not in (SUBJECT, ONE)))


@dataclass(frozen=True)
class Additions:
    """What events with this payload add to.

    They belong to the periods of their window's start where the payload has one, to the month
    (2026-08) in the field `month` where that is set, else to those of their time.
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
    """Rows of (metric name, component, help) of one measure."""
    return tuple(Sum(name, measure, component, meaning) for name, component, meaning in rows)


def no_contributions(_of: object) -> tuple[Contribution, ...]:
    """For entities that add nothing to cells."""
    return ()


@dataclass(frozen=True)
class EntityReducer:
    """What an entity adds: each fact for itself, and all of them together.

    `identified_by` names the payload's fields that identify the entity in its family.
    `of_fact(fact)` is added as often as the fact holds; `of_life(facts)` is what follows from
    several facts, given in order, such as the time between two. Facts more than a lifetime apart
    are never given together. `record(facts)` is the published value, None when no fact holds.
    """

    identified_by: tuple[str, ...]
    of_fact: Callable[[Fact], Sequence[Contribution]] = no_contributions
    of_session: Callable[[Sequence[Fact]], Sequence[Contribution]] = no_contributions
    latest_value: Callable[[Facts], bytes | None] | None = None
    key: Callable[[Any], tuple[str, ...]] = field(init=False)
    """The identifier, of a payload."""

    def __post_init__(self) -> None:
        get = attrgetter(*self.identified_by)
        single = len(self.identified_by) == 1
        object.__setattr__(self, "key", (lambda payload: (get(payload),)) if single else get)


def latest_fact(facts: Facts) -> bytes | None:
    """The last fact as an entry."""
    last = None
    for last in facts:  # noqa: B007  the last one is meant
        pass
    if last is None:
        return None
    return msgspec.json.encode(LatestFact(last.time_ms, last.subject, last.payload))


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
