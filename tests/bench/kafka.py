"""The ledger on Apache Kafka, compared with only reading the same topics. The broker shares the cores."""

import asyncio
import os
import time
from collections.abc import Iterable, Iterator
from contextlib import AsyncExitStack, ExitStack, contextmanager
from itertools import islice
from pathlib import Path
from statistics import median

from tests.bench import gateway
from tests.bench.events import make_daily, now
from tests.bench.folding import MIX
from tests.bench.logs import write_log
from tests.bench.processes import run_service
from tests.bench.report import Line
from tests.bench.say import Say
from tests.bench.simulator import make_mix
from tests.servers.kafka import MEASURED, KafkaServer
from tidemark.streams.contracts.family import Stream
from tidemark.streams.contracts.published import Kind, decode_head
from tidemark.streams.ledger.worker import READ_LIMIT, Worker, calm_collector
from tidemark.streams.log import engine_of
from tidemark.streams.log.port import Entry, WholeLog

PARTITIONS = 8
RUNS = 3
SENSORS, DAYS = 2_000, 400
WORKERS = (1, 2, 4)
WORKERS_EVENTS = 1_200_000
LIMIT_S = 300


def fold(folder: Path, say: Say) -> list[Line]:
    """Fold the mix of all facts in one worker, which publishes every second since it is behind."""
    with _broker(folder) as broker:
        url = f"{broker}/mix"
        events = _write_log(url, islice(make_mix(), MIX.start, MIX.stop), PARTITIONS, say)
        taken = [(asyncio.run(_read(url)), asyncio.run(_fold(url))) for _ in range(RUNS)]
    return [
        Line(
            what="fold of the mix on Kafka, one worker",
            figure=median(events / fold_s for _, fold_s in taken),
            unit="events/s",
            runs=RUNS,
            floor=median(events / read_s for read_s, _ in taken),
            floor_of="reading the same topic through the port",
            at_least=60_000,
        )
    ]


def restore(folder: Path, say: Say) -> list[Line]:
    """Restore the state of a partition in a new worker."""
    with _broker(folder) as broker:
        url = f"{broker}/restore"
        _write_log(url, make_daily(SENSORS, DAYS, now().replace(hour=0, minute=0, second=0)), 1, say)
        say("folding")
        asyncio.run(_fold(url, served=True))
        say("restoring")
        seconds, sizes = asyncio.run(_restore(url))
    return [
        Line(
            what=f"restore of {sizes['cells']:,} cells and {sizes['ids']:,} remembered ids from Kafka",
            figure=seconds,
            unit="seconds",
            at_most=15,
        )
    ]


def workers(folder: Path, say: Say) -> list[Line]:
    """Fold the whole log in 1, 2 and 4 processes of one group."""
    lines = []
    with _broker(folder) as broker:
        for count in WORKERS:
            url = f"{broker}/workers-{count}"
            events = _write_log(
                url, islice(make_mix(), MIX.start, MIX.start + WORKERS_EVENTS), PARTITIONS, say
            )
            with ExitStack() as stack:
                for number in range(count):
                    (folder / f"{count}-{number}").mkdir()
                    stack.enter_context(run_service("ledger", folder / f"{count}-{number}", log=url))
                seconds = asyncio.run(_measure_catch_up(url))
            lines.append(
                Line(
                    what=f"fold of the mix on Kafka, {count} workers, {os.cpu_count()} cores with the broker",
                    figure=events / seconds,
                    unit="events/s",
                )
            )
    return lines


def measure_services(folder: Path, say: Say) -> list[Line]:
    """Run gateway, ledger and exporter on one topic."""
    with _broker(folder) as broker:
        _write_log(f"{broker}/live", [], PARTITIONS, say)
        return gateway.measure_services(folder, f"{broker}/live", f"{broker}/floor", 1_000, say)


@contextmanager
def _broker(folder: Path) -> Iterator[str]:
    with KafkaServer(folder / "kafka", jvm=MEASURED) as server:
        yield f"kafka://{server.address}"


def _write_log(url: str, entries: Iterable[Entry], partitions: int, say: Say) -> int:
    say("writing a log")
    return asyncio.run(write_log(url, entries, partitions))


async def _read(url: str) -> float:
    log = await engine_of(url).open_log(lambda: 0)
    try:
        started = time.perf_counter()
        positions = [0] * log.identity.partitions
        ends = await log.ends(Stream.FACTS)
        while positions != ends:
            for partition in range(log.identity.partitions):
                batch = await log.read(Stream.FACTS, partition, positions[partition], READ_LIMIT)
                positions[partition] = batch.next
        return time.perf_counter() - started
    finally:
        await log.close()


async def _fold(url: str, served: bool = False) -> float:
    """Seconds until all is published: in a new generation, or in the one being served."""
    async with AsyncExitStack() as stack:
        log = await engine_of(url).open_log(lambda: 0)
        stack.push_async_callback(log.close)
        state = await (engine_of(url).open_state_writer() if served else engine_of(url).begin_rebuild())
        stack.push_async_callback(state.close)
        worker = Worker(log, state, WholeLog(log.identity.partitions), time.monotonic)
        await worker.restore()
        calm_collector()
        started = time.perf_counter()
        await worker.catch_up()
        return time.perf_counter() - started


async def _restore(url: str) -> tuple[float, dict[str, int]]:
    async with AsyncExitStack() as stack:
        log = await engine_of(url).open_log(lambda: 0)
        stack.push_async_callback(log.close)
        state = await engine_of(url).open_state_writer()
        stack.push_async_callback(state.close)
        worker = Worker(log, state, WholeLog(log.identity.partitions), time.monotonic)
        started = time.perf_counter()
        await worker.restore()
        return time.perf_counter() - started, worker.sizes()


async def _measure_catch_up(url: str) -> float:
    """Seconds to fold the whole log, extrapolated from the time between the first and the last publish."""
    async with AsyncExitStack() as stack:
        log = await engine_of(url).open_log(lambda: 0)
        stack.push_async_callback(log.close)
        reader = await engine_of(url).open_state_reader()
        stack.push_async_callback(reader.close)
        ends = sum(await log.ends(Stream.FACTS))
        positions: dict[int, int] = {}
        started, page = 0.0, await reader.poll(0, 0)
        async with asyncio.timeout(LIMIT_S):
            while sum(positions.values()) < ends:
                for partition, row in page.rows:
                    if row.kind is Kind.HEAD and row.value is not None:
                        positions[partition] = decode_head(row.value).position
                if positions and not started:
                    started = time.perf_counter()
                    first = sum(positions.values())
                await asyncio.sleep(0.05)
                page = await reader.poll(page.generation, page.version)
        return (time.perf_counter() - started) * ends / (ends - first)
