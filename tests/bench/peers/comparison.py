"""Measures all peers on one broker: fills the topics once, then runs every peer in turn, repeatedly."""

import shlex
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from pathlib import Path
from uuid import uuid4

from aiokafka.admin import AIOKafkaAdminClient

from tests.bench.peers.catalogue import Peer
from tests.bench.peers.facts import Totals, describe_difference, make_facts
from tests.bench.peers.ledger import IDENTITY
from tests.bench.peers.measuring import Measured, PeerFailed, measure_run
from tests.bench.peers.run import Run
from tests.bench.peers.table import Outcome
from tests.bench.peers.topics import delete_topics, fill_topic
from tests.bench.say import Say
from tidemark.streams.log import engine_of


class Filled:
    """A log with `events` events, and their totals."""

    def __init__(self, broker: str, admin: AIOKafkaAdminClient, events: int) -> None:
        self.broker = broker
        self.admin = admin
        self.events = events
        self.name = f"bench-{events}"
        self.truth: Totals = {}

    async def fill(self) -> None:
        """Create the topics as `tidemark topics apply` does, and write the events."""
        await self.remove()
        await engine_of(f"kafka://{self.broker}/{self.name}").apply_topics(IDENTITY)
        self.truth = await fill_topic(self.broker, f"{self.name}.facts", make_facts(self.events))

    async def remove(self) -> None:
        """Delete the topics."""
        await delete_topics(self.admin, f"{self.name}.")

    def run(self, folder: Path) -> Run:
        """A new run on this log."""
        group = f"peer-{uuid4().hex[:12]}"
        own = folder / group
        own.mkdir()
        return Run(self.broker, self.name, self.events, self.truth, group, own, self.admin)


async def measure_peers(
    broker: str, peers: Sequence[Peer], events: int, repeat: int, folder: Path, say: Say
) -> list[Outcome]:
    """Run every peer `repeat` times, in turns, so that a noisy minute affects all of them."""
    counts = {peer.name: min(events, peer.most) for peer in peers}
    async with _admin(broker) as admin:
        logs = {count: Filled(broker, admin, count) for count in sorted(set(counts.values()))}
        for log in logs.values():
            say(f"writing {log.events:,} events")
            await log.fill()
        runs: dict[str, list[Measured]] = {peer.name: [] for peer in peers}
        wrong = dict.fromkeys(runs, "")
        for _ in range(repeat):
            for peer in peers:
                if wrong[peer.name]:
                    continue
                try:
                    runs[peer.name].append(
                        await _measure_peer(peer, logs[counts[peer.name]].run(folder), say)
                    )
                except PeerFailed as error:
                    wrong[peer.name] = str(error)
                    say(f"{peer.name}: {error}")
        for log in logs.values():
            await log.remove()
    return [Outcome(peer, counts[peer.name], runs[peer.name], wrong[peer.name]) for peer in peers]


async def _measure_peer(peer: Peer, run: Run, say: Say) -> Measured:
    """Run a peer and check what it published. Raises PeerFailed."""
    await peer.prepare(run)
    command = peer.command(run)
    say(f"{peer.name}: {shlex.join(command)}")
    try:
        figures = await measure_run(run, command, peer.group(run))
        say(f"{peer.name}: {figures.pace.events_per_s:,.0f} events/s, ready after {figures.start_s:.1f} s")
        totals = await peer.totals(run)
    finally:
        await delete_topics(run.admin, run.group)
    wrong = describe_difference(totals, run.truth) if totals is not None else ""
    if wrong:
        raise PeerFailed(wrong)
    return figures


@asynccontextmanager
async def _admin(broker: str) -> AsyncIterator[AIOKafkaAdminClient]:
    admin = AIOKafkaAdminClient(bootstrap_servers=broker)
    await admin.start()
    try:
        yield admin
    finally:
        await admin.close()
