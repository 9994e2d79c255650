"""The events of a simulated district, appended during the faults, and the truth about them."""

import asyncio
from collections import Counter
from datetime import date
from unittest.mock import patch

import msgspec

from tidemark.services.simulator.faults import Profile, load_profile
from tidemark.services.simulator.planned import Planned
from tidemark.services.simulator.scenario import load_scenario
from tidemark.services.simulator.simulation import Run, Simulation
from tidemark.streams.contracts.family import Stream
from tidemark.streams.log.errors import LogError
from tidemark.streams.log.port import Entry, EventLog, Receipt

from .expected import Shown, sum_counters

STEP_MS = 1_200_000
PAUSE_S = 0.3
APPEND_TRIES = 60


class Feed:
    """Appends twenty minutes of the simulation at a time, each exactly once, through every outage.

    The events have every kind of fault except corrections, which would make totals fall.
    `bounds` holds the counters of all events that have been appended or are being appended.
    """

    def __init__(self, log: EventLog, seed: int) -> None:
        self._log = log
        run = Run(seed, date(2026, 1, 1), faults="hostile", partitions=log.identity.partitions)
        with patch("tidemark.services.simulator.simulation.load_profile", _without_corrections):
            self._simulation = Simulation(load_scenario("quiet"), run)
        self._reached_ms = self._simulation.start_ms
        self._counts = dict.fromkeys(Stream, 0)
        self._poison: asyncio.Queue[tuple[int, bytes]] = asyncio.Queue()
        self.bounds: Shown = {}

    async def poison(self, partition: int, raw: bytes) -> None:
        """Append a record that cannot be decoded among the others, and wait for it."""
        await self._poison.put((partition, raw))
        await self._poison.join()

    async def flow(self, stop: asyncio.Event) -> None:
        """Append until `stop` is set. Raises LogError when an outage does not end."""
        while not stop.is_set():
            await self.step()
            await asyncio.sleep(PAUSE_S)

    async def step(self) -> None:
        """Append the next twenty minutes."""
        self._reached_ms += STEP_MS
        entries: dict[Stream, list[Entry]] = {stream: [] for stream in Stream}
        for arrival_ms, stream, partition, raw in self._simulation.events(self._reached_ms):
            entries[stream].append(Entry(partition, raw, arrival_ms))
        poison = [self._poison.get_nowait() for _ in range(self._poison.qsize())]
        for partition, raw in poison:
            planned = Planned(self._reached_ms, Stream.FACTS, partition, raw, "undecodable")
            self._simulation.truth.take(planned)
            entries[Stream.FACTS].append(Entry(partition, raw, self._reached_ms))
        self.bounds = sum_counters(self._simulation.truth.counts, self._simulation.truth.dead)
        for stream, of_stream in entries.items():
            if of_stream:
                await self._append(stream, of_stream)
        for _ in poison:
            self._poison.task_done()

    def truth(self) -> bytes:
        """The truth about all appended events, in the format of `tidemark verify`."""
        return self._simulation.truth.to_json()

    def count_faults(self) -> dict[str, int]:
        """The number of faulty events, by kind of fault."""
        truth = self._simulation.truth
        totals: Counter[str] = Counter()
        for counts in truth.counts.values():
            totals.update({f"event {name}": counts[name] for name in ("duplicate", "late")})
        return dict(totals) | {f"dead letter, {reason}": number for reason, number in truth.dead.items()}

    async def _append(self, stream: Stream, entries: list[Entry]) -> None:
        self._counts[stream] += len(entries)
        receipt = Receipt(f"chaos/{stream.value}", str(self._counts[stream]))
        for attempt in range(1, APPEND_TRIES + 1):
            try:
                if attempt == 1 or await self._log.receipt(receipt.name) != receipt.value:
                    await self._log.append(stream, entries, receipt)
                return
            except LogError:
                if attempt == APPEND_TRIES:
                    raise
                await asyncio.sleep(0.5)


def _without_corrections(name: str) -> Profile:
    return msgspec.structs.replace(load_profile(name), corrected=0.0, retracted=0.0)
