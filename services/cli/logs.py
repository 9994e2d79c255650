"""`tidemark log`, `backup` and `restore`: a log as a thing to make, look at, copy and bring back."""

from pathlib import Path
from typing import Annotated

import typer
from rich.progress import TaskID
from rich.table import Table

from tidemark.services.defaults import DEFAULT_LOG, wall_clock
from tidemark.streams.contracts.civil import instant
from tidemark.streams.contracts.family import Stream
from tidemark.streams.contracts.identity import (
    DEFAULT_DISTRICT,
    DEFAULT_PARTITIONS,
    DEFAULT_ZONE,
    LogIdentity,
)
from tidemark.streams.log import create_log, engine_of, open_readers
from tidemark.streams.log.copying import copy_log, opened_for_copy
from tidemark.streams.log.engine import Manifest
from tidemark.streams.log.port import close_after
from tidemark.streams.view.follower import read_view

from .console import (
    AsJson,
    District,
    EventsAre,
    LogUrl,
    Partitions,
    Zone,
    count_progress,
    out,
    print_json,
    progress,
    run,
)

app = typer.Typer(help="Make a log, see what is in one, or copy it.", no_args_is_help=True)


@app.command()
def create(
    log: LogUrl = DEFAULT_LOG,
    district: District = DEFAULT_DISTRICT,
    zone: Zone = DEFAULT_ZONE,
    partitions: Partitions = DEFAULT_PARTITIONS,
    content: EventsAre = "real",
) -> None:
    """Make an empty log. What it is for is fixed from then on."""
    identity = LogIdentity(district, zone, partitions, content)
    run(_create(log, identity))
    out.print(f"{log} is ready for {content} events of {district}, {partitions} partitions, days in {zone}")


@app.command()
def show(log: LogUrl = DEFAULT_LOG, as_json: AsJson = False) -> None:
    """Show what a log is for, how long it is, and how far its totals have come."""
    found = run(_show(log))
    if as_json:
        print_json(found)
        return
    table = Table(show_header=False, box=None)
    for name, value in found.items():
        table.add_row(name, str(value))
    out.print(table)


@app.command()
def copy(
    source: Annotated[str, typer.Argument(help="Address of the log to copy.")],
    target: Annotated[str, typer.Argument(help="Address without a log, or of an earlier copy of this one.")],
    as_json: AsJson = False,
) -> None:
    """Copy a log to another address or engine; partition, order and arrival time are kept.

    The totals follow from the log: run `tidemark ledger` on the copy. Interrupted, or run again
    later, it goes on where it stopped.
    """
    copied = run(_copy(source, target))
    if as_json:
        print_json({"copied": copied})
    else:
        out.print(f"{copied:,} records copied to {target}", highlight=False)


def backup(
    target: Annotated[Path, typer.Argument(help="A new folder for the copy.")],
    log: LogUrl = DEFAULT_LOG,
    as_json: AsJson = False,
) -> None:
    """Copy a log and its totals while everything goes on running."""
    with progress("copying") as bar:
        tasks: dict[str, TaskID] = {}

        def copied(name: str, done: int, total: int) -> None:
            if name not in tasks:
                tasks[name] = bar.add_task(name)
            bar.update(tasks[name], completed=done, total=total)

        _report(engine_of(log).back_up(target, copied), f"in {target}", as_json)


def restore(
    source: Annotated[Path, typer.Argument(help="A folder that `tidemark backup` made.")],
    log: LogUrl = DEFAULT_LOG,
    replace: Annotated[bool, typer.Option("--replace", help="Put it over the log that is there.")] = False,
    as_json: AsJson = False,
) -> None:
    """Bring a backup back, checked whole before anything is touched."""
    _report(engine_of(log).restore(source, replace), f"at {log}", as_json)


def _report(manifest: Manifest, where: str, as_json: bool) -> None:
    if as_json:
        print_json(manifest)
        return
    size = sum(file.size for file in manifest.files.values())
    out.print(f"{sum(manifest.ends[Stream.FACTS]):,} facts, {size:,} bytes {where}", highlight=False)


async def _create(url: str, identity: LogIdentity) -> None:
    await (await create_log(url, identity, wall_clock)).close()


async def _copy(source_url: str, target_url: str) -> int:
    async with (
        close_after(await engine_of(source_url).open_log(wall_clock)) as source,
        opened_for_copy(target_url, source.identity, wall_clock) as target,
    ):
        total = sum([end for stream in Stream for end in await source.ends(stream)])
        with count_progress("copying", total) as on_progress:
            return await copy_log(source, target, on_progress)


async def _show(url: str) -> dict[str, object]:
    async with open_readers(url, wall_clock) as (events, reader):
        facts, signals = await events.ends(Stream.FACTS), await events.ends(Stream.SIGNALS)
        heads = (await read_view(reader, events.identity.zone, {})).heads
    identity = events.identity
    newest_ms = max((head.watermark_ms for head in heads.values()), default=0)
    return {
        "district": identity.district,
        "zone": identity.zone,
        "partitions": identity.partitions,
        "content": identity.content,
        "facts": sum(facts),
        "signals": sum(signals),
        "folded": sum(head.position for head in heads.values()),
        "dead_letters": sum(sum(head.dead.values()) for head in heads.values()),
        "newest_event": instant(newest_ms).isoformat() if newest_ms else None,
    }
