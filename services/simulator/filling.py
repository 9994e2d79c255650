"""Fills a log with a simulation: each record exactly once, however often it is interrupted."""

from collections.abc import Callable

from tidemark.streams.contracts.family import Stream
from tidemark.streams.log.port import Entry, EventLog, Receipt

from .planned import Sent
from .simulation import Simulation

_BATCH = 4_000


class LogUnsuitable(Exception):
    """The log is for other events, or holds more of the simulation than requested."""


class Filling:
    """Continues where this simulation stopped, according to the log's receipts.

    Records that the log holds already are simulated again for the truth, but not appended.
    """

    def __init__(self, log: EventLog, simulation: Simulation, already: dict[Stream, int]) -> None:
        self._log = log
        self._simulation = simulation
        self._already = already
        self._made = dict.fromkeys(Stream, 0)
        self.appended = 0

    async def fill(self, until_ms: int, on_time: Callable[[int], None] = lambda _: None) -> None:
        """Append the records that arrive before `until_ms`; may be called again with a later time.

        `on_time` gets the simulated time reached, in ms. Raises LogError.
        """
        batch: list[Sent] = []
        for sent in self._simulation.events(until_ms):
            batch.append(sent)
            if len(batch) == _BATCH:
                await self._append(batch)
                batch = []
                on_time(sent.arrival_ms)
        await self._append(batch)
        on_time(until_ms)

    def require_reached(self) -> None:
        """Raise LogUnsuitable if the log holds more records than were simulated, which the truth lacks."""
        if any(self._made[stream] < already for stream, already in self._already.items()):
            raise LogUnsuitable(
                "the log holds this simulation up to a later time than requested; "
                "give that time or a later one, or the address of a new log"
            )

    async def _append(self, batch: list[Sent]) -> None:
        for stream in Stream:
            entries = []
            for sent in batch:
                if sent.stream is stream:
                    self._made[stream] += 1
                    if self._made[stream] > self._already[stream]:
                        entries.append(Entry(sent.partition, sent.raw, sent.arrival_ms))
            if entries:
                receipt = Receipt(_receipt_name(self._simulation, stream), str(self._made[stream]))
                await self._log.append(stream, entries, receipt)
                self.appended += len(entries)


async def begin_filling(log: EventLog, simulation: Simulation) -> Filling:
    """Read how much of the simulation the log holds. Raises LogUnsuitable, LogError."""
    if log.identity.content != "simulated":
        raise LogUnsuitable(
            f"the log is for {log.identity.content} events, not for simulated ones; "
            "give the address of another log, which is created if it does not exist"
        )
    already = {stream: int(await log.receipt(_receipt_name(simulation, stream)) or 0) for stream in Stream}
    return Filling(log, simulation, already)


def _receipt_name(simulation: Simulation, stream: Stream) -> str:
    return f"{simulation.name}/{stream}"
