"""`tidemark log`, `backup` and `restore`: create, show, copy, back up and restore a log."""

from pathlib import Path
from typing import Annotated

import typer
from rich.progress import TaskID

from tidemark.services.defaults import DEFAULT_LOG, wall_clock
from tidemark.streams.contracts.civil import instant
from tidemark.streams.contracts.family import Stream
from tidemark.streams.contracts.identity import (
    DEFAULT_DISTRICT,
    DEFAULT_PARTITIONS,
    DEFAULT_ZONE,
    LogIdentity,
)
from tidemark.streams.contracts.text import Text
from tidemark.streams.log import create_log, engine_of, open_readers
from tidemark.streams.log.copying import copy_log, open_for_copy
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
    print_json,
    print_line,
    progress,
    run,
)
from .language import Lang
from .tables import Column, ColumnKind, print_table

_LABELS = {
    "district": Text("辖区", "district"),
    "zone": Text("时区", "time zone"),
    "partitions": Text("分区数", "partitions"),
    "content": Text("内容", "content"),
    "facts": Text("事实记录", "facts"),
    "signals": Text("信号记录", "signals"),
    "folded": Text("已汇总", "folded"),
    "dead_letters": Text("拒收记录", "dead letters"),
    "newest_event": Text("最新事件", "newest event"),
}

app = typer.Typer(help="Create a log, show what it holds, or copy it.", no_args_is_help=True)


@app.command()
def create(
    log: LogUrl = DEFAULT_LOG,
    district: District = DEFAULT_DISTRICT,
    zone: Zone = DEFAULT_ZONE,
    partitions: Partitions = DEFAULT_PARTITIONS,
    content: EventsAre = "real",
) -> None:
    """Create an empty log. Its district, zone, partitions and content cannot be changed later."""
    identity = LogIdentity(district, zone, partitions, content)
    run(_create(log, identity))
    print_line(f"{log} is ready for {content} events of {district}, {partitions} partitions, days in {zone}")


@app.command()
def show(log: LogUrl = DEFAULT_LOG, as_json: AsJson = False, *, lang: Lang) -> None:
    """Show what a log is for, how many records it holds, and how many of them the totals contain."""
    facts = run(_read_facts(log))
    if as_json:
        print_json(facts)
        return
    if facts["folded"] == 0:
        facts["dead_letters"] = None  # unknown until records are folded
    rows = [
        (
            _LABELS[name].in_language(lang),
            f"{value:,}" if isinstance(value, int) else None if value is None else str(value),
        )
        for name, value in facts.items()
    ]
    print_table([Column(""), Column("", ColumnKind.WORDS)], rows, lang)


@app.command()
def copy(
    source: Annotated[str, typer.Argument(help="Address of the log to copy.")],
    target: Annotated[str, typer.Argument(help="Address that holds no log, or an earlier copy of this one.")],
    as_json: AsJson = False,
) -> None:
    """Copy a log to another address or engine, with partitions, order and arrival times.

    Totals are not copied: run `tidemark ledger` on the copy. After an interruption, or when it is
    run again later, the command continues where it stopped.

    Example: tidemark log copy sqlite:///var/tidemark.db kafka://localhost:9092/futian
    """
    copied = run(_copy(source, target))
    if as_json:
        print_json({"copied": copied})
    else:
        print_line(f"{copied:,} records copied to {target}")


def backup(
    target: Annotated[Path, typer.Argument(help="A folder to create for the copy.")],
    log: LogUrl = DEFAULT_LOG,
    as_json: AsJson = False,
) -> None:
    """Back up a log and its totals while services keep running."""
    with progress("copying") as bar:
        tasks: dict[str, TaskID] = {}

        def show_copied(name: str, done: int, total: int) -> None:
            if name not in tasks:
                tasks[name] = bar.add_task(name)
            bar.update(tasks[name], completed=done, total=total)

        _print_manifest(engine_of(log).back_up(target, show_copied), f"in {target}", as_json)


def restore(
    source: Annotated[Path, typer.Argument(help="A folder that `tidemark backup` made.")],
    log: LogUrl = DEFAULT_LOG,
    replace: Annotated[bool, typer.Option("--replace", help="Replace the log at this address.")] = False,
    as_json: AsJson = False,
) -> None:
    """Restore a backup. It is checked completely before anything is written."""
    _print_manifest(engine_of(log).restore(source, replace), f"at {log}", as_json)


def _print_manifest(manifest: Manifest, where: str, as_json: bool) -> None:
    if as_json:
        print_json(manifest)
        return
    size = sum(file.size for file in manifest.files.values())
    print_line(f"{sum(manifest.ends[Stream.FACTS]):,} facts, {size:,} bytes {where}")


async def _create(url: str, identity: LogIdentity) -> None:
    await (await create_log(url, identity, wall_clock)).close()


async def _copy(source_url: str, target_url: str) -> int:
    async with (
        close_after(await engine_of(source_url).open_log(wall_clock)) as source,
        open_for_copy(target_url, source.identity, wall_clock) as target,
    ):
        total = sum([end for stream in Stream for end in await source.ends(stream)])
        with count_progress("copying", total) as on_progress:
            return await copy_log(source, target, on_progress)


async def _read_facts(url: str) -> dict[str, object]:
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
