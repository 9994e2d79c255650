"""Tidemark's commands as processes that are killed, put to sleep and begun again."""

import asyncio
import json
import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from tests.servers.process import ServerProcess, start
from tests.support.commands import TIDEMARK

END_S = 30.0


class Program:
    """A `tidemark` command; what it says is kept in a file, over all its lives."""

    def __init__(self, said: Path, *arguments: str) -> None:
        self.said = said
        self._command = [str(TIDEMARK), *arguments]
        self._begins = 0
        self._process: ServerProcess | None = None

    @property
    def process(self) -> ServerProcess:
        """The process of its present life."""
        assert self._process is not None, "it was never begun"
        return self._process

    async def begin(self) -> None:
        """Begin a life; the one before must have ended."""
        self._begins = self.said.stat().st_size if self.said.exists() else 0
        self._process = await asyncio.to_thread(start, self._command, self.said, os.getpid())

    async def end(self) -> None:
        """Ask it to end, and kill it when it does not."""
        await asyncio.to_thread(self.process.end, END_S)

    def said_now(self) -> Iterator[dict[str, Any]]:
        """What it has logged in its present life."""
        with self.said.open("rb") as said:
            said.seek(self._begins)
            for line in said:
                if line.startswith(b"{") and line.endswith(b"}\n"):
                    yield json.loads(line)

    def times_said(self, event: str) -> int:
        """How often it has logged that in its present life."""
        return sum(said["event"] == event for said in self.said_now())

    def holds(self) -> set[int]:
        """The partitions that a ledger worker has said it holds."""
        held: set[int] = set()
        for said in self.said_now():
            match said["event"]:
                case "partition taken up":
                    held.add(said["partition"])
                case "partition given up":
                    held.discard(said["partition"])
                case "partitions lost":
                    held.difference_update(said["partitions"])
                case "ledger follows the log":
                    held = set(said["partitions"])
        return held
