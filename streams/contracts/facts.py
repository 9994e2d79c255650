"""What a reducer takes and returns: an entity's facts, an ordered multiset, and their contributions to
cells."""

from collections.abc import Iterable, Iterator, Sequence
from itertools import pairwise
from typing import Any

import msgspec

from .civil import Periods
from .family import EventType, Measure
from .published import Vector

_encode = msgspec.json.Encoder().encode


class Fact(msgspec.Struct, gc=False):
    """A distinct fact and how often it holds; below 0 when its retraction came first."""

    time_ms: int
    when: Periods
    kind: EventType
    subject: str
    payload: Any
    count: int

    def is_same(self, other: "Fact") -> bool:
        """Whether both report the same, however often they hold."""
        return (
            self.time_ms == other.time_ms
            and self.kind is other.kind
            and self.subject == other.subject
            and bool(self.payload == other.payload)
        )

    def sort_key(self) -> tuple[int, str, str, bytes]:
        """Time first; ties are broken by content, since a retraction has its own id."""
        return (self.time_ms, self.kind.type_name, self.subject, _encode(self.payload))


class Facts:
    """The facts of one entity, always in order, whatever their order of arrival."""

    __slots__ = ("_facts",)

    def __init__(self, facts: Iterable[Fact] = ()) -> None:
        self._facts = list(facts)

    def __bool__(self) -> bool:
        return bool(self._facts)

    def __iter__(self) -> Iterator[Fact]:
        """The distinct facts that hold."""
        return iter([fact for fact in self._facts if fact.count > 0])

    def sessions(self, inactivity_gap_ms: int | None) -> list[list[Fact]]:
        """The distinct facts that hold, split where two are further apart than the gap.

        When a fact arrives, the facts before such a gap may or may not have been forgotten; so no
        value may depend on facts on both sides of it.
        """
        facts = [fact for fact in self._facts if fact.count > 0]
        if (
            inactivity_gap_ms is None
            or not facts
            or facts[-1].time_ms - facts[0].time_ms <= inactivity_gap_ms
        ):
            return [facts]
        sessions = [facts[:1]]
        for before, fact in pairwise(facts):
            if fact.time_ms - before.time_ms > inactivity_gap_ms:
                sessions.append([])
            sessions[-1].append(fact)
        return sessions

    @property
    def newest_ms(self) -> int:
        """The greatest time of a fact, also of one retracted in advance; 0 without facts."""
        return self._facts[-1].time_ms if self._facts else 0

    def add(self, new: Fact) -> int:
        """Add the fact, whose own count is 1 or -1.

        Returns the change in how often it holds: 1, 0 or -1. A fact whose count is below 0 does
        not hold.
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
            facts.sort(key=Fact.sort_key)
        return max(new.count, 0)

    def to_json(self) -> bytes:
        """[[type, time_ms, subject, count, payload], …] in order."""
        return _encode(
            [(fact.kind.name, fact.time_ms, fact.subject, fact.count, fact.payload) for fact in self._facts]
        )


Contribution = tuple[Measure, Periods, tuple[str, ...], Vector]
"""(measure, the periods it belongs to, dimension values in the measure's order, vector).

A plain tuple: the fold creates a million of them a minute."""


def negate(vector: Vector) -> Vector:
    """The vector that cancels this one."""
    return tuple([-number for number in vector])


def negate_contributions(contributions: Iterable[Contribution]) -> list[Contribution]:
    """The contributions that cancel the given ones."""
    return [
        (measure, when, dimensions, negate(vector)) for measure, when, dimensions, vector in contributions
    ]


def difference(after: Sequence[Contribution], before: Sequence[Contribution]) -> Sequence[Contribution]:
    """The contributions that replace `before` by `after` in cells; those in both are left out."""
    if not before:
        return after
    removed = list(before)
    added = []
    for contribution in after:
        if contribution in removed:
            removed.remove(contribution)
        else:
            added.append(contribution)
    return added + negate_contributions(removed)
