"""`make bench-peers`: what a user would pick instead of Tidemark's ledger, in one sitting on one broker."""

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
from tests.bench.peers.install import install_java, install_python
from tests.bench.peers.sitting import sitting
from tests.bench.peers.table import document, table
from tests.bench.say import said
from tests.servers.kafka import MEASURED, KafkaServer

EVENTS = 2_000_000
WIDTH = 200

app = typer.Typer(add_completion=False, pretty_exceptions_enable=False)


@app.command()
def bench(
    only: Annotated[
        list[str] | None,
        typer.Option(help="Only peers whose name holds this; may be repeated."),
    ] = None,
    events: Annotated[int, typer.Option(help="Events in the topic; slow peers get fewer.", min=1)] = EVENTS,
    repeat: Annotated[int, typer.Option(help="Runs of each peer.", min=1)] = 5,
    json: Annotated[Path | None, typer.Option(help="Write the figures to this file as well.")] = None,
) -> None:
    """Measure the peers. A figure that is missed does not change the exit code: a bench reports."""
    peers = _chosen(only or [""])
    install_python()
    install_java()
    with TemporaryDirectory(prefix="tidemark-peers-") as name, _broker(Path(name)) as broker:
        outcomes = asyncio.run(sitting(broker, peers, events, repeat, Path(name), partial(said, "peers")))
    if json is not None:
        json.write_bytes(document(outcomes))
    Console(width=None if sys.stdout.isatty() else WIDTH).print(table(outcomes))


def _chosen(parts: list[str]) -> list[Peer]:
    chosen = [peer for peer in PEERS if any(part.casefold() in peer.name.casefold() for part in parts)]
    if not chosen:
        raise typer.BadParameter(f"choose from {', '.join(peer.name for peer in PEERS)}")
    return chosen


@contextmanager
def _broker(folder: Path) -> Iterator[str]:
    """One of the user's own, named by TIDEMARK_KAFKA, or one for this sitting."""
    if given := os.environ.get("TIDEMARK_KAFKA"):
        yield given
        return
    with KafkaServer(folder / "broker", jvm=MEASURED) as server:
        yield server.address


if __name__ == "__main__":
    app()
