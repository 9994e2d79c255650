"""Tidemark's commands as processes that are killed, suspended and started again."""

import asyncio
import json
import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from tests.servers.process import ServerProcess, start
from tests.support.commands import TIDEMARK

END_S = 30.0
TAIL = 3_000


class Program:
    """A `tidemark` command that is run several times; the file `output` holds the output of all runs.

    `crashes` holds the last output of each run that ended by itself after the program had been up.
    """

    def __init__(self, output: Path, *arguments: str) -> None:
        self.output = output
        self.crashes: list[str] = []
        self._should_run = False
        self._command = [str(TIDEMARK), *arguments]
        self._offset = 0
        self._process: ServerProcess | None = None

    @property
    def process(self) -> ServerProcess:
        """The process of the current run."""
        assert self._process is not None, "it was never begun"
        return self._process

    async def begin(self) -> None:
        """Begin a run; the previous one must have ended."""
        self._offset = self.output.stat().st_size if self.output.exists() else 0
        self._process = await asyncio.to_thread(start, self._command, self.output, os.getpid())
        self._should_run = True

    async def kill(self) -> None:
        """SIGKILL, and wait until the process is gone."""
        self._should_run = False
        await asyncio.to_thread(self.process.kill)

    async def end(self) -> None:
        """Ask it to end, and kill it if it does not."""
        self._should_run = False
        await asyncio.to_thread(self.process.end, END_S)

    async def revive(self) -> None:
        """Restart it if it ended by itself, like a service manager; without Kafka it may end at its start."""
        if self._should_run and not self.process.running:
            if any(self.read_entries()):
                self.crashes.append(self.output.read_text()[-TAIL:])
            await self.begin()

    def read_entries(self) -> Iterator[dict[str, Any]]:
        """The log entries of the current run."""
        with self.output.open("rb") as output:
            output.seek(self._offset)
            for line in output:
                if line.startswith(b"{") and line.endswith(b"}\n"):
                    yield json.loads(line)

    def count_entries(self, event: str) -> int:
        """How often it has logged an event in the current run."""
        return sum(entry["event"] == event for entry in self.read_entries())

    def list_taken_over(self) -> list[int]:
        """The partitions that a ledger worker has taken over in the current run, in this order."""
        return [
            entry["partition"] for entry in self.read_entries() if entry["event"] == "partition taken over"
        ]

    def list_partitions(self) -> set[int]:
        """The partitions that a ledger worker holds, according to its log."""
        held: set[int] = set()
        for entry in self.read_entries():
            match entry["event"]:
                case "partition taken over":
                    held.add(entry["partition"])
                case "partition released":
                    held.discard(entry["partition"])
                case "partitions lost":
                    held.difference_update(entry["partitions"])
                case "ledger follows the log":
                    held = set(entry["partitions"])
                case "log unavailable, starting over":
                    held = set()
        return held
