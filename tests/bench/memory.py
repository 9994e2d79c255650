"""Memory of ledger and exporter at a million cells and 400,000 remembered ids."""

import asyncio
from pathlib import Path
from typing import NamedTuple

from tests.bench.events import make_daily, now
from tests.bench.logs import url_in, write_log
from tests.bench.processes import pss_bytes, run_service, wait_for
from tests.bench.report import Line
from tests.bench.say import Say
from tests.servers.ports import free_port
from tidemark.streams.contracts.published import Kind
from tidemark.streams.ledger.admission import RecentIds
from tidemark.streams.log import engine_of

SENSORS, DAYS = 2_500, 400
LIMIT_S = 400
MIB = 2**20


class Memory(NamedTuple):
    """Bytes of physical memory of each service."""

    ledger: int
    exporter: int


def measure(folder: Path, say: Say) -> list[Line]:
    """Measure real processes that have caught up, and the same on an empty log."""
    empty, full = url_in(folder, "empty"), url_in(folder, "full")
    last = now().replace(hour=0, minute=0, second=0)
    say(f"writing {SENSORS * DAYS:,} events")
    asyncio.run(write_log(empty, [], 1))
    events = asyncio.run(write_log(full, make_daily(SENSORS, DAYS, last), 1))
    say("catching up")
    before, after = _measure_memory(folder, empty), _measure_memory(folder, full)
    cells, stored = asyncio.run(_count_cells(full))
    ids = events - RecentIds.first_needed(events)
    return [
        Line(
            what=f"memory of ledger and exporter at {cells:,} cells and {ids:,} remembered ids",
            figure=(after.ledger + after.exporter) / MIB,
            unit="MiB",
            floor=(before.ledger + before.exporter) / MIB,
            floor_of="on an empty log",
            at_most=1_000,
        ),
        Line(what="memory of the ledger alone", figure=after.ledger / MIB, unit="MiB"),
        Line(
            what="memory of the ledger per cell, including its share of the ids",
            figure=(after.ledger - before.ledger) / cells,
            unit="bytes",
            floor=stored / cells,
            floor_of="as published, key and value",
        ),
    ]


def _measure_memory(folder: Path, url: str) -> Memory:
    port = free_port()
    with (
        run_service("ledger", folder, log=url) as ledger,
        run_service("exporter", folder, log=url, exporter_port=port) as exporter,
    ):
        wait_for(f"http://127.0.0.1:{port}/ready", LIMIT_S)
        wait_for(f"http://127.0.0.1:{port}/metrics")
        return Memory(pss_bytes(ledger), pss_bytes(exporter))


async def _count_cells(url: str) -> tuple[int, int]:
    """The number of published cells, and their bytes."""
    reader = await engine_of(url).open_state_reader()
    try:
        rows = [row for _, row in await reader.rows(Kind.CELL)]
    finally:
        await reader.close()
    return len(rows), sum(len(row.key) + len(row.value or b"") for row in rows)
