"""What a reducer is given and returns: an entity's facts, a multiset in an order of their own, and what
they contribute to cells."""

from collections.abc import Iterable, Iterator, Sequence
from itertools import pairwise
from typing import Any

import msgspec

from .civil import Periods
from .family import EventType, Measure
from .published import Vector

_encode = msgspec.json.Encoder().encode


class Fact(msgspec.Struct, gc=False):
    """One distinct fact and how often it holds; below 0 when its retraction came first."""

    time_ms: int
    when: Periods
    kind: EventType
    subject: str
    payload: Any
    count: int

    def is_same(self, other: "Fact") -> bool:
        """Whether the two say the same thing."""
        return (
            self.time_ms == other.time_ms
            and self.kind is other.kind
            and self.subject == other.subject
            and bool(self.payload == other.payload)
        )

    def order(self) -> tuple[int, str, str, bytes]:
        """Time first; ties are broken by content, since a retraction has an id of its own."""
        return (self.time_ms, self.kind.type_name, self.subject, _encode(self.payload))


class Facts:
    """The facts of one entity, always in order, whatever order they came in."""

    __slots__ = ("_facts",)

    def __init__(self, facts: Iterable[Fact] = ()) -> None:
        self._facts = list(facts)

    def __bool__(self) -> bool:
        return bool(self._facts)

    def __iter__(self) -> Iterator[Fact]:
        """The distinct facts that hold."""
        return iter([fact for fact in self._facts if fact.count > 0])

    def sessions(self, longest_pause_ms: int | None) -> list[list[Fact]]:
        """The distinct facts that hold, cut where two are further apart than the pause.

        Whatever lies beyond such a pause may have been forgotten when a fact comes, or not;
        so nothing may follow from facts on both sides of it.
        """
        held = [fact for fact in self._facts if fact.count > 0]
        if longest_pause_ms is None or not held or held[-1].time_ms - held[0].time_ms <= longest_pause_ms:
            return [held]
        lives = [held[:1]]
        for before, fact in pairwise(held):
            if fact.time_ms - before.time_ms > longest_pause_ms:
                lives.append([])
            lives[-1].append(fact)
        return lives

    @property
    def newest_ms(self) -> int:
        """The greatest time of a fact, held or owed; 0 without one."""
        return self._facts[-1].time_ms if self._facts else 0

    def add(self, new: Fact) -> int:
        """Count the fact, whose own count is 1 or -1.

        Returns by how much more often it holds than before: 1, 0 or -1; a fact that is owed
        does not hold.
        """
        facts = self._facts
        for index, fact in enumerate(facts):
            if fact.time_ms == new.time_ms and fact.is_same(new):
                held = max(fact.count, 0)
                fact.count += new.count
                if fact.count == 0:
                    del facts[index]
                return max(fact.count, 0) - held
        facts.append(new)
        if len(facts) > 1 and facts[-2].time_ms >= new.time_ms:
            facts.sort(key=Fact.order)
        return max(new.count, 0)

    def to_json(self) -> bytes:
        """[[type, time_ms, subject, count, payload], …] in order."""
        return _encode(
            [(fact.kind.name, fact.time_ms, fact.subject, fact.count, fact.payload) for fact in self._facts]
        )


Contribution = tuple[Measure, Periods, tuple[str, ...], Vector]
"""(measure, the periods it belongs to, dimension values in the measure's order, vector).

A plain tuple: the fold makes a million of them a minute."""


def negate(vector: Vector) -> Vector:
    """The vector that takes it back."""
    return tuple([-number for number in vector])


def negate_contributions(contributions: Iterable[Contribution]) -> list[Contribution]:
    """The contributions that take the given ones back."""
    return [
        (measure, when, dimensions, negate(vector)) for measure, when, dimensions, vector in contributions
    ]


def difference(after: Sequence[Contribution], before: Sequence[Contribution]) -> Sequence[Contribution]:
    """What to add so that cells that held `before` hold `after`; what both have is left out."""
    if not before:
        return after
    gone = list(before)
    added = []
    for contribution in after:
        if contribution in gone:
            gone.remove(contribution)
        else:
            added.append(contribution)
    return added + negate_contributions(gone)
