"""Runs a peer and observes it from outside: its progress through the broker, its memory through the kernel.

Every peer commits its offsets to a consumer group after publishing, so the bench need not trust any of them
and observes Tidemark's ledger in the same way as the others.
"""

import asyncio
import os
import time
from pathlib import Path
from typing import NamedTuple

from aiokafka.admin import AIOKafkaAdminClient
from aiokafka.errors import KafkaError

from tests.bench.peers.pace import Observation, Pace, compute_pace
from tests.bench.peers.processes import Usage, read_usage
from tests.bench.peers.run import Run
from tests.servers.process import ServerProcess, start

LOOK_S = 0.05
STALL_S = 60
"""A peer without a commit for this long has failed."""

LIMIT_S = 300
"""For one run."""

STOP_S = 30


class PeerFailed(Exception):
    """A peer ended early, stopped committing or published wrong totals; the message says which."""


class Measured(NamedTuple):
    """A run: pace, seconds to the assignment and to the last commit, and resources used."""

    pace: Pace
    start_s: float
    total_s: float
    spent: Usage


class _Watch:
    """One running peer."""

    def __init__(self, run: Run, group: str, process: ServerProcess, log: Path) -> None:
        self._run = run
        self._group = group
        self._process = process
        self._log = log
        self._started = time.monotonic()

    async def wait_for_end(self) -> Measured:
        """Observe it until all events are committed. Raises PeerFailed."""
        ready = await self._wait_for_assignment()
        commits: list[Observation] = []
        used = Usage(0, 0.0)
        while not commits or commits[-1].committed < self._run.events:
            running = self._process.running
            used = read_usage(self._process.pid).at_least(used)
            seen = await self._observe()
            before = commits[-1] if commits else ready
            if seen.committed > before.committed:
                commits.append(seen)
            elif not running or seen.seconds > min(LIMIT_S, before.seconds + STALL_S):
                raise self._make_failure(seen)
            await asyncio.sleep(LOOK_S)
        measured = compute_pace(ready, commits, self._run.events)
        return Measured(measured, ready.seconds, commits[-1].seconds, used)

    async def _wait_for_assignment(self) -> Observation:
        while not await _is_assigned(self._run.admin, self._group):
            seen = await self._observe()
            if seen.committed:
                return Observation(seen.seconds, 0)
            if not self._process.running or seen.seconds > STALL_S:
                raise self._make_failure(seen)
            await asyncio.sleep(LOOK_S)
        return Observation(self._seconds(), 0)

    async def _observe(self) -> Observation:
        count = await _count_committed(self._run.admin, self._group, self._run.topic)
        return Observation(self._seconds(), count)

    def _seconds(self) -> float:
        return time.monotonic() - self._started

    def _make_failure(self, seen: Observation) -> PeerFailed:
        tail = self._log.read_text(errors="replace")[-600:].strip() or "no output"
        return PeerFailed(
            f"committed {seen.committed:,} of {self._run.events:,} events in {seen.seconds:.0f} s: {tail}"
        )


async def measure_run(run: Run, command: list[str], group: str) -> Measured:
    """Run a command until the group has committed all events, then end it. Raises PeerFailed."""
    log = run.folder / "output.log"
    process = start(command, log, os.getpid())
    try:
        return await _Watch(run, group, process, log).wait_for_end()
    finally:
        process.end(STOP_S)


async def _is_assigned(admin: AIOKafkaAdminClient, group: str) -> bool:
    """Whether the group's members have their partitions."""
    try:
        answers = await admin.describe_consumer_groups([group])
    except KafkaError:  # the group has no coordinator yet
        return False
    return any(answer_group[2] == "Stable" for answer in answers for answer_group in answer.groups)


async def _count_committed(admin: AIOKafkaAdminClient, group: str, topic: str) -> int:
    """The number of events of the topic that the group has committed."""
    try:
        offsets = await admin.list_consumer_group_offsets(group)
    except KafkaError:
        return 0
    return sum(max(place.offset, 0) for partition, place in offsets.items() if partition.topic == topic)
