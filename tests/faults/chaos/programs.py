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
TAIL = 3_000


class Program:
    """A `tidemark` command; what it says is kept in a file, over all its lives.

    `fell` tells of lives that ended by themselves after it had been up.
    """

    def __init__(self, said: Path, *arguments: str) -> None:
        self.said = said
        self.fell: list[str] = []
        self._wanted = False
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
        self._wanted = True

    async def kill(self) -> None:
        """SIGKILL; back when it is gone."""
        self._wanted = False
        await asyncio.to_thread(self.process.kill)

    async def end(self) -> None:
        """Ask it to end, and kill it when it does not."""
        self._wanted = False
        await asyncio.to_thread(self.process.end, END_S)

    async def revive(self) -> None:
        """What a service manager does for one that ended by itself: at its start it may, without Kafka."""
        if self._wanted and not self.process.running:
            if any(self.said_now()):
                self.fell.append(self.said.read_text()[-TAIL:])
            await self.begin()

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

    def taken_up(self) -> list[int]:
        """The partitions that a ledger worker has taken up in its present life, one after the other."""
        return [said["partition"] for said in self.said_now() if said["event"] == "partition taken over"]

    def holds(self) -> set[int]:
        """The partitions that a ledger worker has said it holds."""
        held: set[int] = set()
        for said in self.said_now():
            match said["event"]:
                case "partition taken over":
                    held.add(said["partition"])
                case "partition released":
                    held.discard(said["partition"])
                case "partitions lost":
                    held.difference_update(said["partitions"])
                case "ledger follows the log":
                    held = set(said["partitions"])
                case "log unavailable, starting over":
                    held = set()
        return held
