"""`tidemark explain`: the events that a published number is the sum of."""

from collections.abc import Mapping
from typing import Annotated

import msgspec
import typer
from rich.table import Table

from tidemark.services.defaults import DEFAULT_LOG, wall_clock
from tidemark.streams.contracts.family import Stream
from tidemark.streams.contracts.published import CellKey, Vector, add_vectors, encode_key
from tidemark.streams.families.table import decode_key
from tidemark.streams.ledger.explanation import Explanation, Part
from tidemark.streams.log import open_readers
from tidemark.streams.log.port import EventLog
from tidemark.streams.view.follower import read_view

from .console import AsJson, LogUrl, check_failed, out, print_json, progress, run, wrong_use

READ_LIMIT = 5_000


def explain(
    cell: Annotated[
        list[str],
        typer.Argument(
            help="The cell as `verify` prints it, or in words: MEASURE GRAIN PERIOD DIMENSION…, "
            "for example: footfall.place day 2026-01-15 mall.coco_park"
        ),
    ],
    log: LogUrl = DEFAULT_LOG,
    limit: Annotated[int, typer.Option(min=1, help="Events shown in the table; --json gives all.")] = 50,
    as_json: AsJson = False,
) -> None:
    """List the events a cell is the sum of, and prove that they add up. Exit code 1 if not."""
    key = _key(cell)
    parts, published = run(_explain(log, key))
    if not published:
        out.print("Nothing is published for this cell: no event touched it, or its period is no longer kept.")
        check_failed()
    total = add_vectors(part.vector for part in parts)
    adds_up = total == published
    if as_json:
        print_json(_document(parts, total, published, adds_up))
    else:
        _print(key, parts[:limit], len(parts))
        names = [component.name for component in key.measure.components]
        for name, added, found in zip(names, total or [0] * len(names), published, strict=True):
            out.print(f"{name}: events add up to {added:,}, published {found:,}", highlight=False)
        out.print("adds up" if adds_up else "does NOT add up", style="bold green" if adds_up else "bold red")
    if not adds_up:
        check_failed()


def _key(words: list[str]) -> CellKey:
    raw = words[0].encode() if len(words) == 1 else msgspec.json.encode(words)
    try:
        key = decode_key(raw)
    except (msgspec.DecodeError, KeyError, ValueError) as error:
        wrong_use(
            f"CELL: {error}; give it as `tidemark verify` prints it, or MEASURE GRAIN PERIOD DIMENSION…"
        )
    wanted = [dimension.name for dimension in key.measure.dimensions]
    if len(key.dimensions) != len(wanted):
        wrong_use(f"CELL: {key.measure.name} has the dimensions {', '.join(wanted)}; give one value for each")
    if all(kept.grain is not key.grain for kept in key.measure.retentions):
        kept = ", ".join(way.grain.name.lower() for way in key.measure.retentions)
        wrong_use(f"CELL: {key.measure.name} is kept by {kept}")
    return key


async def _explain(url: str, key: CellKey) -> tuple[list[Part], Vector]:
    async with open_readers(url, wall_clock) as (events, reader):
        view = await read_view(reader, events.identity.zone, {(key.measure, key.grain): None})
        held = view.read_partitions(key)
        ends = {partition: view.heads[partition].position for partition in sorted(held)}
        return await _parts(events, key, ends), add_vectors(held.values())


async def _parts(events: EventLog, key: CellKey, ends: Mapping[int, int]) -> list[Part]:
    """The parts in each partition, up to the position that its cells stand for."""
    parts: list[Part] = []
    with progress("reading the log") as bar:
        task = bar.add_task("", total=sum(ends.values()))
        for partition, end in ends.items():
            explanation = Explanation(events.identity, partition, key)
            start = 0
            while start < end:
                batch = await events.read(Stream.FACTS, partition, start, min(READ_LIMIT, end - start))
                parts += explanation.feed(batch.records)
                bar.advance(task, batch.next - start)
                start = batch.next
    return parts


def _document(parts: list[Part], total: Vector, published: Vector, adds_up: bool) -> object:
    return {
        "events": [
            {
                "partition": part.partition,
                "offset": part.offset,
                "type": part.event.kind.type_name,
                "op": part.event.op,
                "source": part.event.source,
                "id": part.event.id,
                "time": part.event.time,
                "adds": part.vector,
            }
            for part in parts
        ],
        "total": total,
        "published": published,
        "adds_up": adds_up,
    }


def _print(key: CellKey, parts: list[Part], count: int) -> None:
    table = Table("at", "type", "op", "source", "id", "time", "adds", box=None)
    for column in table.columns:
        column.overflow = "fold"
    for part in parts:
        table.add_row(
            f"{part.partition}:{part.offset}",
            part.event.kind.name,
            part.event.op,
            part.event.source,
            part.event.id,
            part.event.time.isoformat(),
            " ".join(f"{number:,}" for number in part.vector),
        )
    out.print(f"{encode_key(key).decode()}: {key.measure.meaning}", highlight=False, markup=False)
    out.print(table)
    if count > len(parts):
        out.print(f"… and {count - len(parts):,} more of {count:,}; --json shows all")
