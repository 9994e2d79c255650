"""Creates logs for measurements."""

from collections.abc import Iterable
from itertools import islice
from pathlib import Path

from tidemark.services.defaults import wall_clock
from tidemark.streams.contracts.family import Stream
from tidemark.streams.contracts.identity import LogIdentity
from tidemark.streams.log import create_log
from tidemark.streams.log.port import Entry, EventLog

CHUNK = 20_000


def url_in(folder: Path, name: str) -> str:
    """The address of a log in a folder."""
    return f"sqlite:///{folder / name}.db"


async def new_log(url: str, partitions: int) -> EventLog:
    """Create and open an empty log of simulated events."""
    return await create_log(url, LogIdentity(partitions=partitions, content="simulated"), wall_clock)


async def write_log(url: str, entries: Iterable[Entry], partitions: int) -> int:
    """Append entries to a new log, and return their number."""
    log = await new_log(url, partitions)
    written = 0
    try:
        coming = iter(entries)
        while chunk := list(islice(coming, CHUNK)):
            await log.append(Stream.FACTS, chunk)
            written += len(chunk)
    finally:
        await log.close()
    return written
