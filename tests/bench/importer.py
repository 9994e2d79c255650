"""How fast the importer imports the real sample."""

import asyncio
import time
from pathlib import Path
from statistics import median

from tests.bench.logs import url_in
from tests.bench.report import Line
from tests.bench.say import Say
from tests.support.imports import MELBOURNE, seed_mapping
from tidemark.services.importer.files import InputFile
from tidemark.services.importer.importing import Hooks, import_file
from tidemark.services.importer.rejects import RejectFile
from tidemark.streams.contracts.identity import LogIdentity
from tidemark.streams.log import create_log

RUNS = 5


def measure(folder: Path, say: Say) -> list[Line]:
    """Import the whole sample several times, each into a new log."""
    rates = [asyncio.run(_rows_a_second(folder, run)) for run in range(RUNS)]
    say(f"{median(rates):,.0f} rows/s")
    return [Line(what="importer: the sample's rows", figure=median(rates), unit="rows/s", runs=RUNS)]


async def _rows_a_second(folder: Path, run: int) -> float:
    log = await create_log(
        url_in(folder, f"melbourne-{run}"), LogIdentity(zone="Australia/Melbourne"), lambda: 0
    )
    hooks = Hooks(now=lambda: 0, progress=lambda _position: None)
    try:
        with RejectFile(folder / "rejected.csv") as rejects:
            started = time.perf_counter()
            summary = await import_file(
                InputFile(MELBOURNE), seed_mapping("melbourne-pedestrians"), log, rejects, hooks
            )
            return summary.after.row / (time.perf_counter() - started)
    finally:
        await log.close()
