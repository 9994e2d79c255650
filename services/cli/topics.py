"""`tidemark topics`: what a log needs on Kafka."""

from typing import Annotated

import typer
from rich.table import Table

from tidemark.services.defaults import DEFAULT_LOG
from tidemark.streams.contracts.identity import (
    DEFAULT_DISTRICT,
    DEFAULT_PARTITIONS,
    DEFAULT_ZONE,
    LogIdentity,
)
from tidemark.streams.log import engine_of
from tidemark.streams.log.engine import Topic

from .console import AsJson, District, EventsAre, LogUrl, Partitions, Zone, keep_group, out, print_json, run

app = typer.Typer(
    help="Make or check the topics of a log on Kafka.", no_args_is_help=True, callback=keep_group
)


@app.command()
def apply(  # noqa: PLR0913  each is a flag
    log: LogUrl = DEFAULT_LOG,
    district: District = DEFAULT_DISTRICT,
    zone: Zone = DEFAULT_ZONE,
    partitions: Partitions = DEFAULT_PARTITIONS,
    content: EventsAre = "real",
    replication: Annotated[
        int | None,
        typer.Option(min=1, help="Copies of each partition; as many as there are brokers, at most 3."),
    ] = None,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Make nothing, say what would be made.")] = False,
    as_json: AsJson = False,
) -> None:
    """Make what is missing and check what is there; a topic that is not as it must be is refused.

    Safe to run again: a log that is as asked for is left alone.
    """
    identity = LogIdentity(district, zone, partitions, content)
    _print(run(engine_of(log).apply_topics(identity, replication, dry_run)), dry_run, as_json)


def _print(made: list[Topic], dry_run: bool, as_json: bool) -> None:
    if as_json:
        print_json({"dry_run": dry_run, "made": [topic._asdict() for topic in made]})
        return
    if not made:
        out.print("all topics are there and as they must be")
        return
    table = Table("topic", "partitions", "settings")
    for name, partitions, settings in made:
        table.add_row(name, str(partitions), ", ".join(f"{key}={value}" for key, value in settings.items()))
    out.print(table)
    out.print(f"{len(made)} topics {'would be' if dry_run else 'were'} made", highlight=False)
