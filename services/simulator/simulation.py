"""The simulation: all records in order of arrival, and the truth about them."""

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
from .families import list_sources
from .faults import Outages, Repeats, load_profile
from .planned import Batch, Planned, Sent, Writer
from .randomness import RandomStreams
from .registry import make_roster
from .scenario import Scenario
from .trouble import Trouble, apply_trouble, make_added_events
from .truth import Truth
from .world import Intervals, Window, World

_BUCKET_MS = 60_000
MODEL = 2
"""The model's version: increase it when a change makes the same run give other events."""


class Run(NamedTuple):
    """What determines every byte, together with the scenario.

    `scale`: None for the scenario's own. `live`: disjoint intervals in ms, ascending, in which feeds
    use their live windows.
    """

    seed: int
    start: date
    scale: float | None = None
    faults: str = "none"
    live: Intervals = ()
    zone: str = DEFAULT_ZONE
    partitions: int = DEFAULT_PARTITIONS


class Simulation:
    """Records and truth of a scenario and a run; both are reproducible byte for byte."""

    def __init__(self, scenario: Scenario, run: Run) -> None:
        random_streams = RandomStreams(run.seed)
        calendar = Calendar(run.zone, random_streams)
        scale = scenario.scale if run.scale is None else run.scale
        profile = load_profile(run.faults)
        writer = Writer(calendar, run.partitions)
        world = World(random_streams, calendar, writer, load_places(), day_of(run.start), scale, run.live)
        self._world, self._scenario = world, scenario
        self.start_ms = calendar.start_ms(world.first_day)
        self.name = _make_name(scenario, run, scale)
        self.signals = 0
        self.truth = Truth(_make_identity(scenario, run, scale), calendar.civil, run.partitions)
        batches = merge(
            *list_sources(scenario, world, Outages(random_streams, profile)), key=attrgetter("from_ms")
        )
        self._planned: Iterator[Planned] = _sort_by_arrival(
            Disturbance(random_streams, profile, writer).disturb(batches)
        )
        self._repeats = Repeats(random_streams, profile, run.partitions)
        self._pending: Planned | None = None
        self._partition = 0
        self._now_ms = self.start_ms

    def start_trouble(self, trouble: Trouble, when: Window) -> None:
        """Let a trouble begin. No event that arrives in its window or later may have been yielded yet."""
        waiting = () if self._pending is None else (self._pending,)
        self._pending = None
        members = make_roster(self._world, self._scenario.registry)
        added = make_added_events(self._world, members, trouble, when)
        self._planned = apply_trouble(chain(waiting, self._planned), trouble, when, added)

    def events(self, until_ms: int | None = None) -> Iterator[Sent]:
        """The records that arrive before `until_ms`, or without end; the next call continues from there.

        The truth covers exactly the records yielded so far.
        """
        while True:
            again = self._repeats.pop_due(self._partition)
            if again is not None:
                yield self._send_again(again)
                continue
            planned = self._pending or next(self._planned)
            self._pending = None
            if until_ms is not None and planned.arrival_ms >= until_ms:
                self._pending = planned
                return
            yield self._send(planned)

    def _send(self, planned: Planned) -> Sent:
        self._now_ms = planned.arrival_ms
        if planned.stream is Stream.FACTS:
            self._partition = planned.partition
            self._repeats.note_sent(planned, self.truth.take(planned))
        else:
            self.signals += 1
        return Sent(planned.arrival_ms, planned.stream, planned.partition, planned.raw)

    def _send_again(self, planned: Planned) -> Sent:
        self.truth.note_repeated(planned)
        self._repeats.note_sent(planned, accepted=False)
        return Sent(self._now_ms, planned.stream, planned.partition, planned.raw)


def _make_name(scenario: Scenario, run: Run, scale: float) -> str:
    """A name shared by all runs that begin alike; their live intervals may differ later."""
    decides = (MODEL, scenario, scale, run.faults, run.zone, run.partitions)
    digest = sha256(msgspec.json.encode(decides)).hexdigest()[:12]
    return f"simulate/{scenario.name}/{run.seed}/{run.start}/{digest}"


def _make_identity(scenario: Scenario, run: Run, scale: float) -> dict[str, Any]:
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


def _sort_by_arrival(batches: Iterator[Batch]) -> Iterator[Planned]:
    """Sort by arrival; events with the same arrival stay in the order of planning.

    Batches are ordered by their earliest arrival, so a minute is complete as soon as a batch
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
