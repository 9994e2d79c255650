"""The event log in one SQLite file: `x.db`, with its write-ahead log and its append lock beside it.

Readers are read-only connections on the event loop's thread: a thousand records take a third
of a millisecond, less than a hop to another thread and back when that one has to compete for
the interpreter row by row. Appends wait for the disk, so each log has a thread for them.
"""

import asyncio
from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from zlib import crc32

import apsw
import msgspec

from tidemark.streams.contracts.family import Stream
from tidemark.streams.log.errors import LogCorrupt, LogExists, LogMissing
from tidemark.streams.log.port import Batch, Entry, LogIdentity, Receipt, Record, batch

from .append import Appender, append_lock, free_bytes, free_space_floor
from .files import create_file, open_reader, sync, transaction, translated
from .schema import LOG, Lanes
from .writing import OnStep, ignore_step

MIN_FREE_BYTES = 256 << 20
"""Leave this much on the disk, for checkpoints and for whoever has to repair things."""

_LOCK_WAIT_S = 10.0


def create_sqlite_log(path: Path, identity: LogIdentity) -> None:
    """Make a log, with its folders. Does nothing if it exists; raises LogExists if it is another."""
    with translated(path, LOG):
        path.parent.mkdir(parents=True, exist_ok=True)
    with append_lock(path).held(_LOCK_WAIT_S):
        connection = create_file(path, LOG)
        try:
            with translated(path, LOG), transaction(connection):
                connection.execute(
                    "INSERT OR IGNORE INTO meta (name, value) VALUES ('identity', ?)",
                    (msgspec.json.encode(identity).decode(),),
                )
            found = read_identity(connection, path)
        finally:
            connection.close()
        sync(path.parent)
    if found != identity:
        raise LogExists(
            f"{path}: holds a log of {found.content} events of {found.district}, zone {found.zone}, "
            f"{found.partitions} partitions; open it as it is or choose another address"
        )


def read_identity(connection: apsw.Connection, path: Path) -> LogIdentity:
    """What the log was created as. Raises LogCorrupt, LogMissing."""
    with translated(path, LOG):
        stored = connection.execute("SELECT value FROM meta WHERE name = 'identity'").get
    if stored is None:
        raise LogMissing(f"{path}: the log was never finished; {LOG.missing}")
    try:
        return msgspec.json.decode(stored, type=LogIdentity)
    except msgspec.DecodeError as error:
        raise LogCorrupt(f"{path}: its identity is damaged ({error}); {LOG.damaged}") from error


class SqliteLog:
    """An EventLog in a file that exists."""

    def __init__(
        self,
        path: Path,
        clock: Callable[[], int],
        min_free_bytes: int = MIN_FREE_BYTES,
        measure_free: Callable[[Path], int] = free_bytes,
        on_step: OnStep = ignore_step,
    ) -> None:
        self._path = path
        self._reader = open_reader(path, LOG)
        self.identity = read_identity(self._reader, path)
        self._lanes = Lanes(self.identity.partitions)
        refuse_full = free_space_floor(path, min_free_bytes, measure_free)
        self._appender = Appender(path, self.identity, clock, refuse_full, on_step)
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="append")

    async def append(
        self, stream: Stream, entries: Sequence[Entry], receipt: Receipt | None = None
    ) -> list[int]:
        loop = asyncio.get_running_loop()
        return await loop.run_in_executor(self._thread, self._appender.append, stream, entries, receipt)

    async def read(self, stream: Stream, partition: int, start: int, limit: int) -> Batch:
        first, end = self._lanes.span(stream, partition)
        with translated(self._path, LOG):
            rows = self._reader.execute(
                "SELECT place, arrival, sum, value FROM records"
                " WHERE place >= ? AND place < ? ORDER BY place LIMIT ?",
                (first + start, end, limit),
            )
            return batch(self._records(rows, first), start, limit)

    async def ends(self, stream: Stream) -> list[int]:
        with translated(self._path, LOG):
            return self._lanes.ends(self._reader, stream)

    async def receipt(self, name: str) -> str | None:
        with translated(self._path, LOG):
            value: str | None = self._reader.execute("SELECT value FROM receipts WHERE name = ?", (name,)).get
        return value

    async def receipts(self) -> list[Receipt]:
        with translated(self._path, LOG):
            rows = self._reader.execute("SELECT name, value FROM receipts ORDER BY name")
            return [Receipt(str(name), str(value)) for name, value in rows]

    async def close(self) -> None:
        await asyncio.to_thread(self._thread.shutdown)
        self._appender.close()
        self._reader.close()

    def _records(self, rows: Iterable[tuple[int, int, int, bytes]], first: int) -> list[Record]:
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
