"""The event log, the state published from it and a worker's share of both, whatever engine keeps them.

The state of a partition is a map (kind, key) → value of bytes. Engines do not look inside. What can go
wrong is in `errors`.
"""

from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from typing import NamedTuple, Protocol, TypeVar

from tidemark.streams.contracts.family import Stream
from tidemark.streams.contracts.identity import LogIdentity
from tidemark.streams.contracts.published import Kind, Row


class Closable(Protocol):
    """What holds files or connections."""

    async def close(self) -> None:
        """Let go of them."""
        ...


C = TypeVar("C", bound=Closable)


@asynccontextmanager
async def close_after(thing: C) -> AsyncIterator[C]:
    """Close it after the block."""
    try:
        yield thing
    finally:
        await thing.close()


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


def make_batch(records: list[Record], start: int, limit: int) -> Batch:
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


class Update(NamedTuple):
    """What changed in a partition since it was last published: absolute values, never deltas.

    `position` is the offset of the log that the partition's state stands for with these rows.
    """

    partition: int
    rows: list[Row]
    position: int


class Page(NamedTuple):
    """What readers have not seen yet.

    `version` rises with every publish; ask for what came after it. When `generation` is
    another than before, `rows` is the whole state and the reader starts anew. Rows are heads,
    cells and records; a deleted cell is not told, its period's lifetime is over.
    """

    generation: int
    version: int
    rows: list[tuple[int, Row]]


class StateWriter(Protocol):
    """Each partition is held by one ledger worker at a time. Every call raises LogError."""

    async def load(self, partition: int) -> list[Row]:
        """Take over a partition: whoever held it before can publish it no more.

        Returns all its rows but its dead letters.
        """
        ...

    async def publish(self, updates: Sequence[Update]) -> None:
        """Make each partition's update visible at once, or not at all.

        Raises StateSuperseded; PartitionsLost for those that another worker has taken over, the
        other updates may or may not be published then.
        """
        ...

    async def drop(self, partition: int) -> None:
        """Let go of a partition; another worker may take it over."""
        ...

    async def close(self) -> None:
        """Let go of the state, so that another worker may take it."""
        ...


class StateRebuild(StateWriter, Protocol):
    """The writer of a generation that is not served yet."""

    async def promote(self) -> None:
        """Serve this generation from now on; the one before is kept. Raises StateSuperseded."""
        ...


class StateReader(Protocol):
    """Reads what has been published. Every call raises LogError."""

    async def poll(self, generation: int, version: int) -> Page:
        """What changed after `version` of `generation`; (0, 0) asks for everything."""
        ...

    async def rows(self, kind: Kind, prefix: bytes = b"") -> list[tuple[int, Row]]:
        """The rows of a kind whose key starts so, by partition and key."""
        ...

    async def close(self) -> None:
        """Let go of files and connections. May be called twice."""
        ...


class PartitionAssignment(Protocol):
    """A worker's part of a log's partitions. It changes when workers come and go."""

    def partitions(self) -> frozenset[int]:
        """Those that are this worker's now."""
        ...

    async def renew(self) -> None:
        """Ask anew which are this worker's, as one that may have missed a change. Raises LogError."""
        ...

    async def close(self) -> None:
        """Leave them to others. May be called twice."""
        ...


class WholeLog:
    """The PartitionAssignment of the only worker."""

    def __init__(self, partitions: int) -> None:
        self._partitions = frozenset(range(partitions))

    def partitions(self) -> frozenset[int]:
        return self._partitions

    async def renew(self) -> None:
        """It never changes."""

    async def close(self) -> None:
        """There is no other."""
