"""Event logs and the state published from them; the URL says where they lie.

sqlite:///var/x.db   relative path        sqlite:////srv/x.db   absolute path
"""

from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from pathlib import Path

from .errors import LogAddressInvalid
from .port import EventLog, LogIdentity
from .sqlite_backup import Manifest, Progress, backup_sqlite
from .sqlite_log import MIN_FREE_BYTES, SqliteLog, create_sqlite_log
from .sqlite_restore import restore_sqlite
from .sqlite_state_reader import SqliteStateReader
from .sqlite_state_writer import SqliteStateWriter
from .sqlite_writing import OnStep, ignore_step
from .state import StateReader, StateRebuild, StateWriter

__all__ = [
    "MIN_FREE_BYTES",
    "Manifest",
    "Progress",
    "backup",
    "begin_rebuild",
    "create_log",
    "open_log",
    "open_state_reader",
    "open_state_writer",
    "opened",
    "parse_url",
    "restore",
]

_SCHEME = "sqlite:///"


def parse_url(url: str) -> Path:
    """The path of a log's file. Raises LogAddressInvalid."""
    if url.startswith("kafka:"):
        raise LogAddressInvalid(f"{url}: Kafka is not available in this version; use sqlite:///var/x.db")
    path = Path(url.removeprefix(_SCHEME))
    if not url.startswith(_SCHEME) or path.suffix != ".db":
        raise LogAddressInvalid(f"{url}: not the address of a log; write it like sqlite:///var/x.db")
    return path


def create_log(
    url: str, identity: LogIdentity, clock: Callable[[], int], min_free_bytes: int = MIN_FREE_BYTES
) -> EventLog:
    """Make a log, with its folders, and open it.

    If it exists with the same identity it is only opened. Raises LogExists, LogError.
    """
    create_sqlite_log(parse_url(url), identity)
    return open_log(url, clock, min_free_bytes)


def open_log(
    url: str,
    clock: Callable[[], int],
    min_free_bytes: int = MIN_FREE_BYTES,
    on_step: OnStep = ignore_step,
) -> EventLog:
    """Open a log. `clock` gives milliseconds since 1970. Raises LogMissing, LogError."""
    return SqliteLog(parse_url(url), clock, min_free_bytes, on_step=on_step)


def open_state_writer(url: str, on_step: OnStep = ignore_step) -> StateWriter:
    """Become the one writer of the state being served. Raises LogLocked, LogError."""
    return SqliteStateWriter.open(parse_url(url), on_step)


def begin_rebuild(url: str, on_step: OnStep = ignore_step) -> StateRebuild:
    """Become the one writer of the next, empty generation. Raises LogLocked, LogError."""
    return SqliteStateWriter.rebuild(parse_url(url), on_step)


def open_state_reader(url: str) -> StateReader:
    """Read what is being served; before the first ledger has started that is generation 0, empty."""
    return SqliteStateReader(parse_url(url))


@asynccontextmanager
async def opened(url: str, clock: Callable[[], int]) -> AsyncIterator[tuple[EventLog, StateReader]]:
    """A log and its published state, to look at; closed at the end. Raises LogMissing, LogError."""
    log = open_log(url, clock)
    try:
        reader = open_state_reader(url)
        try:
            yield log, reader
        finally:
            await reader.close()
    finally:
        await log.close()


def backup(url: str, target: Path, progress: Progress) -> Manifest:
    """Copy a log and its state into a new folder while services run. Blocks; raises LogError."""
    return backup_sqlite(parse_url(url), target, progress)


def restore(source: Path, url: str, replace: bool = False) -> Manifest:
    """Bring a backup back, over an existing log only with `replace`. Blocks; raises LogError."""
    return restore_sqlite(source, parse_url(url), replace)
