"""A fresh log and a fresh state of every engine, for the suites that run on all of them."""

from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple
from uuid import uuid4

import pytest

from tidemark.streams.contracts.identity import LogIdentity
from tidemark.streams.log import create_log, engine_of
from tidemark.streams.log.memory import MemoryLog, MemoryState
from tidemark.streams.log.port import EventLog, StateReader, StateWriter

Clock = Callable[[], int]
PARTITIONS = 4
IDENTITY = LogIdentity(partitions=PARTITIONS, content="simulated")
ENGINES = ("memory", "sqlite", "kafka")


class Engine(NamedTuple):
    """An engine, and the address of a test's log; None for the log in memory."""

    name: str
    url: str | None

    async def new_log(self, clock: Clock) -> EventLog:
        """An empty log. Free space is not checked: the machine's disk is not under test."""
        if self.url is None:
            return MemoryLog(IDENTITY, clock)
        return await create_log(self.url, IDENTITY, clock, min_free_bytes=0)

    async def new_state(self) -> "State":
        """The state of a log that exists, each partition taken over."""
        if self.url is None:
            memory = MemoryState()
            return State(memory, memory)
        writer = await engine_of(self.url).open_state_writer()
        for partition in range(PARTITIONS):
            await writer.load(partition)
        return State(writer, await engine_of(self.url).open_state_reader())


class State(NamedTuple):
    writer: StateWriter
    reader: StateReader

    async def close(self) -> None:
        await self.reader.close()
        await self.writer.close()


@pytest.fixture(params=ENGINES)
def engine(request: pytest.FixtureRequest, tmp_path: Path) -> Engine:
    """Each engine in turn; Kafka where it is found."""
    match request.param:
        case "memory":
            return Engine("memory", None)
        case "sqlite":
            return Engine("sqlite", log_url(tmp_path))
        case _:
            return Engine("kafka", kafka_url(request.getfixturevalue("kafka")))


def kafka_url(broker: str) -> str:
    """The address of a log with a unique name."""
    return f"kafka://{broker}/test-{uuid4().hex[:12]}"


def log_url(folder: Path) -> str:
    """The address of the log in a folder."""
    return f"sqlite:///{folder / 'x.db'}"


async def new_log(folder: Path, clock: Clock) -> EventLog:
    """An empty log in a file."""
    return await Engine("sqlite", log_url(folder)).new_log(clock)
