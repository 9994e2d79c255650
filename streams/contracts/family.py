"""The description of a family of events: its types, their keys, lateness, measures and retention."""

from bisect import bisect_left
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from operator import attrgetter
from typing import Any, Literal

from .civil import Grain
from .payload import Payload

SECOND = 1_000
MINUTE = 60 * SECOND
HOUR = 60 * MINUTE
DAY = 24 * HOUR


class Stream(StrEnum):
    """Facts are added up and kept for ever; signals report the current situation and are kept for 7 days."""

    FACTS = "facts"
    SIGNALS = "signals"


SUBJECT = "@subject"
"""In place of a field of the payload: the event's subject."""


@dataclass(frozen=True, eq=False)
class EventType:
    """One type of event.

    `keyed_by` names the parts of the key by which events share a partition: a field of the payload,
    or SUBJECT and a field. A payload with a `window_start` describes a counting window; its event
    belongs to the periods of the window's start.
    """

    name: str
    payload: type[Payload]
    keyed_by: tuple[str] | tuple[str, str]
    meaning: str
    key: Callable[[str, Any], str] = field(init=False)
    """Returns the entity's key for a subject and a payload."""
    windowed: bool = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "key", _compile_key(self.keyed_by))
        object.__setattr__(self, "windowed", "window_start" in self.payload.__struct_fields__)

    @property
    def type_name(self) -> str:
        """The CloudEvents `type`, for example `tidemark.footfall.counted.v1`."""
        return f"tidemark.{self.name}.v1"


def _compile_key(parts: tuple[str] | tuple[str, str]) -> Callable[[str, Any], str]:
    get: Callable[[Any], str] = attrgetter(parts[-1])
    if len(parts) == 1:
        return lambda _subject, payload: get(payload)
    if parts[0] != SUBJECT:
        raise ValueError(f"keyed_by: {parts[0]!r} is not SUBJECT; name one field, or SUBJECT and one field")
    return lambda subject, payload: f"{subject}+{get(payload)}"


Unit = Literal["count", "persons", "fen", "usd_cents", "seconds", "milliseconds"]


@dataclass(frozen=True)
class Component:
    """One number of a cell's vector."""

    name: str
    unit: Unit = "count"


@dataclass(frozen=True)
class Dimension:
    """What a measure is broken down by. Only a public dimension may become a metric label; one of entities
    is not public."""

    name: str
    public: bool = True


@dataclass(frozen=True, eq=False)
class Retention:
    """A grain at which totals are kept, and for how long after the period's end; None is for ever."""

    grain: Grain
    keep_ms: int | None = None


@dataclass(frozen=True, eq=False)
class Measure:
    """A vector of whole numbers per dimensions and period.

    `retentions` lists the grains finest first. `bounds` is set for histograms: the vector is then a
    count per bucket (the last above all bounds) and, where declared, the sum of the observed values.
    """

    name: str
    components: tuple[Component, ...]
    dimensions: tuple[Dimension, ...]
    retentions: tuple[Retention, ...]
    meaning: str
    bounds: tuple[int, ...] | None = None
    finest: int = field(init=False)
    """Index of the grain at which contributions are collected; an attribute, since it is read for
    every event."""

    def __post_init__(self) -> None:
        object.__setattr__(self, "finest", int(self.retentions[0].grain))

    @property
    def family(self) -> str:
        """The name of the family whose facts are added up."""
        return self.name.partition(".")[0]


MINUTES = Retention(Grain.MINUTE, 26 * HOUR)
QUARTERS = Retention(Grain.QUARTER, 400 * DAY)
DAYS = Retention(Grain.DAY)
DAYS_OF_ENTITIES = Retention(Grain.DAY, 400 * DAY)
MONTHS = Retention(Grain.MONTH)
LIVE = (MINUTES, QUARTERS, DAYS, MONTHS)
INTRADAY = (QUARTERS, DAYS, MONTHS)
DAILY = (DAYS, MONTHS)
ENTITY_DAYS = (DAYS_OF_ENTITIES,)


def counts(*names: str) -> tuple[Component, ...]:
    """Components that are counts."""
    return tuple(Component(name) for name in names)


def fen(*names: str) -> tuple[Component, ...]:
    """Components that are money in fen."""
    return tuple(Component(name, "fen") for name in names)


def by(*names: str) -> tuple[Dimension, ...]:
    """Public dimensions."""
    return tuple(Dimension(name) for name in names)


def entity(name: str) -> Dimension:
    """A dimension of entities, never a label."""
    return Dimension(name, public=False)


DURATION_BOUNDS_S: tuple[int, ...] = (
    1, 5, 10, 30, 60, 120, 300, 600, 900, 1_800, 3_600,
    2 * 3_600, 6 * 3_600, 12 * 3_600, 86_400,
    2 * 86_400, 7 * 86_400, 30 * 86_400, 90 * 86_400,
)  # fmt: skip
"""Upper bounds in seconds, inclusive; every threshold of the alert rules is one of the bounds."""

AUTHORISATION_BOUNDS_MS: tuple[int, ...] = (50, 100, 200, 500, 1_000, 2_000, 5_000, 10_000)
"""Upper bounds in milliseconds, inclusive."""


def observation(value: int, bounds: Sequence[int]) -> tuple[int, ...]:
    """A value as a vector: a count per bucket (the last above all bounds), then the value."""
    vector = [0] * (len(bounds) + 2)
    vector[bisect_left(bounds, value)] = 1
    vector[-1] = value
    return tuple(vector)


@dataclass(frozen=True, eq=False)
class Family:
    """A group of event types that are computed together.

    `lateness_ms`: how late its events usually arrive; later events are counted as late.
    `inactivity_gap_ms`: the time without facts after which an entity's next fact starts a new
    session; a fact this far behind the watermark is no longer added. None is no limit.
    `measures`: what its facts add up to.
    """

    name: str
    types: tuple[EventType, ...]
    lateness_ms: int
    inactivity_gap_ms: int | None = None
    stream: Stream = Stream.FACTS
    measures: tuple[Measure, ...] = ()


def require(condition: bool, problem: str) -> None:
    """Raise ValueError, which names the field first, unless the condition holds."""
    if not condition:
        raise ValueError(problem)
