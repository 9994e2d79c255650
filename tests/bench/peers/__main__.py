"""`make bench-peers`: compares Tidemark's ledger with the alternatives, on one broker."""

import asyncio
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Annotated

import typer
from rich.console import Console

from tests.bench.peers.catalogue import PEERS, Peer
from tests.bench.peers.comparison import measure_peers
from tests.bench.peers.install import install_java, install_python
from tests.bench.peers.table import document, table
from tests.bench.say import print_progress
from tests.servers.kafka import MEASURED, KafkaServer

EVENTS = 2_000_000
WIDTH = 200

app = typer.Typer(add_completion=False, pretty_exceptions_enable=False)


@app.command()
def bench(
    only: Annotated[
        list[str] | None,
        typer.Option(help="Only peers whose name contains this; may be repeated."),
    ] = None,
    events: Annotated[int, typer.Option(help="Events in the topic; slow peers get fewer.", min=1)] = EVENTS,
    repeat: Annotated[int, typer.Option(help="Runs of each peer.", min=1)] = 5,
    json: Annotated[Path | None, typer.Option(help="Write the figures to this file as well.")] = None,
) -> None:
    """Measure the peers. A failed measurement does not change the exit code."""
    peers = _choose_peers(only or [""])
    install_python()
    install_java()
    with TemporaryDirectory(prefix="tidemark-peers-") as name, _broker(Path(name)) as broker:
        outcomes = asyncio.run(
            measure_peers(broker, peers, events, repeat, Path(name), partial(print_progress, "peers"))
        )
    if json is not None:
        json.write_bytes(document(outcomes))
    Console(width=None if sys.stdout.isatty() else WIDTH).print(table(outcomes))


def _choose_peers(parts: list[str]) -> list[Peer]:
    chosen = [peer for peer in PEERS if any(part.casefold() in peer.name.casefold() for part in parts)]
    if not chosen:
        raise typer.BadParameter(
            f"no peer's name contains this; choose from {', '.join(peer.name for peer in PEERS)}"
        )
    return chosen


@contextmanager
def _broker(folder: Path) -> Iterator[str]:
    """Yield the address of the broker in TIDEMARK_KAFKA, or of one started for this run."""
    if given := os.environ.get("TIDEMARK_KAFKA"):
        yield given
        return
    with KafkaServer(folder / "broker", jvm=MEASURED) as server:
        yield server.address


if __name__ == "__main__":
    app()
