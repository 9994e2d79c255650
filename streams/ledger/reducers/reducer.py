"""The two shapes of reducer: events that simply add up, and entities with a life."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import msgspec

from tidemark.streams.contracts.civil import Civil, Periods, millis
from tidemark.streams.contracts.envelope import Event
from tidemark.streams.contracts.family import Payload
from tidemark.streams.contracts.published import Entry
from tidemark.streams.ledger.contribution import Contribution
from tidemark.streams.ledger.facts import Fact, Facts


def time_of_event(_payload: Any, time_ms: int, _civil: Civil) -> int:
    """The event belongs to the periods of its time."""
    return time_ms


def start_of_window(payload: Any, _time_ms: int, _civil: Civil) -> int:
    """The event belongs wholly to the periods of its window's start."""
    return millis(payload.window_start)


@dataclass(frozen=True)
class AdditiveReducer:
    """Every event adds what `contributions(payload, subject, when)` says, whatever came before.

    `belongs_ms(payload, time_ms, civil)` is the instant that decides the periods `when`.
    """

    contributions: Callable[[Any, str, Periods], tuple[Contribution, ...]]
    belongs_ms: Callable[[Any, int, Civil], int] = time_of_event


def no_contributions(_of: object) -> tuple[Contribution, ...]:
    """For entities that add nothing to cells."""
    return ()


@dataclass(frozen=True)
class EntityReducer:
    """What an entity adds: each fact for itself, and all of them together.

    `key(payload)` identifies the entity in its family. `of_fact(fact)` is added as often as
    the fact holds; `of_life(facts)` is what follows from several facts, given in order, such
    as the time between two. Facts more than a lifetime apart are never given together.
    `record(facts)` is the published value, None when no fact holds. `lifetime_ms`: how late a
    fact may come; None is for ever.
    """

    key: Callable[[Any], tuple[str, ...]]
    of_fact: Callable[[Fact], Sequence[Contribution]] = no_contributions
    of_life: Callable[[Sequence[Fact]], Sequence[Contribution]] = no_contributions
    record: Callable[[Facts], bytes | None] | None = None
    lifetime_ms: int | None = None


def changes(event: Event) -> tuple[tuple[Payload, int], ...]:
    """The payloads an event takes away (-1) and adds (+1)."""
    if event.op == "create":
        return ((event.data, 1),)
    if event.op == "retract":
        return ((event.data.before, -1),)
    return ((event.data.before, -1), (event.data.after, 1))


def latest_record(facts: Facts) -> bytes | None:
    """The last fact as an entry."""
    last = None
    for last in facts:  # noqa: B007  the last one is meant
        pass
    if last is None:
        return None
    return msgspec.json.encode(Entry(last.time_ms, last.subject, last.payload))
