"""The ports of the engines: the event log, the state published from it, a worker's partition assignment.

The state of a partition is a map (kind, key) → value, in bytes; engines do not look inside. The errors are
in `errors`.
"""

from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from typing import NamedTuple, Protocol, TypeVar

from tidemark.streams.contracts.family import Stream
from tidemark.streams.contracts.identity import LogIdentity
from tidemark.streams.contracts.published import Kind, Row


class Closable(Protocol):
    """Something that holds files or connections."""

    async def close(self) -> None:
        """Release them."""
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
    """An entry to append. Without an arrival time, the log's clock sets it."""

    partition: int
    value: bytes
    arrival_ms: int | None = None


class Record(NamedTuple):
    """An entry of the log, as it is read. Offsets rise within a partition and may have gaps."""

    offset: int
    arrival_ms: int
    value: bytes


class Batch(NamedTuple):
    """Records in order, the offset to continue from, and whether more are known to follow.

    `next` may be well past the last record: a log may have gaps, also at its end.
    """

    records: list[Record]
    next: int
    more: bool


def make_batch(records: list[Record], start: int, limit: int) -> Batch:
    """The batch that an engine without gaps at its end has read from `start`."""
    return Batch(records, records[-1].offset + 1 if records else start, len(records) == limit)


class Receipt(NamedTuple):
    """The progress of a source of many events, stored under its name; the next receipt replaces it."""

    name: str
    value: str


class EventLog(Protocol):
    """An append-only log with P partitions for each stream. Every call may raise LogError."""

    identity: LogIdentity

    async def append(
        self, stream: Stream, entries: Sequence[Entry], receipt: Receipt | None = None
    ) -> list[int]:
        """Append the entries, durable when this returns; with a receipt, all of it or nothing.

        Returns the offset of each entry, in order. When an append without a receipt fails,
        some entries may be in the log: send them again, the ledger counts each event once.
        """
        ...

    async def read(self, stream: Stream, partition: int, start: int, limit: int) -> Batch:
        """At most `limit` records from offset `start`, oldest first.

        Empty only if there are no more records before the ends last looked up.
        """
        ...

    async def ends(self, stream: Stream) -> list[int]:
        """For each partition, the offset that the next record will get, or a later one."""
        ...

    async def receipt(self, name: str) -> str | None:
        """The latest receipt of that name, to continue from.

        Earlier writers under that name can no longer write.
        """
        ...

    async def receipts(self) -> list[Receipt]:
        """All receipts, by name."""
        ...

    async def close(self) -> None:
        """Release files and connections. May be called twice."""
        ...


class Update(NamedTuple):
    """The changes in a partition since its last publish: absolute values, never deltas.

    `position` is the log offset up to which the partition is folded once these rows are applied.
    """

    partition: int
    rows: list[Row]
    position: int


class Page(NamedTuple):
    """The rows that a reader has not seen yet.

    `version` rises with every publish; the next poll passes it. When `generation` differs from
    the reader's, `rows` is the whole state and replaces what the reader holds. Rows are heads,
    cells and latest values; deleted cells are not reported, their periods' retention is over.
    """

    generation: int
    version: int
    rows: list[tuple[int, Row]]


class StateWriter(Protocol):
    """Each partition is owned by one ledger worker at a time. Every call may raise LogError."""

    async def load(self, partition: int) -> list[Row]:
        """Take over a partition: its previous owner can no longer publish it.

        Returns all its rows except the dead letters.
        """
        ...

    async def publish(self, updates: Sequence[Update]) -> None:
        """Make each partition's update visible as a whole, or not at all.

        Raises StateSuperseded; PartitionsLost for partitions that another worker has taken over,
        in which case the other updates may or may not be published.
        """
        ...

    async def release(self, partition: int) -> None:
        """Release a partition, so that another worker can take it over."""
        ...

    async def close(self) -> None:
        """Release the state, so that another worker can take it over."""
        ...


class StateRebuild(StateWriter, Protocol):
    """The writer of a generation that is not served yet."""

    async def promote(self) -> None:
        """Serve this generation from now on and keep the previous one. Raises StateSuperseded."""
        ...


class StateReader(Protocol):
    """Reads what has been published. Every call may raise LogError."""

    async def poll(self, generation: int, version: int) -> Page:
        """The changes after `version` of `generation`; (0, 0) asks for everything."""
        ...

    async def rows(self, kind: Kind, prefix: bytes = b"") -> list[tuple[int, Row]]:
        """The rows of a kind with this key prefix, ordered by partition and key."""
        ...

    async def close(self) -> None:
        """Release files and connections. May be called twice."""
        ...


class PartitionAssignment(Protocol):
    """The partitions that a worker owns. It changes when workers join or leave."""

    def partitions(self) -> frozenset[int]:
        """The partitions that are this worker's now."""
        ...

    async def renew(self) -> None:
        """Request a new assignment: this worker may have missed a change. Raises LogError."""
        ...

    async def close(self) -> None:
        """Leave the partitions to other workers. May be called twice."""
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
        """There is no other worker."""
