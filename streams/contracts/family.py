"""What describes a family of events: its types, who owns an event, how long it matters."""

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

import msgspec

SECOND = 1_000
MINUTE = 60 * SECOND
HOUR = 60 * MINUTE
DAY = 24 * HOUR


class Payload(msgspec.Struct, frozen=True, gc=False, forbid_unknown_fields=True, omit_defaults=True):
    """The typed `data` of an event. A misspelt optional field is refused, not ignored."""


class Stream(StrEnum):
    """Facts add up and are kept for ever; signals say how things stand and last 7 days."""

    FACTS = "facts"
    SIGNALS = "signals"


@dataclass(frozen=True, eq=False)
class EventType:
    """One type of event.

    `key(subject, payload)` names the entity whose events share a partition. `window_start`
    is set where the payload describes a counting window; the event then belongs to the
    periods of that window's start.
    """

    name: str
    payload: type[Payload]
    key: Callable[[str, Any], str]
    meaning: str
    windowed: bool = False

    @property
    def type_name(self) -> str:
        """The CloudEvents `type`, for example `tidemark.footfall.counted.v1`."""
        return f"tidemark.{self.name}.v1"


@dataclass(frozen=True, eq=False)
class Family:
    """A group of event types that are computed together.

    `lateness_ms`: how late its events usually come; later ones are counted as late.
    `lifetime_ms`: how long an entity's facts may still arrive; None is for ever.
    """

    name: str
    types: tuple[EventType, ...]
    lateness_ms: int
    lifetime_ms: int | None = None
    stream: Stream = Stream.FACTS


def require(condition: bool, problem: str) -> None:
    """Raise ValueError, which names the field first, unless the condition holds."""
    if not condition:
        raise ValueError(problem)
