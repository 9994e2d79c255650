"""The gateway's throughput next to a running ledger and exporter, and how soon events are visible."""

import asyncio
import time
from collections.abc import Sequence
from datetime import timedelta
from pathlib import Path
from statistics import quantiles
from typing import NamedTuple

from tests.bench.client import Connections, count_accepted
from tests.bench.events import PLACES, Maker, now
from tests.bench.logs import new_log, url_in
from tests.bench.probes import Probes
from tests.bench.processes import run_service, wait_for
from tests.bench.report import Line
from tests.bench.say import Say
from tests.servers.ports import free_port
from tidemark.services.gateway.content import BATCH
from tidemark.streams.contracts.family import Stream
from tidemark.streams.log import engine_of
from tidemark.streams.log.port import Entry

SIZE = 100
OFFERED = 5_200
SECONDS = 15
QUIET_S = 4
PARTITIONS = 8


class Offered(NamedTuple):
    """The outcome of a load: events accepted, seconds in total, and the seconds to each answer."""

    accepted: int
    seconds: float
    answers: list[float]


class Seen(NamedTuple):
    """The load's outcome, seconds from acceptance to visibility without and under load, series shown."""

    load: Offered
    quiet: list[float]
    busy: list[float]
    series: int


def measure(folder: Path, say: Say) -> list[Line]:
    """Measure on a log in a file."""
    return measure_services(folder, url_in(folder, "live"), url_in(folder, "floor"), 500, say)


def measure_services(folder: Path, url: str, floor_url: str, visible_ms: float, say: Say) -> list[Line]:
    """Measure real processes on one log, and the log's own speed without HTTP as the floor."""
    say("making events")
    maker = Maker(PARTITIONS, PLACES[::5])
    batches = _batches(maker, OFFERED * SECONDS // SIZE + 1)
    seen = _run_services(folder, url, maker, batches, say)
    say("appending the same without HTTP")
    floor = asyncio.run(_append_only(floor_url, batches))
    return _make_lines(seen, floor, visible_ms)


def _batches(maker: Maker, count: int) -> list[list[Entry]]:
    """Batches of the mix, up to a minute ago, oldest first."""
    last, made = now() - timedelta(minutes=1), []
    for minute in range(count * SIZE // 2_000, 0, -1):
        made += maker.minute(last - timedelta(minutes=minute))
    return [made[at : at + SIZE] for at in range(0, count * SIZE, SIZE)]


def _run_services(folder: Path, url: str, maker: Maker, batches: Sequence[list[Entry]], say: Say) -> Seen:
    port, metrics_port = free_port(), free_port()
    with run_service("gateway", folder, log=url, content="simulated", gateway_port=port):
        wait_for(f"http://127.0.0.1:{port}/ready")
        with (
            run_service("ledger", folder, log=url),
            run_service("exporter", folder, log=url, exporter_port=metrics_port),
        ):
            wait_for(f"http://127.0.0.1:{metrics_port}/ready")
            seen, probes = asyncio.run(_offer(port, metrics_port, maker, batches, say))
    stored = asyncio.run(_count_stored(url))
    if stored != seen.load.accepted + probes:
        raise RuntimeError(
            f"gateway: accepted {seen.load.accepted + probes} events, but the log holds {stored}"
        )
    return seen


async def _offer(
    port: int, metrics_port: int, maker: Maker, batches: Sequence[list[Entry]], say: Say
) -> tuple[Seen, int]:
    """Probe without load, then under load; also return how many events were sent besides the load."""
    gateway, exporter = Connections(port), Connections(metrics_port)
    bodies = [b"[" + b",".join(entry.value for entry in batch) + b"]" for batch in batches]
    probes = Probes(maker, gateway, exporter)
    try:
        first = await _send_load(gateway, bodies[:1])
        say("probing without load")
        quiet = await probes.run(QUIET_S)
        say(f"offering {OFFERED:,} events/s")
        load, busy = await asyncio.gather(_send_load(gateway, bodies[1:]), probes.run(SECONDS))
        shown = (await exporter.get("/metrics")).body
    finally:
        gateway.close()
        exporter.close()
    series = sum(not line.startswith(b"#") for line in shown.splitlines())
    return Seen(load, quiet, busy, series), len(probes.accepted) + first.accepted


async def _send_load(gateway: Connections, bodies: Sequence[bytes]) -> Offered:
    """Send on schedule without waiting for answers; each answer is timed from when its request was due."""
    started = time.perf_counter()

    async def send(body: bytes, due: float) -> tuple[int, float]:
        answer = await gateway.post("/v1/events", BATCH, body)
        return count_accepted(answer), time.perf_counter() - due

    async with asyncio.TaskGroup() as group:
        tasks = []
        for n, body in enumerate(bodies):
            due = started + n * SIZE / OFFERED
            await asyncio.sleep(due - time.perf_counter())
            tasks.append(group.create_task(send(body, due)))
    outcomes = [task.result() for task in tasks]
    seconds = max(time.perf_counter() - started, len(bodies) * SIZE / OFFERED)
    return Offered(sum(accepted for accepted, _ in outcomes), seconds, [took for _, took in outcomes])


async def _count_stored(url: str) -> int:
    log = await engine_of(url).open_log(lambda: 0)
    try:
        return sum(await log.ends(Stream.FACTS))
    finally:
        await log.close()


async def _append_only(url: str, batches: Sequence[list[Entry]]) -> float:
    """Events per second when each batch is appended durably by itself."""
    log = await new_log(url, PARTITIONS)
    try:
        started = time.perf_counter()
        for batch in batches:
            await log.append(Stream.FACTS, batch)
        return len(batches) * SIZE / (time.perf_counter() - started)
    finally:
        await log.close()


def _make_lines(seen: Seen, floor: float, visible_ms: float) -> list[Line]:
    load = seen.load
    return [
        Line(
            what=f"gateway: accepted and durable in batches of {SIZE}, {OFFERED:,}/s offered, "
            "next to ledger and exporter",
            figure=load.accepted / load.seconds,
            unit="events/s",
            floor=floor,
            floor_of="appended without HTTP, alone",
            at_least=5_000,
        ),
        Line(what="gateway: answer, median", figure=_centile(load.answers, 50), unit="ms"),
        Line(what="gateway: answer, p99", figure=_centile(load.answers, 99), unit="ms"),
        _visible(seen, "median", 50, None),
        _visible(seen, "p99", 99, visible_ms),
    ]


def _visible(seen: Seen, name: str, centile: int, at_most: float | None) -> Line:
    return Line(
        what=f"accept → visible in /metrics at that load, {name}, "
        f"{len(seen.busy)} probes, {seen.series:,} series",
        figure=_centile(seen.busy, centile),
        unit="ms",
        floor=_centile(seen.quiet, centile),
        floor_of="without load",
        at_most=at_most,
    )


def _centile(seconds: list[float], centile: int) -> float:
    """In milliseconds."""
    return quantiles(seconds, n=100)[centile - 1] * 1_000
