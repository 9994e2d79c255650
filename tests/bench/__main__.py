"""`make bench`: measures speed and memory on this machine."""

import sys
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor
from functools import partial
from multiprocessing import get_context
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Annotated

import typer
from rich.console import Console

from tests.bench import exporter, folding, gateway, importer, indicators, kafka, memory, simulator, steps
from tests.bench.report import Line, document, table
from tests.bench.say import Say, print_progress, quiet_logs

MEASUREMENTS: dict[str, Callable[[Path, Say], list[Line]]] = {
    "fold": folding.fold,
    "steps": steps.measure,
    "gateway": gateway.measure,
    "exporter": exporter.measure,
    "indicators": indicators.measure,
    "memory": memory.measure,
    "simulator": simulator.measure,
    "importer": importer.measure,
    "rebuild": folding.rebuild,
    "kafka-fold": kafka.fold,
    "kafka-restore": kafka.restore,
    "kafka-workers": kafka.workers,
    "kafka-gateway": kafka.measure_services,
}

WIDTH = 170
"""Characters a line of the table when standard output is not a terminal."""

app = typer.Typer(add_completion=False, pretty_exceptions_enable=False)


@app.command()
def bench(
    only: Annotated[
        list[str] | None,
        typer.Option(help=f"Run only this measurement; may be repeated: {', '.join(MEASUREMENTS)}."),
    ] = None,
    as_json: Annotated[
        bool, typer.Option("--json", help="Print JSON for programs instead of a table.")
    ] = False,
) -> None:
    """Measure speed and memory, each next to its floor from the same run. A missed target is marked
    but does not change the exit code."""
    unknown = set(only or ()) - MEASUREMENTS.keys()
    if unknown:
        raise typer.BadParameter(f"{', '.join(sorted(unknown))}: choose from {', '.join(MEASUREMENTS)}")
    lines = [line for name in only or MEASUREMENTS for line in _alone(name)]
    if as_json:
        print(document(lines).decode())
    else:
        Console(width=None if sys.stdout.isatty() else WIDTH).print(table(lines))


def _alone(name: str) -> list[Line]:
    """Measure in a process and a folder of its own, so that measurements do not share memory."""
    with (
        TemporaryDirectory(prefix="tidemark-bench-") as folder,
        ProcessPoolExecutor(1, get_context("spawn"), quiet_logs) as pool,
    ):
        return pool.submit(MEASUREMENTS[name], Path(folder), partial(print_progress, name)).result()


if __name__ == "__main__":
    app()
