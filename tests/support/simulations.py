"""Simulations of a few days, and which of their records a reader must accept."""

from collections.abc import Iterable, Iterator
from datetime import date
from functools import cache

from tidemark.services.simulator.planned import Sent
from tidemark.services.simulator.scenario import load_scenario
from tidemark.services.simulator.simulation import Run, Simulation
from tidemark.streams.contracts.civil import FUTURE_TOLERANCE_MS, millis
from tidemark.streams.contracts.envelope import Event, key_of
from tidemark.streams.contracts.family import DAY, Stream
from tidemark.streams.contracts.partitions import partition_of
from tidemark.streams.families.codec import InvalidEvent, decode

PARTITIONS = 8
START = date(2026, 1, 1)


def quiet(faults: str = "none", **changed: object) -> Simulation:
    """The scenario for tests from New Year 2026 on."""
    return Simulation(load_scenario("quiet"), Run(7, START, faults=faults)._replace(**changed))


def sent_in(simulation: Simulation, days: float) -> list[Sent]:
    """What arrives in the days from the start."""
    return list(simulation.events(simulation.start_ms + int(days * DAY)))


@cache
def week(faults: str) -> tuple[Simulation, list[Sent]]:
    """A week, simulated once for all tests that only read it."""
    simulation = quiet(faults)
    return simulation, sent_in(simulation, 7)


def fate(sent: Sent) -> Event | str:
    """The event, or the reason why a record of the facts is dead-lettered."""
    try:
        event = decode(sent.raw)
    except InvalidEvent as error:
        return error.reason
    if event.family.stream is not Stream.FACTS:
        return "stream"
    if partition_of(key_of(event), PARTITIONS) != sent.partition:
        return "partition"
    if not event.simulated:
        return "mixed"
    if millis(event.time) > sent.arrival_ms + FUTURE_TOLERANCE_MS:
        return "future"
    return event


def select_accepted(records: Iterable[Sent]) -> Iterator[Event]:
    """The events that count, each once."""
    seen = set()
    for sent in records:
        event = fate(sent) if sent.stream is Stream.FACTS else ""
        if not isinstance(event, str) and (event.source, event.id) not in seen:
            seen.add((event.source, event.id))
            yield event


def sign_payloads(events: Iterable[Event]) -> Iterator[tuple[Event, object, int]]:
    """Each payload that an event subtracts (-1) or adds (+1)."""
    for event in events:
        if event.op == "create":
            yield event, event.data, 1
        else:
            yield event, event.data.before, -1
            if event.data.after is not None:
                yield event, event.data.after, 1
