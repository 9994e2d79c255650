"""Entities with a life: their facts, what they add to the cells, and when they are forgotten."""

from collections.abc import Iterable
from heapq import heappop, heappush

import msgspec

from streams.contracts.civil import Civil
from streams.contracts.envelope import Event
from streams.contracts.family import EventType, Payload
from streams.contracts.published import NO_RECORD, Kind, Row

from .contribution import Contribution, difference, negated
from .facts import Fact, Facts, read_facts
from .reducers import ENTITY_REDUCERS, changes

EntityKey = tuple[str, ...]
"""(family, identifier…)"""

_encode = msgspec.json.Encoder().encode
_key = msgspec.json.Decoder(EntityKey)
_NEVER = 2**62


class Entities:
    """The entities of one partition.

    A fact is accepted for one lifetime of its family, an entity is kept for two after its
    newest fact: so nothing that may still come can find its entity gone.
    """

    def __init__(self, civil: Civil) -> None:
        self._civil = civil
        self._entities: dict[EntityKey, Facts] = {}
        self._due: list[tuple[int, EntityKey]] = []
        self._touched: set[EntityKey] = set()

    def apply(self, event: Event, time_ms: int, watermark_ms: int) -> list[Contribution]:
        """Take in an event of an entity family; returns what its cells gain and lose."""
        reducer = ENTITY_REDUCERS[event.family.name]
        key = (event.family.name, *reducer.key(event.payload))
        facts = self._entities.get(key)
        if facts is None or self._dies_ms(key, facts) < watermark_ms:
            facts = self._entities[key] = Facts()
        newest_ms = facts.newest_ms
        before = reducer.of_life(facts) if newest_ms else ()
        found: list[Contribution] = []
        for payload, count in changes(event):
            fact = self._fact(event.kind, time_ms, event.subject, payload, count)
            held = facts.add(fact)
            if held:
                found += reducer.of_fact(fact) if held > 0 else negated(reducer.of_fact(fact))
        self._touched.add(key)
        if not newest_ms or facts.newest_ms < newest_ms:
            self._schedule(key, facts)
        return found + difference(reducer.of_life(facts), before)

    def settle(self, watermark_ms: int) -> list[Row]:
        """Forget entities past their time; returns what changed since the last settling."""
        rows = []
        for key in self._touched:
            rows += self._rows(key)
        self._touched.clear()
        while self._due and self._due[0][0] < watermark_ms:
            _, key = heappop(self._due)
            facts = self._entities.get(key)
            if facts is None:
                continue
            if self._dies_ms(key, facts) < watermark_ms:
                del self._entities[key]
                rows.append(Row(Kind.ENTITY, _encode(key), None))
            else:
                self._schedule(key, facts)
        return rows

    def restore(self, rows: Iterable[Row]) -> None:
        """Take over published entities."""
        for row in rows:
            if row.value is None:
                continue
            key = _key.decode(row.key)
            facts = self._entities[key] = Facts(self._fact(*stored) for stored in read_facts(row.value))
            self._schedule(key, facts)

    def __len__(self) -> int:
        return len(self._entities)

    def _fact(self, kind: EventType, time_ms: int, subject: str, payload: Payload, count: int) -> Fact:
        return Fact(time_ms, self._civil.periods(time_ms), kind, subject, payload, count)

    def _dies_ms(self, key: EntityKey, facts: Facts) -> int:
        """The watermark after which the entity is forgotten."""
        lifetime = ENTITY_REDUCERS[key[0]].lifetime_ms
        return _NEVER if lifetime is None else facts.newest_ms + 2 * lifetime

    def _schedule(self, key: EntityKey, facts: Facts) -> None:
        dies_ms = self._dies_ms(key, facts)
        if dies_ms != _NEVER:
            heappush(self._due, (dies_ms, key))

    def _rows(self, key: EntityKey) -> list[Row]:
        facts = self._entities.get(key)
        rows = [Row(Kind.ENTITY, _encode(key), facts.to_json() if facts else None)]
        record = ENTITY_REDUCERS[key[0]].record
        if record is not None:
            rows.append(Row(Kind.RECORD, _encode(key), (record(facts) if facts else None) or NO_RECORD))
        if not facts:
            self._entities.pop(key, None)
        return rows
