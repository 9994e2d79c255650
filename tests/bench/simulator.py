"""How fast the simulator makes events and their truth; also the events that other measurements fold."""

import time
from collections.abc import Iterator
from datetime import date
from itertools import islice
from pathlib import Path
from statistics import median
from typing import NamedTuple

from tests.bench.cores import stay_on_one_core
from tests.bench.report import Line
from tests.bench.say import Say
from tidemark.services.simulator.scenario import load_scenario
from tidemark.services.simulator.simulation import Run, Simulation
from tidemark.streams.contracts.family import Stream
from tidemark.streams.families.codec import decode, encode
from tidemark.streams.log.port import Entry

EVENTS = 200_000
RUNS = 3
DAY = date(2026, 3, 2)
"""A Monday that is not a holiday."""


ENTITIES = Path(__file__).with_name("entities.toml")
_OF_ENTITIES = (b'{"type":"tidemark.refund.', b'{"type":"tidemark.ticket.')


class Rates(NamedTuple):
    """Events per second."""

    made: float
    encoded: float


def make_mix() -> Iterator[Entry]:
    """The facts of scenario mix from midnight, 3.4 million a day, without end."""
    for sent in _simulation().events():
        if sent.stream is Stream.FACTS:
            yield Entry(sent.partition, sent.raw, sent.arrival_ms)


def make_entity_events() -> Iterator[Entry]:
    """The events of refund forms and tickets alone, at the volumes expected for 2030, without end."""
    simulation = Simulation(load_scenario(str(ENTITIES)), Run(seed=7, start=DAY))
    for sent in simulation.events():
        if sent.stream is Stream.FACTS and sent.raw.startswith(_OF_ENTITIES):
            yield Entry(sent.partition, sent.raw, sent.arrival_ms)


def measure(_folder: Path, say: Say) -> list[Line]:
    """Simulate scenario mix at full scale on one core, including the truth."""
    stay_on_one_core()
    rates = []
    for _ in range(RUNS):
        rates.append(_measure_rates())
        say(f"{rates[-1].made:,.0f} events/s")
    return [
        Line(
            what="simulator: events with their truth, one core",
            figure=median(rate.made for rate in rates),
            unit="events/s",
            runs=RUNS,
            floor=median(rate.encoded for rate in rates),
            floor_of="only encoding the same events",
            at_least=50_000,
        )
    ]


def _measure_rates() -> Rates:
    started = time.perf_counter()
    sent = list(islice(_simulation().events(), EVENTS))
    made = time.perf_counter() - started
    events = [decode(record.raw) for record in sent]
    started = time.perf_counter()
    for event in events:
        encode(event)
    return Rates(EVENTS / made, EVENTS / (time.perf_counter() - started))


def _simulation() -> Simulation:
    return Simulation(load_scenario("mix"), Run(seed=7, start=DAY))
