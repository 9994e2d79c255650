"""Publishing in files: one writer per generation, readers that follow the pointer to the one served.

A generation is a SQLite file; a pointer file names the one being served (`generations`). A worker holds the
lock of its generation from `open` to `close`, and the system releases it when the process dies, so there is
never a second writer and no fencing is needed.

A publish is one SQLite transaction: it raises the state's version, writes the rows with that version, among
them the heads with the positions, and deletes rows that are gone. After a crash the file holds all of it or
nothing; a power failure may cost the last publishes, which the ledger then repeats. Publishing runs on a
thread of its own while the worker goes on reading. Before each publish the pointer is read: if a newer
generation is served, the writer refuses (StateSuperseded) and the ledger takes that one over.

A reader asks for rows with a version above the one it has seen, in a snapshot, so it never sees part of a
publish. Deleted rows are not reported: they are of periods whose retention is over. When the pointer has
moved on, the reader opens the new file and returns the whole state. The previous generation stays on disk,
so a reader that has just read the pointer still finds its file.
"""

import asyncio
from collections.abc import AsyncIterator, Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from itertools import islice, takewhile
from pathlib import Path
from typing import Any, Self

import apsw

from tidemark.streams.contracts.published import Kind, Row
from tidemark.streams.log.errors import LogMissing, StateSuperseded
from tidemark.streams.log.port import Page, Update
from tidemark.streams.storage import OnStep, ignore_step
from tidemark.streams.storage.files import create_file, open_reader, snapshot, transaction
from tidemark.streams.storage.writing import Checkpointer, FileLock, execute_rows

from .generations import STATE, Generations
from .schema import translate_errors, translate_storage_errors

_ROWS_AT_ONCE = 10_000
_CACHE_KIB = 64 << 10
"""Publishing 20,000 cells spread over 400,000 took 690 ms with SQLite's default of 2 MiB, 440 with this."""


class SqliteStateWriter:
    """The StateWriter of one generation, whose lock it holds; made by `open` and `rebuild`."""

    def __init__(self, generations: Generations, generation: int, lock: FileLock, on_step: OnStep) -> None:
        self._generations = generations
        self._generation = generation
        self._lock = lock
        self._on_step = on_step
        self._path = generations.file(generation)
        self._connection = create_file(self._path, STATE)
        self._connection.pragma("cache_size", -_CACHE_KIB)
        self._checkpointer = Checkpointer(self._connection)
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="publish")

    @classmethod
    def open(cls, log_path: Path, on_step: OnStep = ignore_step) -> Self:
        """Take over the generation being served, or begin the first. Raises LogLocked."""
        generations = Generations(log_path)
        claim = generations.claim(lambda: generations.read_served() or 1)
        with translate_storage_errors(), claim as (generation, lock):
            writer = cls(generations, generation, lock, on_step)
            if not generations.read_served():
                generations.serve(generation, on_step)
            return writer

    @classmethod
    def rebuild(cls, log_path: Path, on_step: OnStep = ignore_step) -> Self:
        """Begin the next generation, empty, beside the one being served. Raises LogLocked."""
        generations = Generations(log_path)
        claim = generations.claim(lambda: generations.read_served() + 1)
        with translate_storage_errors(), claim as (generation, lock):
            generations.remove(generation)
            return cls(generations, generation, lock, on_step)

    async def load(self, partition: int) -> list[Row]:
        with translate_errors(self._path, STATE), closing(open_reader(self._path, STATE)) as connection:
            cursor = connection.execute(
                "SELECT kind, key, value FROM state WHERE partition = ? AND kind < ?", (partition, Kind.DEAD)
            )
            return [
                Row(Kind(kind), key, value) async for rows in _page_rows(cursor) for kind, key, value in rows
            ]

    async def publish(self, updates: Sequence[Update]) -> None:
        await asyncio.get_running_loop().run_in_executor(self._thread, self._publish, updates)

    async def release(self, partition: int) -> None:
        """Nothing to do: the lock is on the whole state, and `close` releases it."""

    async def promote(self) -> None:
        """Serve this generation from now on. The previous one stays on disk, older ones are removed."""
        await asyncio.get_running_loop().run_in_executor(self._thread, self._promote)

    async def close(self) -> None:
        await asyncio.to_thread(self._thread.shutdown)
        self._connection.close()
        self._lock.release()

    def _publish(self, updates: Sequence[Update]) -> None:
        self._on_step("publish.begin")
        latest = {
            (partition, kind, key): value for partition, rows, _ in updates for kind, key, value in rows
        }
        with translate_errors(self._path, STATE):
            self._refuse_superseded()
            with transaction(self._connection):
                version = self._connection.execute(
                    "UPDATE published SET version = version + 1 RETURNING version"
                ).get
                self._on_step("publish.rows")
                self._write(latest, version)
                self._on_step("publish.commit")
            self._on_step("publish.checkpoint")
            self._checkpointer.run()
        self._on_step("publish.return")

    def _write(self, latest: dict[tuple[int, Kind, bytes], bytes | None], version: int) -> None:
        changed = sorted((*address, value, version) for address, value in latest.items() if value is not None)
        execute_rows(
            self._connection,
            "INSERT INTO state (partition, kind, key, value, version) VALUES %s"
            " ON CONFLICT DO UPDATE SET value = excluded.value, version = excluded.version",
            changed,
        )
        deleted = [address for address, value in latest.items() if value is None]
        execute_rows(
            self._connection, "DELETE FROM state WHERE (partition, kind, key) IN (VALUES %s)", deleted
        )

    def _promote(self) -> None:
        with translate_errors(self._path, STATE):
            self._refuse_superseded()
            self._generations.serve(self._generation, self._on_step)
            self._on_step("promote.remove")
            self._generations.remove_before(self._generation - 1)

    def _refuse_superseded(self) -> None:
        served = self._generations.read_served()
        if served > self._generation:
            raise StateSuperseded(
                f"{self._path}: generation {served} is served now; restart this ledger to take it over"
            )


class SqliteStateReader:
    """A StateReader that follows the pointer from one generation to the next."""

    def __init__(self, log_path: Path) -> None:
        self._generations = Generations(log_path)
        self._generation = 0
        self._connection: apsw.Connection | None = None
        self._turn = asyncio.Lock()

    async def poll(self, generation: int, version: int) -> Page:
        async with self._turn:
            connection = self._follow()
            if connection is None:
                return Page(0, 0, [])
            since = version if generation == self._generation else 0
            with translate_errors(self._generations.file(self._generation), STATE), snapshot(connection):
                newest = connection.execute("SELECT version FROM published").get
                cursor = connection.execute(
                    "SELECT partition, kind, key, value FROM state WHERE kind <= 2 AND version > ?", (since,)
                )
                changed = [_decode_row(row) async for rows in _page_rows(cursor) for row in rows]
            return Page(self._generation, newest, changed)

    async def rows(self, kind: Kind, prefix: bytes = b"") -> list[tuple[int, Row]]:
        async with self._turn:
            connection = self._follow()
            if connection is None:
                return []
            with translate_errors(self._generations.file(self._generation), STATE), snapshot(connection):
                return [
                    _decode_row(row)
                    for partition in _list_partitions(connection)
                    for row in _select_prefix(connection, partition, kind, prefix)
                ]

    async def close(self) -> None:
        async with self._turn:
            self._close_connection()

    def _follow(self) -> apsw.Connection | None:
        """A connection to the generation served now; none before the first publish."""
        served = self._generations.read_served()
        while served != self._generation:
            self._close_connection()
            if not served:
                break
            try:
                with translate_storage_errors():
                    self._connection = open_reader(self._generations.file(served), STATE)
                self._generation = served
            except LogMissing:
                # A newer generation may be served, and this one removed, since the pointer was read.
                if served == self._generations.read_served():
                    raise
            served = self._generations.read_served()
        return self._connection

    def _close_connection(self) -> None:
        self._generation = 0
        if self._connection is not None:
            self._connection.close()
            self._connection = None


async def _page_rows(cursor: Iterable[Any]) -> AsyncIterator[list[Any]]:
    """The cursor's rows in pages; the event loop serves others between two pages."""
    rows = iter(cursor)
    while page := list(islice(rows, _ROWS_AT_ONCE)):
        yield page
        await asyncio.sleep(0)


def _decode_row(row: tuple[int, int, bytes, bytes]) -> tuple[int, Row]:
    partition, kind, key, value = row
    return partition, Row(Kind(kind), key, value)


def _list_partitions(connection: apsw.Connection) -> list[int]:
    """The partitions that have rows, found by one search each."""
    owners = connection.execute(
        "WITH RECURSIVE owner (n) AS (SELECT min(partition) FROM state UNION ALL"
        " SELECT (SELECT min(partition) FROM state WHERE partition > n) FROM owner WHERE n IS NOT NULL)"
        " SELECT n FROM owner WHERE n IS NOT NULL"
    )
    return [row[0] for row in owners]


def _select_prefix(
    connection: apsw.Connection, partition: int, kind: Kind, prefix: bytes
) -> Iterable[tuple[int, int, bytes, bytes]]:
    rows = connection.execute(
        "SELECT partition, kind, key, value FROM state"
        " WHERE partition = ? AND kind = ? AND key >= ? ORDER BY key",
        (partition, kind, prefix),
    )
    return takewhile(lambda row: row[2].startswith(prefix), rows)
