"""Event logs and the state published from them; the URL says where they are stored.

sqlite:///var/x.db   relative path        sqlite:////srv/x.db   absolute path
kafka://host:9092/name                    see kafka/address.py for the options

The scheme chooses the engine, and only that engine and its library are imported (decision 0024).
"""

from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from pathlib import Path

from tidemark.streams.contracts.identity import LogIdentity

from .engine import MIN_FREE_BYTES, Engine
from .errors import LogAddressInvalid, LogMissing
from .port import EventLog, StateReader, close_after


def engine_of(url: str) -> Engine:
    """The engine of a log's address. Raises LogAddressInvalid."""
    match url.partition(":")[0]:
        case "kafka":
            from .kafka import KafkaEngine  # noqa: PLC0415  only where it is used

            return KafkaEngine(url)
        case "sqlite" if url.startswith("sqlite:///") and Path(url).suffix == ".db":
            from .sqlite import SqliteEngine  # noqa: PLC0415  only where it is used

            return SqliteEngine(url)
        case _:
            raise LogAddressInvalid(
                f"{url}: is not the address of a log; write it like sqlite:///var/x.db or "
                "kafka://host:9092/tidemark"
            )


async def create_log(
    url: str, identity: LogIdentity, clock: Callable[[], int], min_free_bytes: int = MIN_FREE_BYTES
) -> EventLog:
    """Create a log, with its folders or topics, and open it.

    If it exists with the same identity, it is only opened. Raises LogExists, LogError.
    """
    engine = engine_of(url)
    await engine.create(identity)
    return await engine.open_log(clock, min_free_bytes)


async def open_or_create(url: str, identity: LogIdentity, clock: Callable[[], int]) -> EventLog:
    """Open a log whatever its identity, or create it with this one if it is missing. Raises LogError."""
    try:
        return await engine_of(url).open_log(clock)
    except LogMissing:
        return await create_log(url, identity, clock)


@asynccontextmanager
async def open_readers(url: str, clock: Callable[[], int]) -> AsyncIterator[tuple[EventLog, StateReader]]:
    """A log and its published state for reading, closed after the block. Raises LogMissing, LogError."""
    engine = engine_of(url)
    async with (
        close_after(await engine.open_log(clock)) as log,
        close_after(await engine.open_state_reader()) as reader,
    ):
        yield log, reader
