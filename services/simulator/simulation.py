"""The simulation: everything that is sent, in order of arrival, and the truth of it."""

from collections.abc import Iterator
from datetime import date
from hashlib import sha256
from heapq import merge
from itertools import chain
from operator import attrgetter
from typing import Any, NamedTuple

import msgspec

from tidemark.services.gazetteer import load_places
from tidemark.streams.contracts.family import Stream
from tidemark.streams.contracts.identity import DEFAULT_PARTITIONS, DEFAULT_ZONE

from .calendar import Calendar, day_of
from .disturbance import Disturbance
from .families import sources
from .faults import Outages, Repeats, load_profile
from .planned import Batch, Planned, Sent, Writer
from .randomness import RandomStreams
from .registry import roster
from .scenario import Scenario
from .trouble import Trouble, add_events, strike_events
from .truth import Truth
from .world import Intervals, Window, World

_BUCKET_MS = 60_000
MODEL = 2
"""Counts up when the same run gives other events than before."""


class Run(NamedTuple):
    """What decides every byte, together with the scenario. `scale` None is the scenario's own.

    `live`: disjoint intervals in ms, in order, in which feeds use their live windows.
    """

    seed: int
    start: date
    scale: float | None = None
    faults: str = "none"
    live: Intervals = ()
    zone: str = DEFAULT_ZONE
    partitions: int = DEFAULT_PARTITIONS


class Simulation:
    """The same scenario and run give the same records, byte for byte, and the same truth."""

    def __init__(self, scenario: Scenario, run: Run) -> None:
        random_streams = RandomStreams(run.seed)
        calendar = Calendar(run.zone, random_streams)
        scale = scenario.scale if run.scale is None else run.scale
        profile = load_profile(run.faults)
        writer = Writer(calendar, run.partitions)
        world = World(random_streams, calendar, writer, load_places(), day_of(run.start), scale, run.live)
        self._world, self._scenario = world, scenario
        self.start_ms = calendar.start_ms(world.first_day)
        self.name = _name(scenario, run, scale)
        self.signals = 0
        self.truth = Truth(_identity(scenario, run, scale), calendar.civil, run.partitions)
        batches = merge(
            *sources(scenario, world, Outages(random_streams, profile)), key=attrgetter("from_ms")
        )
        self._planned: Iterator[Planned] = _in_order(Disturbance(random_streams, profile, writer).of(batches))
        self._repeats = Repeats(random_streams, profile, run.partitions)
        self._held: Planned | None = None
        self._lane = 0
        self._now_ms = self.start_ms

    def strike(self, trouble: Trouble, when: Window) -> None:
        """Have a trouble; nothing that arrives in its window or later may have been yielded yet."""
        waiting = () if self._held is None else (self._held,)
        self._held = None
        members = roster(self._world, self._scenario.registry)
        added = add_events(self._world, members, trouble, when)
        self._planned = strike_events(chain(waiting, self._planned), trouble, when, added)

    def events(self, until_ms: int | None = None) -> Iterator[Sent]:
        """What arrives before `until_ms`, or without end; called again it goes on from there.

        The truth is of exactly what has been yielded.
        """
        while True:
            again = self._repeats.due(self._lane)
            if again is not None:
                yield self._send_again(again)
                continue
            planned = self._held or next(self._planned)
            self._held = None
            if until_ms is not None and planned.arrival_ms >= until_ms:
                self._held = planned
                return
            yield self._send(planned)

    def _send(self, planned: Planned) -> Sent:
        self._now_ms = planned.arrival_ms
        if planned.stream is Stream.FACTS:
            self._lane = planned.partition
            self._repeats.note_sent(planned, self.truth.take(planned))
        else:
            self.signals += 1
        return Sent(planned.arrival_ms, planned.stream, planned.partition, planned.raw)

    def _send_again(self, planned: Planned) -> Sent:
        self.truth.note_repeated(planned)
        self._repeats.note_sent(planned, accepted=False)
        return Sent(self._now_ms, planned.stream, planned.partition, planned.raw)


def _name(scenario: Scenario, run: Run, scale: float) -> str:
    """The same for all runs of which one is the beginning of the other: what is live may differ later."""
    decides = (MODEL, scenario, scale, run.faults, run.zone, run.partitions)
    digest = sha256(msgspec.json.encode(decides)).hexdigest()[:12]
    return f"simulate/{scenario.name}/{run.seed}/{run.start}/{digest}"


def _identity(scenario: Scenario, run: Run, scale: float) -> dict[str, Any]:
    return {
        "scenario": scenario.name,
        "seed": run.seed,
        "scale": scale,
        "start": run.start.isoformat(),
        "faults": run.faults,
        "live": run.live,
        "zone": run.zone,
        "partitions": run.partitions,
    }


def _in_order(batches: Iterator[Batch]) -> Iterator[Planned]:
    """Sort by arrival; what arrives at the same time stays in the order of planning.

    Batches come in order of their earliest arrival, so a minute is complete as soon as a batch
    begins after it.
    """
    buckets: dict[int, list[Planned]] = {}
    current: int | None = None
    for batch in batches:
        reached = batch.from_ms // _BUCKET_MS
        if current is None:
            current = reached
        for bucket in range(current, reached):
            yield from sorted(buckets.pop(bucket, ()), key=attrgetter("arrival_ms"))
        current = reached
        for planned in batch.planned:
            buckets.setdefault(max(planned.arrival_ms // _BUCKET_MS, current), []).append(planned)
