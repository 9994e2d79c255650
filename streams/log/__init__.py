"""Event logs and the state published from them; the URL says where they lie.

sqlite:///var/x.db   relative path        sqlite:////srv/x.db   absolute path
kafka://host:9092/name                    see kafka/address.py for all that may stand there
"""

import shutil
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from pathlib import Path

from .copying import begun
from .errors import LogAddressInvalid, LogExists, LogMissing
from .kafka.address import KafkaAddress, parse_kafka
from .kafka.creation import apply_topics, arrivals_kept
from .kafka.group import KafkaShare
from .kafka.log import KafkaLog
from .kafka.state_reader import KafkaStateReader
from .kafka.state_writer import KafkaStateWriter
from .port import EventLog, LogIdentity
from .share import Share, WholeLog
from .sqlite.backup import Manifest, Progress, backup_sqlite
from .sqlite.log import MIN_FREE_BYTES, SqliteLog, create_sqlite_log
from .sqlite.restore import restore_sqlite
from .sqlite.state_reader import SqliteStateReader
from .sqlite.state_writer import SqliteStateWriter
from .sqlite.writing import OnStep, ignore_step
from .state import StateReader, StateRebuild, StateWriter

__all__ = [
    "MIN_FREE_BYTES",
    "Manifest",
    "Progress",
    "backup",
    "begin_rebuild",
    "create_log",
    "file_of",
    "free_bytes",
    "join",
    "open_log",
    "open_state_reader",
    "open_state_writer",
    "opened",
    "opened_for_copy",
    "parse_url",
    "restore",
]

_SCHEME = "sqlite:///"


def parse_url(url: str) -> Path | KafkaAddress:
    """The path of a log's file, or a Kafka address. Raises LogAddressInvalid."""
    if url.startswith("kafka:"):
        return parse_kafka(url)
    path = Path(url.removeprefix(_SCHEME))
    if not url.startswith(_SCHEME) or path.suffix != ".db":
        raise LogAddressInvalid(
            f"{url}: not the address of a log; write it like sqlite:///var/x.db or kafka://host:9092/tidemark"
        )
    return path


async def create_log(
    url: str, identity: LogIdentity, clock: Callable[[], int], min_free_bytes: int = MIN_FREE_BYTES
) -> EventLog:
    """Make a log, with its folders or topics, and open it.

    If it exists with the same identity it is only opened. Raises LogExists, LogError.
    """
    match parse_url(url):
        case KafkaAddress() as address:
            await apply_topics(address, identity)
        case path:
            create_sqlite_log(path, identity)
    return await open_log(url, clock, min_free_bytes)


async def open_log(
    url: str,
    clock: Callable[[], int],
    min_free_bytes: int = MIN_FREE_BYTES,
    on_step: OnStep = ignore_step,
) -> EventLog:
    """Open a log. `clock` gives milliseconds since 1970. Raises LogMissing, LogError."""
    match parse_url(url):
        case KafkaAddress() as address:
            return await KafkaLog.open(address, clock)
        case path:
            return SqliteLog(path, clock, min_free_bytes, on_step=on_step)


async def open_state_writer(url: str, on_step: OnStep = ignore_step) -> StateWriter:
    """Write the state being served. Raises LogError; LogLocked when a file has its writer already."""
    match parse_url(url):
        case KafkaAddress() as address:
            return await KafkaStateWriter.open(address)
        case path:
            return SqliteStateWriter.open(path, on_step)


async def begin_rebuild(url: str, on_step: OnStep = ignore_step) -> StateRebuild:
    """Become the one writer of the next, empty generation. Raises LogLocked, LogError."""
    match parse_url(url):
        case KafkaAddress() as address:
            return await KafkaStateWriter.rebuild(address)
        case path:
            return SqliteStateWriter.rebuild(path, on_step)


async def join(url: str, partitions: int, instance: str | None = None) -> Share:
    """Take a part of a log's partitions among all its ledger workers. Raises LogError.

    `instance` is the worker's own lasting name, on Kafka.
    """
    match parse_url(url):
        case KafkaAddress() as address:
            return await KafkaShare.join(address, instance)
        case _:
            return WholeLog(partitions)


async def open_state_reader(url: str) -> StateReader:
    """Read what is being served; before the first ledger has started that is generation 0, empty."""
    match parse_url(url):
        case KafkaAddress() as address:
            return await KafkaStateReader.open(address)
        case path:
            return SqliteStateReader(path)


@asynccontextmanager
async def opened_for_copy(
    url: str, identity: LogIdentity, clock: Callable[[], int]
) -> AsyncIterator[EventLog]:
    """A log to copy another of that identity into, made if there is none. Raises LogExists, LogError."""
    try:
        log = await open_log(url, clock)
    except LogMissing:
        log = await create_log(url, identity, clock)
    try:
        if log.identity != identity:
            raise LogExists(f"{url}: holds a log of its own; copy to an address without one")
        await begun(log)
        match parse_url(url):
            case KafkaAddress() as address:
                async with arrivals_kept(address, identity):
                    yield log
            case _:
                yield log
    finally:
        await log.close()


@asynccontextmanager
async def opened(url: str, clock: Callable[[], int]) -> AsyncIterator[tuple[EventLog, StateReader]]:
    """A log and its published state, to look at; closed at the end. Raises LogMissing, LogError."""
    log = await open_log(url, clock)
    try:
        reader = await open_state_reader(url)
        try:
            yield log, reader
        finally:
            await reader.close()
    finally:
        await log.close()


def backup(url: str, target: Path, progress: Progress) -> Manifest:
    """Copy a log and its state into a new folder while services run. Blocks; raises LogError."""
    return backup_sqlite(file_of(url), target, progress)


def restore(source: Path, url: str, replace: bool = False) -> Manifest:
    """Bring a backup back, over an existing log only with `replace`. Blocks; raises LogError."""
    return restore_sqlite(source, file_of(url), replace)


def free_bytes(url: str) -> int | None:
    """Room on the disk of a log that is a file; None for a log on other machines."""
    match parse_url(url):
        case KafkaAddress():
            return None
        case path:
            place = path.absolute()
            return shutil.disk_usage(next(at for at in (place, *place.parents) if at.exists())).free


def file_of(url: str) -> Path:
    """The path of a log that is a file. Raises LogAddressInvalid for others."""
    match parse_url(url):
        case KafkaAddress():
            raise LogAddressInvalid(f"{url}: is no file; `tidemark log copy` copies a log on Kafka into one")
        case path:
            return path
