"""Entities with a life: their facts until the life is over, and what they come to."""

from collections.abc import Callable, Iterator
from heapq import heappop, heappush
from typing import Any

import msgspec

from tidemark.streams.contracts.family import Family
from tidemark.streams.families import activity, official, refund, registry, ticket

from .planned import Fact
from .sums import Portion
from .truth_refund import refund_portions
from .truth_ticket import ticket_portions

EntityKey = tuple[str, ...]

_encode = msgspec.json.Encoder().encode

_PORTIONS: dict[str, Callable[[list[Fact]], list[Portion]]] = {
    "refund": refund_portions,
    "ticket": ticket_portions,
}
_NAMES: dict[Family, Callable[[Any], tuple[str, ...]]] = {
    refund.FAMILY: lambda p: (p.form_token,),
    ticket.FAMILY: lambda p: (p.ticket_token,),
    registry.FAMILY: lambda p: (p.entity_id,),
    activity.FAMILY: lambda p: (p.activity_id,),
    official.FAMILY: lambda p: (p.indicator_id, p.period, p.basis, p.vintage),
}


def has_life(family: Family) -> bool:
    """Whether the family's measures depend on an entity's facts together."""
    return family in _NAMES


class Lives:
    """The entities of one partition. Each keeps how often each of its facts was said, less taken away."""

    def __init__(self) -> None:
        self._counts: dict[EntityKey, dict[Fact, int]] = {}
        self._due: list[tuple[int, EntityKey]] = []

    def take(self, family: Family, fact: Fact) -> None:
        """Note a fact and what it replaces."""
        name = _NAMES[family]
        for payload, change in ((fact.before, -1), (fact.after, 1)):
            if payload is None:
                continue
            key = (family.name, *name(payload))
            counts = self._counts.get(key)
            if counts is None:
                counts = self._counts[key] = {}
                if family.lifetime_ms is not None:
                    heappush(self._due, (fact.time_ms + 2 * family.lifetime_ms, key))
            said = Fact(fact.kind, fact.time_ms, fact.subject, None, payload)
            counts[said] = counts.get(said, 0) + change

    def finished(self, watermark_ms: int, lifetimes: dict[str, int]) -> Iterator[Portion]:
        """What those come to whose newest fact is two lifetimes old; they are forgotten."""
        while self._due and self._due[0][0] < watermark_ms:
            _, key = heappop(self._due)
            newest = max(fact.time_ms for fact in self._counts[key])
            ends_ms = newest + 2 * lifetimes[key[0]]
            if ends_ms < watermark_ms:
                yield from _PORTIONS[key[0]](_in_order(self._counts.pop(key)))
            else:
                heappush(self._due, (ends_ms, key))

    def unfinished(self) -> Iterator[Portion]:
        """What the others come to so far."""
        for key, counts in self._counts.items():
            if key[0] in _PORTIONS:
                yield from _PORTIONS[key[0]](_in_order(counts))

    def records(self) -> Iterator[tuple[str, Any]]:
        """The latest values, by the text of their keys."""
        for key, counts in self._counts.items():
            if key[0] in _PORTIONS:
                continue
            life = _in_order(counts)
            if life:
                yield _encode(key).decode(), _timeline(life) if key[0] == "registry" else _value(life[-1])


def _in_order(counts: dict[Fact, int]) -> list[Fact]:
    held = sorted(
        (fact.time_ms, fact.kind.name, fact.subject, _encode(fact.after), position)
        for position, fact in enumerate(counts)
    )
    facts = list(counts)
    return [facts[row[4]] for row in held for _ in range(counts[facts[row[4]]])]


def _value(fact: Fact) -> dict[str, Any]:
    data = msgspec.json.decode(_encode(fact.after))
    return {"time_ms": fact.time_ms, "subject": fact.subject, "data": data}


def _timeline(life: list[Fact]) -> dict[str, Any]:
    """For each day from which something holds, the last that was said of it."""
    by_day = {fact.after.valid_from: fact for fact in life}
    return {"timeline": [_value(by_day[day]) for day in sorted(by_day)]}
