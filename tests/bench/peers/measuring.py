"""Runs a peer and watches it from outside: the broker says how far it is, the kernel how much memory it had.

Every peer commits its place to its consumer group when it has published, so the bench needs to trust none of
them and sees Tidemark's ledger in the same way as the others.
"""

import asyncio
import os
import time
from pathlib import Path
from typing import NamedTuple

from tests.bench.peers.pace import Pace, Seen, pace
from tests.bench.peers.processes import Spent, spent
from tests.bench.peers.run import Run
from tests.bench.peers.watching import assigned, committed
from tests.servers.process import ServerProcess, start

LOOK_S = 0.05
STALL_S = 60
"""Without a commit for so long, a peer is given up."""

LIMIT_S = 300
"""For one run."""

STOP_S = 30


class PeerFailed(Exception):
    """A peer ended, stopped committing, or was wrong; the message says which."""


class Measured(NamedTuple):
    """A run: its pace, seconds to the assignment and to the last commit, what it used."""

    pace: Pace
    start_s: float
    total_s: float
    spent: Spent


class _Watch:
    """One running peer."""

    def __init__(self, run: Run, group: str, process: ServerProcess, log: Path) -> None:
        self._run = run
        self._group = group
        self._process = process
        self._log = log
        self._started = time.monotonic()

    async def to_the_end(self) -> Measured:
        """Until all events are committed. Raises PeerFailed."""
        ready = await self._assigned()
        commits: list[Seen] = []
        used = Spent(0, 0.0)
        while not commits or commits[-1].committed < self._run.events:
            running = self._process.running
            used = spent(self._process.pid).at_least(used)
            seen = await self._seen()
            before = commits[-1] if commits else ready
            if seen.committed > before.committed:
                commits.append(seen)
            elif not running or seen.seconds > min(LIMIT_S, before.seconds + STALL_S):
                raise self._failed(seen)
            await asyncio.sleep(LOOK_S)
        measured = pace(ready, commits, self._run.events)
        return Measured(measured, ready.seconds, commits[-1].seconds, used)

    async def _assigned(self) -> Seen:
        while not await assigned(self._run.admin, self._group):
            seen = await self._seen()
            if seen.committed:
                return Seen(seen.seconds, 0)
            if not self._process.running or seen.seconds > STALL_S:
                raise self._failed(seen)
            await asyncio.sleep(LOOK_S)
        return Seen(self._seconds(), 0)

    async def _seen(self) -> Seen:
        count = await committed(self._run.admin, self._group, self._run.topic)
        return Seen(self._seconds(), count)

    def _seconds(self) -> float:
        return time.monotonic() - self._started

    def _failed(self, seen: Seen) -> PeerFailed:
        tail = self._log.read_text(errors="replace")[-600:].strip() or "it said nothing"
        return PeerFailed(f"at {seen.committed:,} of {self._run.events:,} after {seen.seconds:.0f} s: {tail}")


async def measured(run: Run, command: list[str], group: str) -> Measured:
    """Run a command until the group has committed all events, and end it. Raises PeerFailed."""
    log = run.folder / "said.log"
    process = start(command, log, os.getpid())
    try:
        return await _Watch(run, group, process, log).to_the_end()
    finally:
        process.end(STOP_S)
