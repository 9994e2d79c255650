"""How fast a log is folded, compared with only reading and decoding it."""

import asyncio
import time
from collections.abc import Iterable
from itertools import islice
from pathlib import Path
from statistics import median
from typing import NamedTuple, Union

import msgspec

from tests.bench.cores import stay_on_one_core
from tests.bench.logs import url_in, write_log
from tests.bench.report import Line
from tests.bench.say import Say
from tests.bench.simulator import make_entity_events, make_mix
from tidemark.streams.contracts.family import Stream
from tidemark.streams.families.table import CREATED
from tidemark.streams.ledger.worker import FLUSH_REBUILDING_S, READ_LIMIT, Worker, calm_collector
from tidemark.streams.log import engine_of
from tidemark.streams.log.port import Entry, WholeLog

PARTITIONS = 8
MIX = slice(1_200_000, 1_600_000)
"""From half past eight to half past eleven in the morning, when every family has events."""
ENTITY_EVENTS = 200_000
"""A fortnight of forms and tickets."""
REBUILD_EVENTS = 3_000_000
RUNS = 3
FLOOR = "reading and decoding the same log"


class Seconds(NamedTuple):
    """The seconds that one log took: to read and decode, and to fold."""

    events: int
    floor: float
    fold: float


def fold(folder: Path, say: Say) -> list[Line]:
    """Fold the mix of all facts, and the events of forms and tickets alone, on one core."""
    mixed = _measure_rates(url_in(folder, "mix"), islice(make_mix(), MIX.start, MIX.stop), RUNS, say)
    entities = _measure_rates(
        url_in(folder, "entities"), islice(make_entity_events(), ENTITY_EVENTS), RUNS, say
    )
    return [
        Line(
            what="fold of the mix, one core",
            figure=mixed[0],
            unit="events/s",
            runs=RUNS,
            floor=mixed[1],
            floor_of=FLOOR,
            at_least=100_000,
            ratio_at_least=0.15,
        ),
        Line(
            what="fold of refund and ticket events alone, one core",
            figure=entities[0],
            unit="events/s",
            runs=RUNS,
            floor=entities[1],
            floor_of=FLOOR,
            at_least=40_000,
        ),
    ]


def rebuild(folder: Path, say: Say) -> list[Line]:
    """Rebuild from three million events: 21 hours of the district, with 2,000 sensor windows a minute."""
    taken = asyncio.run(_measure_log(url_in(folder, "big"), islice(make_mix(), REBUILD_EVENTS), 1, say))[0]
    return [
        Line(
            what=f"rebuild of {taken.events:,} events, one core",
            figure=taken.fold,
            unit="seconds",
            floor=taken.floor,
            floor_of=FLOOR,
        )
    ]


def _measure_rates(url: str, entries: Iterable[Entry], runs: int, say: Say) -> tuple[float, float]:
    """Events per second of the fold and of its floor, medians."""
    taken = asyncio.run(_measure_log(url, entries, runs, say))
    return median(t.events / t.fold for t in taken), median(t.events / t.floor for t in taken)


async def _measure_log(url: str, entries: Iterable[Entry], runs: int, say: Say) -> list[Seconds]:
    say("writing a log")
    events = await write_log(url, entries, PARTITIONS)
    stay_on_one_core()
    calm_collector()
    measured = []
    for _ in range(runs):
        taken = Seconds(events, await _read_and_decode(url), await _fold(url))
        say(f"{events / taken.fold:,.0f} events/s, floor {events / taken.floor:,.0f}")
        measured.append(taken)
    return measured


async def _read_and_decode(url: str) -> float:
    decode = msgspec.json.Decoder(Union[tuple(CREATED.values())]).decode  # noqa: UP007  made from the table
    log = await engine_of(url).open_log(lambda: 0)
    try:
        started = time.perf_counter()
        for partition in range(log.identity.partitions):
            position = 0
            while (batch := await log.read(Stream.FACTS, partition, position, READ_LIMIT)).records:
                for _, _, raw in batch.records:
                    decode(raw)
                position = batch.next
        return time.perf_counter() - started
    finally:
        await log.close()


async def _fold(url: str) -> float:
    """Seconds from the first record to the last publish, in the way of `tidemark rebuild`."""
    log = await engine_of(url).open_log(lambda: 0)
    try:
        state = await engine_of(url).begin_rebuild()
        try:
            share = WholeLog(log.identity.partitions)
            worker = Worker(log, state, share, time.monotonic, flush_behind_s=FLUSH_REBUILDING_S)
            await worker.restore()
            started = time.perf_counter()
            await worker.catch_up()
            return time.perf_counter() - started
        finally:
            await state.close()
    finally:
        await log.close()
