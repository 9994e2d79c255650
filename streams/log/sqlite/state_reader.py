"""The reading side of the published state: follows the pointer, sees whole publishes only."""

import asyncio
from collections.abc import AsyncIterator, Iterable
from itertools import islice, takewhile
from pathlib import Path
from typing import Any

import apsw

from tidemark.streams.contracts.published import Kind, Row
from tidemark.streams.log.errors import LogMissing
from tidemark.streams.log.state import Page

from .files import open_reader, snapshot, translated
from .generations import STATE, Generations

_ROWS_AT_ONCE = 10_000


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
            with translated(self._generations.file(self._generation), STATE), snapshot(connection):
                newest = connection.execute("SELECT version FROM published").get
                cursor = connection.execute(
                    "SELECT partition, kind, key, value FROM state WHERE kind <= 2 AND version > ?", (since,)
                )
                found = [_placed(row) async for rows in paged(cursor) for row in rows]
            return Page(self._generation, newest, found)

    async def rows(self, kind: Kind, prefix: bytes = b"") -> list[tuple[int, Row]]:
        async with self._turn:
            connection = self._follow()
            if connection is None:
                return []
            with translated(self._generations.file(self._generation), STATE), snapshot(connection):
                return [
                    _placed(row)
                    for partition in _partitions(connection)
                    for row in _starting(connection, partition, kind, prefix)
                ]

    async def close(self) -> None:
        async with self._turn:
            self._let_go()

    def _follow(self) -> apsw.Connection | None:
        """A connection to the generation served now; none before the first publish."""
        served = self._generations.served()
        while served != self._generation:
            self._let_go()
            if not served:
                break
            try:
                self._connection = open_reader(self._generations.file(served), STATE)
                self._generation = served
            except LogMissing:
                # It may have been followed, and removed, since the pointer was read.
                if served == self._generations.served():
                    raise
            served = self._generations.served()
        return self._connection

    def _let_go(self) -> None:
        self._generation = 0
        if self._connection is not None:
            self._connection.close()
            self._connection = None


async def paged(cursor: Iterable[Any]) -> AsyncIterator[list[Any]]:
    """The cursor's rows in pages; between two the event loop serves others."""
    rows = iter(cursor)
    while page := list(islice(rows, _ROWS_AT_ONCE)):
        yield page
        await asyncio.sleep(0)


def _placed(row: tuple[int, int, bytes, bytes]) -> tuple[int, Row]:
    partition, kind, key, value = row
    return partition, Row(Kind(kind), key, value)


def _partitions(connection: apsw.Connection) -> list[int]:
    """Which partitions have rows, by one search each."""
    found = connection.execute(
        "WITH RECURSIVE owner (n) AS (SELECT min(partition) FROM state UNION ALL"
        " SELECT (SELECT min(partition) FROM state WHERE partition > n) FROM owner WHERE n IS NOT NULL)"
        " SELECT n FROM owner WHERE n IS NOT NULL"
    )
    return [row[0] for row in found]


def _starting(
    connection: apsw.Connection, partition: int, kind: Kind, prefix: bytes
) -> Iterable[tuple[int, int, bytes, bytes]]:
    rows = connection.execute(
        "SELECT partition, kind, key, value FROM state"
        " WHERE partition = ? AND kind = ? AND key >= ? ORDER BY key",
        (partition, kind, prefix),
    )
    return takewhile(lambda row: row[2].startswith(prefix), rows)
