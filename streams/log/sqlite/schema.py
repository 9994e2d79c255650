"""How a log is stored in its file: the tables, the place of a record, the log's identity, the errors."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import apsw
import msgspec

from tidemark.streams import storage
from tidemark.streams.contracts.family import Stream
from tidemark.streams.contracts.identity import LogIdentity
from tidemark.streams.log import errors
from tidemark.streams.storage import files
from tidemark.streams.storage.writing import FileLock

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

LOG = files.Schema(
    name="log",
    application_id=int.from_bytes(b"TDML"),
    migrations=(_FIRST,),
    synchronous="FULL",
    missing="create it with `tidemark log create`",
    damaged="stop writing to it and restore the last backup with `tidemark restore`",
)

_STREAMS = tuple(Stream)
_OFFSET_BITS = 40
LOCK_WAIT_S = 10.0
"""How long to wait for the append lock."""


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
        """For each partition, the offset after its last record."""
        return [
            self.offset(self.next_place(connection, stream, partition))
            for partition in range(self._partitions)
        ]


def read_identity(connection: apsw.Connection, path: Path) -> LogIdentity:
    """The identity that the log was created with. Raises LogCorrupt, LogMissing."""
    with translate_errors(path, LOG):
        stored = connection.execute("SELECT value FROM meta WHERE name = 'identity'").get
    if stored is None:
        raise errors.LogMissing(f"{path}: the creation of the log was not finished; {LOG.missing}")
    try:
        return msgspec.json.decode(stored, type=LogIdentity)
    except msgspec.DecodeError as error:
        raise errors.LogCorrupt(f"{path}: its identity is damaged ({error}); {LOG.damaged}") from error


def append_lock(path: Path) -> FileLock:
    """The lock that a process holds while it appends to the log or checkpoints it."""
    return FileLock(path.with_name(f"{path.name}.lock"), "appends to the log")


_MEANINGS = {
    storage.StorageError: errors.LogError,
    storage.StorageMissing: errors.LogMissing,
    storage.StorageTooNew: errors.LogTooNew,
    storage.StorageCorrupt: errors.LogCorrupt,
    storage.StorageLocked: errors.LogLocked,
    storage.StorageFull: errors.LogFull,
    storage.StorageUnavailable: errors.LogUnavailable,
    storage.StorageUnsafe: errors.LogUnsafe,
}


@contextmanager
def translate_errors(path: Path, schema: files.Schema) -> Iterator[None]:
    """Turn errors of SQLite, the system or the storage into a LogError with its remedy."""
    with translate_storage_errors(), files.translate_errors(path, schema):
        yield


@contextmanager
def translate_storage_errors() -> Iterator[None]:
    """Turn a StorageError into the LogError of the same meaning."""
    try:
        yield
    except storage.StorageError as error:
        raise _MEANINGS[type(error)](str(error)) from error
