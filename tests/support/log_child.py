"""A process that appends, publishes or promotes until it is done or dies at a chosen step.

python -m tests.support.log_child <what> <log file> <writer> <repeats> [step nth]
Each completed repeat is printed on standard output, so that the parent knows what was acknowledged.
"""

import asyncio
import os
import signal
import sys
from collections.abc import Sequence
from pathlib import Path

from tidemark.streams.contracts.family import Stream
from tidemark.streams.contracts.published import Kind, Row
from tidemark.streams.log.port import Entry, Receipt, Update
from tidemark.streams.log.sqlite.log import Appender, SqliteLog, free_bytes, make_space_check
from tidemark.streams.log.sqlite.state import SqliteStateWriter
from tidemark.streams.storage import OnStep, ignore_step


def dying_at(step: str, nth: int) -> OnStep:
    """Kill the process when the step is reached for the nth time."""
    seen = 0

    def on_step(reached: str) -> None:
        nonlocal seen
        seen += reached == step
        if seen == nth:
            os.kill(os.getpid(), signal.SIGKILL)

    return on_step


class SplitAppender(Appender):
    """The negative control: entries and receipt in two transactions."""

    def append(self, stream: Stream, entries: Sequence[Entry], receipt: Receipt | None) -> list[int]:
        offsets = super().append(stream, entries, None)
        super().append(stream, [], receipt)
        return offsets


async def append(path: Path, writer: str, repeats: int, on_step: OnStep, split: bool = False) -> None:
    log = SqliteLog(path, lambda: 0, min_free_bytes=0, on_step=on_step)
    if split:
        nothing = make_space_check(path, 0, free_bytes)
        log._appender = SplitAppender(path, log.identity, lambda: 0, nothing, on_step)
    for number in range(1, repeats + 1):
        entries = [
            Entry(partition, f"{writer} {number}".encode()) for partition in range(log.identity.partitions)
        ]
        await log.append(Stream.FACTS, entries, Receipt(writer, str(number)))
        print(number, flush=True)
    await log.close()


async def publish(path: Path, repeats: int, on_step: OnStep) -> None:
    writer = SqliteStateWriter.open(path, on_step)
    for number in range(1, repeats + 1):
        await writer.publish(state_at(number))
        print(number, flush=True)
    await writer.close()


async def promote(path: Path, repeats: int, on_step: OnStep) -> None:
    for number in range(1, repeats + 1):
        writer = SqliteStateWriter.rebuild(path, on_step)
        await writer.publish(state_at(number))
        await writer.promote()
        print(number, flush=True)
        await writer.close()


def state_at(number: int) -> list[Update]:
    """A state that is whole only if every row carries the same number."""
    value = b"%d" % number
    rows = [Row(Kind.HEAD, b"head", value), *(Row(Kind.CELL, b"cell-%d" % n, value) for n in range(50))]
    return [Update(partition, rows, 0) for partition in range(4)]


def main(what: str, path: str, writer: str, repeats: str, *death: str) -> None:
    on_step = dying_at(death[0], int(death[1])) if death else ignore_step
    match what:
        case "append":
            asyncio.run(append(Path(path), writer, int(repeats), on_step))
        case "append-split":
            asyncio.run(append(Path(path), writer, int(repeats), on_step, split=True))
        case "publish":
            asyncio.run(publish(Path(path), int(repeats), on_step))
        case "promote":
            asyncio.run(promote(Path(path), int(repeats), on_step))


if __name__ == "__main__":
    main(*sys.argv[1:])
