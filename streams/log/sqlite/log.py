"""The event log in one SQLite file: `x.db`, with its write-ahead log and its append lock beside it.

Readers are read-only connections on the event loop's thread: reading a thousand records takes a third
of a millisecond, less than a hop to another thread and back, where the reader would compete for the
interpreter row by row. Appends wait for the disk, so each log has a thread for them.
"""

import asyncio
import shutil
from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from zlib import crc32

import apsw

from tidemark.streams.contracts.family import DAY, MINUTE, Stream
from tidemark.streams.contracts.identity import LogIdentity
from tidemark.streams.log.errors import LogCorrupt, LogFull, LogMissing
from tidemark.streams.log.port import Batch, Entry, Receipt, Record, make_batch
from tidemark.streams.storage import OnStep, ignore_step
from tidemark.streams.storage.files import open_reader, open_writer, transaction
from tidemark.streams.storage.writing import Checkpointer, execute_rows

from .schema import (
    LOCK_WAIT_S,
    LOG,
    Lanes,
    append_lock,
    read_identity,
    translate_errors,
    translate_storage_errors,
)

SIGNALS_RETENTION_MS = 7 * DAY
_SWEEP_EVERY_MS = MINUTE
_SWEEP_LIMIT = 10_000


def free_bytes(folder: Path) -> int:
    """The bytes that an ordinary user can still write to the file system of a folder."""
    return shutil.disk_usage(folder).free


class SqliteLog:
    """An EventLog in an existing file."""

    def __init__(
        self,
        path: Path,
        clock: Callable[[], int],
        min_free_bytes: int,
        measure_free: Callable[[Path], int] = free_bytes,
        on_step: OnStep = ignore_step,
    ) -> None:
        self._path = path
        with translate_storage_errors():
            self._reader = open_reader(path, LOG)
        self.identity = read_identity(self._reader, path)
        self._lanes = Lanes(self.identity.partitions)
        refuse_full = make_space_check(path, min_free_bytes, measure_free)
        self._appender = Appender(path, self.identity, clock, refuse_full, on_step)
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="append")

    async def append(
        self, stream: Stream, entries: Sequence[Entry], receipt: Receipt | None = None
    ) -> list[int]:
        loop = asyncio.get_running_loop()
        return await loop.run_in_executor(self._thread, self._appender.append, stream, entries, receipt)

    async def read(self, stream: Stream, partition: int, start: int, limit: int) -> Batch:
        first, end = self._lanes.span(stream, partition)
        with translate_errors(self._path, LOG):
            rows = self._reader.execute(
                "SELECT place, arrival, sum, value FROM records"
                " WHERE place >= ? AND place < ? ORDER BY place LIMIT ?",
                (first + start, end, limit),
            )
            return make_batch(self._decode_records(rows, first), start, limit)

    async def ends(self, stream: Stream) -> list[int]:
        with translate_errors(self._path, LOG):
            return self._lanes.ends(self._reader, stream)

    async def receipt(self, name: str) -> str | None:
        with translate_errors(self._path, LOG):
            value: str | None = self._reader.execute("SELECT value FROM receipts WHERE name = ?", (name,)).get
        return value

    async def receipts(self) -> list[Receipt]:
        with translate_errors(self._path, LOG):
            rows = self._reader.execute("SELECT name, value FROM receipts ORDER BY name")
            return [Receipt(str(name), str(value)) for name, value in rows]

    async def close(self) -> None:
        await asyncio.to_thread(self._thread.shutdown)
        self._appender.close()
        self._reader.close()

    def _decode_records(self, rows: Iterable[tuple[int, int, int, bytes]], first: int) -> list[Record]:
        records = []
        for place, arrival_ms, stored, value in rows:
            try:
                intact = crc32(value, place ^ arrival_ms) == stored
            except TypeError:  # damage can turn a number into text
                intact = False
            if not intact:
                raise LogCorrupt(
                    f"{self._path}: the record at offset {place - first} is damaged; {LOG.damaged}"
                )
            records.append(Record(place - first, arrival_ms, value))
        return records


class Appender:
    """Appends to one log under its append lock; the first append opens the file."""

    def __init__(
        self,
        path: Path,
        identity: LogIdentity,
        clock: Callable[[], int],
        refuse_full: Callable[[], None],
        on_step: OnStep,
    ) -> None:
        self._path = path
        self._lanes = Lanes(identity.partitions)
        self._clock = clock
        self._refuse_full = refuse_full
        self._on_step = on_step
        self._lock = append_lock(path)
        self._file_id = path.stat().st_ino
        self._connection: apsw.Connection | None = None
        self._swept_ms = 0

    def append(self, stream: Stream, entries: Sequence[Entry], receipt: Receipt | None) -> list[int]:
        """As EventLog.append."""
        if not entries and receipt is None:
            return []
        with translate_errors(self._path, LOG):
            places = self._append(stream, entries, receipt)
        self._on_step("append.return")
        return [self._lanes.offset(place) for place in places]

    def close(self) -> None:
        """Close the file. May be called twice."""
        if self._connection is not None:
            self._connection.close()
            self._connection = None

    def _append(self, stream: Stream, entries: Sequence[Entry], receipt: Receipt | None) -> list[int]:
        self._refuse_full()
        self._on_step("append.lock")
        with self._lock.hold(LOCK_WAIT_S):
            connection = self._connect()
            with transaction(connection):
                places = self._write_records(connection, stream, entries)
                self._write_receipt(connection, receipt)
                self._on_step("append.commit")
            self._on_step("append.checkpoint")
            self._checkpointer.run()
        return places

    def _connect(self) -> apsw.Connection:
        if not self._path.exists() or self._path.stat().st_ino != self._file_id:
            raise LogMissing(f"{self._path}: the log was moved or replaced while open; restart this service")
        if self._connection is None:
            self._connection = open_writer(self._path, LOG)
            self._checkpointer = Checkpointer(self._connection)
        return self._connection

    def _write_records(
        self, connection: apsw.Connection, stream: Stream, entries: Sequence[Entry]
    ) -> list[int]:
        now = self._clock()
        next_places: dict[int, int] = {}
        rows = []
        for partition, value, given_ms in entries:
            place = next_places.get(partition)
            if place is None:
                place = self._lanes.next_place(connection, stream, partition)
            next_places[partition] = place + 1
            arrival_ms = now if given_ms is None else given_ms
            rows.append((place, arrival_ms, crc32(value, place ^ arrival_ms), value))
        self._on_step("append.records")
        execute_rows(connection, "INSERT INTO records (place, arrival, sum, value) VALUES %s", sorted(rows))
        if stream is Stream.SIGNALS and rows:
            self._sweep(connection, max(row[1] for row in rows))
        return [row[0] for row in rows]

    def _write_receipt(self, connection: apsw.Connection, receipt: Receipt | None) -> None:
        if receipt is not None:
            self._on_step("append.receipt")
            connection.execute("INSERT OR REPLACE INTO receipts (name, value) VALUES (?, ?)", receipt)

    def _sweep(self, connection: apsw.Connection, newest_ms: int) -> None:
        """Delete signals that arrived 7 days before the newest, some thousands at a time.

        A partition's last record stays: the next offset is the one after it.
        """
        if newest_ms - self._swept_ms < _SWEEP_EVERY_MS:
            return
        self._swept_ms = newest_ms
        for first, end in self._lanes.spans(Stream.SIGNALS):
            connection.execute(
                "DELETE FROM records WHERE place IN (SELECT place FROM ("
                " SELECT place, arrival FROM records WHERE place >= ?1 AND place < ("
                "  SELECT max(place) FROM records WHERE place >= ?1 AND place < ?2)"
                " ORDER BY place LIMIT ?3) WHERE arrival < ?4)",
                (first, end, _SWEEP_LIMIT, newest_ms - SIGNALS_RETENTION_MS),
            )


def make_space_check(path: Path, min_free_bytes: int, measure: Callable[[Path], int]) -> Callable[[], None]:
    """A check that raises LogFull while the file system has less than `min_free_bytes` left."""

    def refuse_full() -> None:
        left = measure(path.parent)
        if left < min_free_bytes:
            raise LogFull(
                f"{path.parent}: {left >> 20} MiB free, less than the floor of {min_free_bytes >> 20} MiB; "
                "free some disk space or lower the floor"
            )

    return refuse_full
