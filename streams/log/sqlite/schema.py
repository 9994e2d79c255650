"""The tables of the log, and where a record lies in them."""

from collections.abc import Iterator

import apsw

from tidemark.streams.contracts.family import Stream

from .files import Schema

_FIRST = """
CREATE TABLE meta (name TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;
CREATE TABLE receipts (name TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;
CREATE TABLE records (
    place INTEGER PRIMARY KEY, -- lane << 40 | offset
    arrival INTEGER NOT NULL, -- milliseconds since 1970
    sum INTEGER NOT NULL, -- CRC-32 of value, begun with place XOR arrival
    value BLOB NOT NULL
);
"""

LOG = Schema(
    name="log",
    application_id=int.from_bytes(b"TDML"),
    migrations=(_FIRST,),
    synchronous="FULL",
    missing="create it with `tidemark log create`",
    damaged="stop writing to it and bring back the last backup with `tidemark restore`",
)

_STREAMS = tuple(Stream)
_OFFSET_BITS = 40


class Lanes:
    """Each stream and partition is a lane: a run of places whose low 40 bits are the offset.

    The place is the table's row number, so that appending and reading a range need no index.
    """

    def __init__(self, partitions: int) -> None:
        self._partitions = partitions

    def span(self, stream: Stream, partition: int) -> tuple[int, int]:
        """A lane's first place and the one after its last."""
        if not 0 <= partition < self._partitions:
            raise ValueError(f"partition: {partition} is not one of 0 to {self._partitions - 1}")
        first = (_STREAMS.index(stream) * self._partitions + partition) << _OFFSET_BITS
        return first, first + (1 << _OFFSET_BITS)

    def spans(self, stream: Stream) -> Iterator[tuple[int, int]]:
        """The spans of a stream's partitions, in their order."""
        return (self.span(stream, partition) for partition in range(self._partitions))

    @staticmethod
    def offset(place: int) -> int:
        """A place's offset within its partition."""
        return place & ((1 << _OFFSET_BITS) - 1)

    def next_place(self, connection: apsw.Connection, stream: Stream, partition: int) -> int:
        """Where the partition's next record goes."""
        first, end = self.span(stream, partition)
        last: int | None = connection.execute(
            "SELECT max(place) FROM records WHERE place >= ? AND place < ?", (first, end)
        ).get
        return first if last is None else last + 1

    def ends(self, connection: apsw.Connection, stream: Stream) -> list[int]:
        """For each partition the offset after its last record."""
        return [
            self.offset(self.next_place(connection, stream, partition))
            for partition in range(self._partitions)
        ]
