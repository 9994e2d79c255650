"""Profile of the fold: each of its steps alone, over one partition of the events that the peers read."""

import gc
import time
from collections.abc import Callable
from pathlib import Path
from statistics import median
from typing import Any, Union

import msgspec

from tests.bench.peers.facts import PARTITIONS, ZONE, make_facts
from tests.bench.report import Line
from tests.bench.say import Say
from tidemark.streams.contracts.civil import Civil
from tidemark.streams.contracts.identity import LogIdentity
from tidemark.streams.families.definitions import ADDITIVE_REDUCERS
from tidemark.streams.families.footfall import FAMILY as FOOTFALL
from tidemark.streams.families.table import CREATED
from tidemark.streams.ledger.admission import Admission, RecentIds
from tidemark.streams.ledger.cells import Cells
from tidemark.streams.ledger.fold import PartitionFold

EVENTS = 160_000
PARTITION = 0
ARRIVAL_MS = 1_900_000_000_000
RUNS = 5
FLOOR = "decoding alone"
IDENTITY = LogIdentity(partitions=PARTITIONS, content="simulated", zone=ZONE.key)


def measure(_folder: Path, say: Say) -> list[Line]:
    """Measure microseconds of CPU per event; the last line is the whole fold, drained every 10,000 events."""
    say("making events")
    raws = [entry.value for entry in make_facts(EVENTS) if entry.partition == PARTITION]
    decode = msgspec.json.Decoder(Union[tuple(CREATED.values())]).decode  # noqa: UP007  made from the table
    admit = Admission(IDENTITY, PARTITION).admit
    admitted = [admit(raw, ARRIVAL_MS) for raw in raws]
    contributions = _contributions(admitted)
    steps: dict[str, Callable[[], object]] = {
        "decoding alone": lambda: [decode(raw) for raw in raws],
        "admission (decoding, rules, partition, time)": lambda: [admit(raw, ARRIVAL_MS) for raw in raws],
        "duplicates": lambda: _remember(admitted),
        "periods and contributions": lambda: _contributions(admitted),
        "gathering": lambda: _gather(contributions),
        "gathering and draining": lambda: _gather(contributions).drain_changes(ARRIVAL_MS),
        "the whole fold": lambda: _fold(raws),
    }
    taken = {what: _microseconds(step, len(raws)) for what, step in steps.items()}
    return [
        Line(what=what, figure=figure, unit="µs CPU/event", runs=RUNS, floor=taken[FLOOR], floor_of=FLOOR)
        for what, figure in taken.items()
    ]


def _microseconds(step: Callable[[], object], events: int) -> float:
    taken = []
    for _ in range(RUNS):
        gc.collect()
        gc.freeze()
        gc.disable()
        started = time.process_time()
        step()
        taken.append(time.process_time() - started)
        gc.enable()
    return median(taken) / events * 1e6


def _remember(admitted: list[Any]) -> None:
    recent = RecentIds()
    recent.advance(0, ARRIVAL_MS)
    for event, _ in admitted:
        recent.add(event.source, event.id)


def _contributions(admitted: list[Any]) -> list[Any]:
    civil = Civil(IDENTITY.zone)
    reducer = ADDITIVE_REDUCERS[FOOTFALL.types[0]]
    return [
        reducer.contributions(
            event.data, event.subject, civil.periods(reducer.event_time_ms(event.data, time_ms, civil))
        )
        for event, time_ms in admitted
    ]


def _gather(contributions: list[Any]) -> Cells:
    cells = Cells(Civil(IDENTITY.zone))
    for of_event in contributions:
        cells.add(of_event)
    return cells


def _fold(raws: list[bytes]) -> None:
    fold = PartitionFold(IDENTITY, PARTITION)
    for start in range(0, len(raws), 10_000):
        part = enumerate(raws[start : start + 10_000], start)
        fold.fold((offset, ARRIVAL_MS, raw) for offset, raw in part)
        fold.drain_changes()
