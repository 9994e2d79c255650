"""Entities with a life: their facts, what they add to the cells, and when they are forgotten."""

from collections.abc import Iterable, Sequence

import msgspec

from tidemark.streams.contracts.civil import Civil
from tidemark.streams.contracts.definition import EntityReducer
from tidemark.streams.contracts.envelope import Event, changes
from tidemark.streams.contracts.facts import Contribution, Fact, Facts, difference, negate_contributions
from tidemark.streams.contracts.family import DAY, EventType
from tidemark.streams.contracts.payload import Payload
from tidemark.streams.contracts.published import NO_VALUE, Kind, Row
from tidemark.streams.families.definitions import ENTITY_REDUCERS
from tidemark.streams.families.table import FAMILIES, TYPE_BY_NAME

EntityKey = tuple[str, ...]
"""(family, identifier…)"""

_encode = msgspec.json.Encoder().encode
_key = msgspec.json.Decoder(EntityKey)
_NEVER = 2**62
_INACTIVITY_GAPS_MS = {family.name: family.inactivity_gap_ms for family in FAMILIES}
_stored = msgspec.json.Decoder(list[tuple[str, int, str, int, msgspec.Raw]])
_payloads: dict[str, msgspec.json.Decoder[Payload]] = {
    kind.name: msgspec.json.Decoder(kind.payload) for kind in TYPE_BY_NAME.values()
}
_kinds = {kind.name: kind for kind in TYPE_BY_NAME.values()}


class Entities:
    """The entities of one partition.

    A fact is accepted for one lifetime of its family, an entity is kept for two after its
    newest fact. So a fact that finds its entity gone lies more than one lifetime after all of
    the entity's facts, and nothing follows from facts so far apart: whether it is found does
    not matter.
    """

    def __init__(self, civil: Civil) -> None:
        self._civil = civil
        self._entities: dict[EntityKey, Facts] = {}
        self._due: dict[int, list[EntityKey]] = {}
        """Entities by the day, since the epoch, on which they may have to be forgotten."""
        self._touched: set[EntityKey] = set()

    def apply(self, event: Event, time_ms: int, watermark_ms: int) -> list[Contribution]:
        """Take in an event of an entity family; returns what its cells gain and lose."""
        family = event.family
        reducer = ENTITY_REDUCERS[family.name]
        key = (family.name, *reducer.key(event.payload))
        facts = self._entities.get(key)
        if facts is None or _forget_after_ms(key[0], facts) < watermark_ms:
            facts = self._entities[key] = Facts()
        existed, newest_ms = bool(facts), facts.newest_ms
        before = _of_sessions(reducer, family.inactivity_gap_ms, facts) if existed else ()
        contributions: list[Contribution] = []
        for payload, count in changes(event):
            fact = Fact(time_ms, self._civil.periods(time_ms), event.kind, event.subject, payload, count)
            held = facts.add(fact)
            if held > 0:
                contributions += reducer.of_fact(fact)
            elif held < 0:
                contributions += negate_contributions(reducer.of_fact(fact))
        self._touched.add(key)
        if not existed or facts.newest_ms < newest_ms:
            self._schedule(key, facts)
        contributions += difference(_of_sessions(reducer, family.inactivity_gap_ms, facts), before)
        return contributions

    def drain_changes(self, watermark_ms: int) -> list[Row]:
        """Forget entities past their time; returns what changed since the last settling."""
        rows = []
        for key in self._touched:
            rows += self._rows(key)
        self._touched.clear()
        today = watermark_ms // DAY
        for day in [day for day in self._due if day < today]:
            for key in self._due.pop(day):
                rows += self._forget(key, today)
        return rows

    def restore(self, rows: Iterable[Row]) -> None:
        """Take over published entities."""
        for row in rows:
            if row.value is None:
                continue
            key = _key.decode(row.key)
            facts = self._entities[key] = Facts(
                Fact(time_ms, self._civil.periods(time_ms), kind, subject, payload, count)
                for kind, time_ms, subject, payload, count in _read_facts(row.value)
            )
            self._schedule(key, facts)

    def __len__(self) -> int:
        return len(self._entities)

    def _schedule(self, key: EntityKey, facts: Facts) -> None:
        dies_ms = _forget_after_ms(key[0], facts)
        if dies_ms != _NEVER:
            self._due.setdefault(dies_ms // DAY, []).append(key)

    def _forget(self, key: EntityKey, today: int) -> list[Row]:
        """Drop an entity whose day has come, or look again when its newest fact's has."""
        facts = self._entities.get(key)
        if facts is None:
            return []
        if _forget_after_ms(key[0], facts) // DAY >= today:
            self._schedule(key, facts)
            return []
        del self._entities[key]
        return [Row(Kind.ENTITY, _encode(key), None)]

    def _rows(self, key: EntityKey) -> list[Row]:
        facts = self._entities.get(key)
        rows = [Row(Kind.ENTITY, _encode(key), facts.to_json() if facts else None)]
        record = ENTITY_REDUCERS[key[0]].latest_value
        if record is not None:
            rows.append(Row(Kind.LATEST, _encode(key), (record(facts) if facts else None) or NO_VALUE))
        if not facts:
            self._entities.pop(key, None)
        return rows


def _of_sessions(reducer: EntityReducer, lifetime_ms: int | None, facts: Facts) -> Sequence[Contribution]:
    """What follows from several facts, life by life; nearly always there is one."""
    lives = facts.sessions(lifetime_ms)
    if len(lives) == 1:
        return reducer.of_session(lives[0])
    return [contribution for life in lives for contribution in reducer.of_session(life)]


def _forget_after_ms(family: str, facts: Facts) -> int:
    """The watermark after which an entity is forgotten."""
    lifetime = _INACTIVITY_GAPS_MS[family]
    return _NEVER if lifetime is None else facts.newest_ms + 2 * lifetime


def _read_facts(raw: bytes) -> list[tuple[EventType, int, str, Payload, int]]:
    """What Facts.to_json wrote: (kind, time_ms, subject, payload, count)."""
    return [
        (_kinds[name], time_ms, subject, _payloads[name].decode(payload), count)
        for name, time_ms, subject, count, payload in _stored.decode(raw)
    ]
