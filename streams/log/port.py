"""The event log as its users see it, whatever engine keeps it."""

from collections.abc import Sequence
from typing import NamedTuple, Protocol

from tidemark.streams.contracts.family import Stream
from tidemark.streams.contracts.identity import Content, LogIdentity

__all__ = ["Batch", "Content", "Entry", "EventLog", "LogIdentity", "Receipt", "Record"]


class Entry(NamedTuple):
    """What is appended. Without an arrival time the log's clock sets it."""

    partition: int
    value: bytes
    arrival_ms: int | None = None


class Record(NamedTuple):
    """What is read. Offsets rise within a partition and may have gaps."""

    offset: int
    arrival_ms: int
    value: bytes


class Batch(NamedTuple):
    """Records in order, the offset to go on from, and whether more were known to follow.

    `next` may lie beyond the last record: a log may have gaps, and end with one.
    """

    records: list[Record]
    next: int
    more: bool


def batch(records: list[Record], start: int, limit: int) -> Batch:
    """What an engine without gaps at its end has read from `start` on."""
    return Batch(records, records[-1].offset + 1 if records else start, len(records) == limit)


class Receipt(NamedTuple):
    """How far a source of many events has come; kept under its name, replaced by the next."""

    name: str
    value: str


class EventLog(Protocol):
    """An append-only log of P partitions for each stream. Every call raises LogError."""

    identity: LogIdentity

    async def append(
        self, stream: Stream, entries: Sequence[Entry], receipt: Receipt | None = None
    ) -> list[int]:
        """Append the entries, durable when this returns; with a receipt all of it or nothing.

        Returns each entry's offset, in their order. When an append without a receipt fails,
        some entries may be in the log: send them again, the ledger counts each event once.
        """
        ...

    async def read(self, stream: Stream, partition: int, start: int, limit: int) -> Batch:
        """At most `limit` records from offset `start` on, oldest first.

        None only where none is left up to the ends last asked for.
        """
        ...

    async def ends(self, stream: Stream) -> list[int]:
        """For each partition the offset that the next record will get, or a later one."""
        ...

    async def receipt(self, name: str) -> str | None:
        """The latest receipt of that name, to go on from where it says.

        Whoever wrote under that name before can do so no more.
        """
        ...

    async def receipts(self) -> list[Receipt]:
        """All receipts, by name."""
        ...

    async def close(self) -> None:
        """Let go of files and connections. May be called twice."""
        ...
