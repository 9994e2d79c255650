"""The entities of a partition: their facts, their contributions to cells, and when they are forgotten."""

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

    A fact is accepted until it is one inactivity gap of its family behind the watermark; an entity
    is kept for two gaps after its newest fact. So a fact whose entity is gone is more than one gap
    later than all of the entity's facts. It begins a new session either way, and whether the entity
    is still there makes no difference.
    """

    def __init__(self, civil: Civil) -> None:
        self._civil = civil
        self._entities: dict[EntityKey, Facts] = {}
        self._due: dict[int, list[EntityKey]] = {}
        """Entities by the day, since the epoch, on which they may have to be forgotten."""
        self._touched: set[EntityKey] = set()

    def apply(self, event: Event, time_ms: int, watermark_ms: int) -> list[Contribution]:
        """Apply an event of an entity family; returns what its cells gain and lose."""
        family = event.family
        reducer = ENTITY_REDUCERS[family.name]
        key = (family.name, *reducer.key(event.payload))
        facts = self._entities.get(key)
        if facts is None or _forget_after_ms(key[0], facts) < watermark_ms:
            facts = self._entities[key] = Facts()
        existed, newest_ms = bool(facts), facts.newest_ms
        before = _reduce_sessions(reducer, family.inactivity_gap_ms, facts) if existed else ()
        contributions: list[Contribution] = []
        for payload, count in changes(event):
            fact = Fact(time_ms, self._civil.periods(time_ms), event.kind, event.subject, payload, count)
            change = facts.add(fact)
            if change > 0:
                contributions += reducer.of_fact(fact)
            elif change < 0:
                contributions += negate_contributions(reducer.of_fact(fact))
        self._touched.add(key)
        if not existed or facts.newest_ms < newest_ms:
            self._schedule(key, facts)
        contributions += difference(_reduce_sessions(reducer, family.inactivity_gap_ms, facts), before)
        return contributions

    def drain_changes(self, watermark_ms: int) -> list[Row]:
        """Forget entities that are due; returns the changes since the last drain."""
        rows = []
        for key in self._touched:
            rows += self._make_rows(key)
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
        forget_ms = _forget_after_ms(key[0], facts)
        if forget_ms != _NEVER:
            self._due.setdefault(forget_ms // DAY, []).append(key)

    def _forget(self, key: EntityKey, today: int) -> list[Row]:
        """Forget an entity that is due, or schedule it again if it has newer facts."""
        facts = self._entities.get(key)
        if facts is None:
            return []
        if _forget_after_ms(key[0], facts) // DAY >= today:
            self._schedule(key, facts)
            return []
        del self._entities[key]
        return [Row(Kind.ENTITY, _encode(key), None)]

    def _make_rows(self, key: EntityKey) -> list[Row]:
        facts = self._entities.get(key)
        rows = [Row(Kind.ENTITY, _encode(key), facts.to_json() if facts else None)]
        latest_value = ENTITY_REDUCERS[key[0]].latest_value
        if latest_value is not None:
            value = (latest_value(facts) if facts else None) or NO_VALUE
            rows.append(Row(Kind.LATEST, _encode(key), value))
        if not facts:
            self._entities.pop(key, None)
        return rows


def _reduce_sessions(reducer: EntityReducer, gap_ms: int | None, facts: Facts) -> Sequence[Contribution]:
    """What several facts contribute together, session by session; nearly always there is one session."""
    sessions = facts.sessions(gap_ms)
    if len(sessions) == 1:
        return reducer.of_session(sessions[0])
    return [contribution for session in sessions for contribution in reducer.of_session(session)]


def _forget_after_ms(family: str, facts: Facts) -> int:
    """The watermark after which an entity is forgotten."""
    gap_ms = _INACTIVITY_GAPS_MS[family]
    return _NEVER if gap_ms is None else facts.newest_ms + 2 * gap_ms


def _read_facts(raw: bytes) -> list[tuple[EventType, int, str, Payload, int]]:
    """Decode the JSON of Facts.to_json into (kind, time_ms, subject, payload, count)."""
    return [
        (_kinds[name], time_ms, subject, _payloads[name].decode(payload), count)
        for name, time_ms, subject, count, payload in _stored.decode(raw)
    ]
