"""A fresh log and a fresh state of every engine, for the suites that run on all of them."""

from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

from streams.log import create_log, open_state_reader, open_state_writer
from streams.log.memory import MemoryLog, MemoryState
from streams.log.port import EventLog, LogIdentity
from streams.log.state import StateReader, StateWriter

Clock = Callable[[], int]
PARTITIONS = 4
IDENTITY = LogIdentity(partitions=PARTITIONS)
ENGINES = ("memory", "sqlite")


class State(NamedTuple):
    writer: StateWriter
    reader: StateReader

    async def close(self) -> None:
        await self.reader.close()
        await self.writer.close()


def log_url(folder: Path) -> str:
    return f"sqlite:///{folder / 'x.db'}"


def new_log(engine: str, folder: Path, clock: Clock) -> EventLog:
    """An empty log. The floor of free space is off: the machine's disk is not under test."""
    if engine == "memory":
        return MemoryLog(IDENTITY, clock)
    return create_log(log_url(folder), IDENTITY, clock, min_free_bytes=0)


def new_state(engine: str, folder: Path) -> State:
    if engine == "memory":
        memory = MemoryState()
        return State(memory, memory)
    url = log_url(folder)
    return State(open_state_writer(url), open_state_reader(url))
