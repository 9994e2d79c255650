"""Event logs and the state published from them; the URL says where they lie.

sqlite:///var/x.db   relative path        sqlite:////srv/x.db   absolute path
kafka://host:9092/name                    see kafka/address.py for all that may stand there

The scheme chooses the engine, and only that engine and its library are imported (decision 0024).
"""

from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from pathlib import Path

from tidemark.streams.storage import OnStep, ignore_step

from .engine import Engine, Manifest, Progress
from .errors import LogAddressInvalid
from .port import EventLog, LogIdentity
from .share import Share
from .state import StateReader, StateRebuild, StateWriter

MIN_FREE_BYTES = 256 << 20
"""Leave this much on the disk, for checkpoints and for whoever has to repair things."""


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
                f"{url}: not the address of a log; write it like sqlite:///var/x.db or "
                "kafka://host:9092/tidemark"
            )


async def create_log(
    url: str, identity: LogIdentity, clock: Callable[[], int], min_free_bytes: int = MIN_FREE_BYTES
) -> EventLog:
    """Make a log, with its folders or topics, and open it.

    If it exists with the same identity it is only opened. Raises LogExists, LogError.
    """
    engine = engine_of(url)
    await engine.create(identity)
    return await engine.open_log(clock, min_free_bytes, ignore_step)


async def open_log(
    url: str,
    clock: Callable[[], int],
    min_free_bytes: int = MIN_FREE_BYTES,
    on_step: OnStep = ignore_step,
) -> EventLog:
    """Open a log. `clock` gives milliseconds since 1970. Raises LogMissing, LogError."""
    return await engine_of(url).open_log(clock, min_free_bytes, on_step)


async def open_state_writer(url: str, on_step: OnStep = ignore_step) -> StateWriter:
    """Write the state being served. Raises LogError; LogLocked when a file has its writer already."""
    return await engine_of(url).open_state_writer(on_step)


async def begin_rebuild(url: str, on_step: OnStep = ignore_step) -> StateRebuild:
    """Become the one writer of the next, empty generation. Raises LogLocked, LogError."""
    return await engine_of(url).begin_rebuild(on_step)


async def join(url: str, partitions: int, instance: str | None = None) -> Share:
    """Take a part of a log's partitions among all its ledger workers. Raises LogError.

    `instance` is the worker's own lasting name, on Kafka.
    """
    return await engine_of(url).join(partitions, instance)


async def open_state_reader(url: str) -> StateReader:
    """Read what is being served; before the first ledger has started that is generation 0, empty."""
    return await engine_of(url).open_state_reader()


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
    return engine_of(url).back_up(target, progress)


def restore(source: Path, url: str, replace: bool = False) -> Manifest:
    """Bring a backup back, over an existing log only with `replace`. Blocks; raises LogError."""
    return engine_of(url).restore(source, replace)


def free_bytes(url: str) -> int | None:
    """Room on the disk of a log that is a file; None for a log on other machines."""
    return engine_of(url).free_bytes()
