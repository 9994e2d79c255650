"""`tidemark topics`: create and check a log's topics on Kafka."""

from typing import Annotated

import typer

from tidemark.services.defaults import DEFAULT_LOG
from tidemark.streams.contracts.identity import (
    DEFAULT_DISTRICT,
    DEFAULT_PARTITIONS,
    DEFAULT_ZONE,
    LogIdentity,
)
from tidemark.streams.log import engine_of
from tidemark.streams.log.engine import Topic

from .console import (
    AsJson,
    District,
    EventsAre,
    LogUrl,
    Partitions,
    Zone,
    keep_group,
    print_json,
    print_line,
    run,
)
from .tables import Column, ColumnKind, print_table

app = typer.Typer(
    help="Create or check the topics of a log on Kafka.", no_args_is_help=True, callback=keep_group
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
        typer.Option(min=1, help="Replicas of each partition. (default: one on each broker, at most 3)"),
    ] = None,
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Create nothing, show what would be created.")
    ] = False,
    as_json: AsJson = False,
) -> None:
    """Create missing topics and check existing ones; a topic with wrong settings is refused.

    Running it again is safe: topics that are right are left alone.
    """
    identity = LogIdentity(district, zone, partitions, content)
    _print(run(engine_of(log).apply_topics(identity, replication, dry_run)), dry_run, as_json)


def _print(created: list[Topic], dry_run: bool, as_json: bool) -> None:
    if as_json:
        print_json({"dry_run": dry_run, "made": [topic._asdict() for topic in created]})
        return
    if not created:
        print_line("all topics exist with the right settings")
        return
    columns = (Column("topic"), Column("partitions", ColumnKind.NUMBER), Column("settings", ColumnKind.WORDS))
    rows = [
        (name, str(partitions), ", ".join(f"{key}={value}" for key, value in settings.items()))
        for name, partitions, settings in created
    ]
    print_table(columns, rows)
    print_line(f"{len(created)} topics {'would be' if dry_run else 'were'} created")
