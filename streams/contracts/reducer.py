"""What an entity with a life adds, in functions: its facts hang together in ways of their own."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from operator import attrgetter
from typing import Any

import msgspec

from .contribution import Contribution
from .facts import Fact, Facts
from .published import Entry


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
    of_life: Callable[[Sequence[Fact]], Sequence[Contribution]] = no_contributions
    record: Callable[[Facts], bytes | None] | None = None
    key: Callable[[Any], tuple[str, ...]] = field(init=False)
    """The identifier, of a payload."""

    def __post_init__(self) -> None:
        get = attrgetter(*self.identified_by)
        single = len(self.identified_by) == 1
        object.__setattr__(self, "key", (lambda payload: (get(payload),)) if single else get)


def latest_record(facts: Facts) -> bytes | None:
    """The last fact as an entry."""
    last = None
    for last in facts:  # noqa: B007  the last one is meant
        pass
    if last is None:
        return None
    return msgspec.json.encode(Entry(last.time_ms, last.subject, last.payload))
