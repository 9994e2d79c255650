"""Planned events: their bytes, and their meaning for the truth."""

from typing import Any, Literal, NamedTuple

import msgspec

from tidemark.streams.contracts.family import EventType, Stream
from tidemark.streams.contracts.partitions import partition_of
from tidemark.streams.contracts.payload import Payload
from tidemark.streams.families.codec import encode
from tidemark.streams.families.table import CHANGED, CREATED, FAMILY_OF, TYPE_OF

from .calendar import Calendar

DeadReason = Literal["undecodable", "unknown_type", "invalid", "stream", "partition", "mixed"]


class Fact(msgspec.Struct, frozen=True, gc=False):
    """The content of an event: `after` replaces `before`.

    A creation has no `before`, a retraction no `after`. Equal facts count as often as they are
    stated; each `before` subtracts one.
    """

    kind: EventType
    time_ms: int
    subject: str
    before: Any
    after: Any


class Planned(msgspec.Struct, gc=False):
    """Bytes that reach the log at `arrival_ms`. `meaning`: a fact, a reason of refusal, None for a signal."""

    arrival_ms: int
    stream: Stream
    partition: int
    raw: bytes
    meaning: Fact | DeadReason | None


class Batch(NamedTuple):
    """Planned events; these, and all later ones of the same source, arrive at `from_ms` or later."""

    from_ms: int
    planned: list[Planned]


class Sent(NamedTuple):
    """A record as it is appended to the log."""

    arrival_ms: int
    stream: Stream
    partition: int
    raw: bytes


class Writer:
    """Encodes events with times in the calendar's zone, and assigns them to partitions."""

    def __init__(self, calendar: Calendar, partitions: int) -> None:
        self.calendar = calendar
        self.partitions = partitions

    def create(
        self, event_id: str, source: str, time_ms: int, subject: str, payload: Payload, arrival_ms: int
    ) -> Planned:
        """An event that happened at `time_ms` and arrives at `arrival_ms`."""
        kind = TYPE_OF[type(payload)]
        raw = encode(
            CREATED[kind](
                specversion="1.0",
                id=event_id,
                source=source,
                time=self.calendar.at(time_ms),
                subject=subject,
                simulated=True,
                data=payload,
            )
        )
        partition = partition_of(kind.key(subject, payload), self.partitions)
        stream = FAMILY_OF[kind].stream
        meaning = Fact(kind, time_ms, subject, None, payload) if stream is Stream.FACTS else None
        return Planned(arrival_ms, stream, partition, raw, meaning)

    def change(self, event_id: str, source: str, fact: Fact, arrival_ms: int) -> Planned:
        """A correction (`before` and `after`) or a retraction (only `before`)."""
        body = {"before": fact.before} if fact.after is None else {"before": fact.before, "after": fact.after}
        changed = CHANGED[fact.kind]
        raw = encode(
            changed(
                specversion="1.0",
                id=event_id,
                source=source,
                time=self.calendar.at(fact.time_ms),
                subject=fact.subject,
                simulated=True,
                op="retract" if fact.after is None else "correct",
                data=body,
            )
        )
        partition = partition_of(fact.kind.key(fact.subject, fact.before), self.partitions)
        return Planned(arrival_ms, Stream.FACTS, partition, raw, fact)
