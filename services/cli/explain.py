"""`tidemark explain`: the events that a published number is the sum of."""

from collections.abc import Mapping
from typing import Annotated

import msgspec
import typer

from tidemark.services.defaults import DEFAULT_LOG, wall_clock
from tidemark.streams.contracts.family import Measure, Stream
from tidemark.streams.contracts.published import CellKey, Vector, add_vectors, encode_key
from tidemark.streams.contracts.text import Text
from tidemark.streams.families.table import decode_key
from tidemark.streams.ledger.explanation import Explanation, Part
from tidemark.streams.log import open_readers
from tidemark.streams.log.port import EventLog
from tidemark.streams.view.follower import read_view

from .console import AsJson, LogUrl, check_failed, print_json, print_line, progress, run, wrong_use
from .language import Lang
from .names import Names
from .tables import Column, ColumnKind, print_table

READ_LIMIT = 5_000

NOT_PUBLISHED = Text(
    "暂无数据：没有事件计入该单元，或其统计时段已超过保留期",
    "no data: nothing is published for this cell; no event touched it, or its period is past its retention",
)


def explain(
    cell: Annotated[
        list[str],
        typer.Argument(
            help="The cell: MEASURE GRAIN PERIOD DIMENSION…, or as one argument, as `tidemark verify` "
            "prints it.",
        ),
    ],
    log: LogUrl = DEFAULT_LOG,
    limit: Annotated[
        int, typer.Option(min=1, help="Maximum number of events in the table; --json prints all.")
    ] = 50,
    as_json: AsJson = False,
    *,
    lang: Lang,
) -> None:
    """List the events that a cell is the sum of, and check that they add up to what is published.

    Exit code 1 if they do not, or if nothing is published for the cell.

    Example: tidemark explain footfall.place day 2026-01-15 mall.coco_park
    """
    key = _parse_key(cell)
    parts, published = run(_explain(log, key))
    if not published:
        print_line(NOT_PUBLISHED.in_language(lang))
        check_failed()
    total = add_vectors(part.vector for part in parts)
    adds_up = total == published
    if as_json:
        print_json(_document(parts, total, published, adds_up))
    else:
        _print_events(key, parts[:limit], len(parts), Names(lang))
        _print_sums(key, total, published, Names(lang))
    if not adds_up:
        check_failed()


def _parse_key(words: list[str]) -> CellKey:
    raw = words[0].encode() if len(words) == 1 else msgspec.json.encode(words)
    try:
        key = decode_key(raw)
    except (msgspec.DecodeError, KeyError, ValueError) as error:
        wrong_use(
            f"CELL: {error}; give MEASURE GRAIN PERIOD DIMENSION…, or the cell as `tidemark verify` prints it"
        )
    dimensions = [dimension.name for dimension in key.measure.dimensions]
    if len(key.dimensions) != len(dimensions):
        wrong_use(
            f"CELL: {key.measure.name} has the dimensions {', '.join(dimensions)}; give one value for each"
        )
    if all(kept.grain is not key.grain for kept in key.measure.retentions):
        grains = ", ".join(kept.grain.name.lower() for kept in key.measure.retentions)
        wrong_use(f"CELL: {key.measure.name} is not kept by {key.grain.name.lower()}; it is kept by {grains}")
    return key


async def _explain(url: str, key: CellKey) -> tuple[list[Part], Vector]:
    async with open_readers(url, wall_clock) as (events, reader):
        view = await read_view(reader, events.identity.zone, {(key.measure, key.grain): None})
        held = view.read_partitions(key)
        ends = {partition: view.heads[partition].position for partition in sorted(held)}
        return await _find_parts(events, key, ends), add_vectors(held.values())


async def _find_parts(events: EventLog, key: CellKey, ends: Mapping[int, int]) -> list[Part]:
    """The parts in each partition, up to the position that its cells include."""
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


def _print_events(key: CellKey, parts: list[Part], count: int, names: Names) -> None:
    language = names.language
    places = " · ".join(filter(None, map(names.name_place, key.dimensions)))
    title = " · ".join(filter(None, (names.name_measure(key.measure), places)))
    print_line(f"{encode_key(key).decode()}  {title}".rstrip())
    columns = [
        Column(Text("位置", "at").in_language(language)),
        Column("id"),
        *_component_columns(key.measure, names),
        Column(Text("时间", "time").in_language(language), optional=True),
        Column(Text("类型", "type").in_language(language), optional=True),
        Column(Text("操作", "op").in_language(language), optional=True),
        Column(Text("来源", "source").in_language(language), optional=True),
    ]
    rows = [
        (
            f"{part.partition}:{part.offset}",
            part.event.id,
            *_component_cells(key.measure, part.vector, names),
            part.event.time.isoformat(),
            part.event.kind.name,
            part.event.op,
            part.event.source,
        )
        for part in parts
    ]
    print_table(columns, rows, language)
    if count > len(parts):
        more = Text(
            f"…… 另有 {count - len(parts):,} 条，共 {count:,} 条；--json 全部列出",
            f"… and {count - len(parts):,} more of {count:,}; --json prints all",
        )
        print_line(more.in_language(language))


def _component_columns(measure: Measure, names: Names) -> list[Column]:
    """A column for each component; a single one for a histogram."""
    if measure.bounds is not None:
        return [Column(Text("计入", "adds").in_language(names.language), ColumnKind.WORDS)]
    return [Column(names.name_component(component), ColumnKind.NUMBER) for component in measure.components]


def _component_cells(measure: Measure, vector: Vector, names: Names) -> list[str]:
    if measure.bounds is None:
        return [f"{number:,}" for number in vector]
    adds = zip(measure.components, vector, strict=True)
    return [
        ", ".join(f"{names.name_component(component)}: {number:,}" for component, number in adds if number)
    ]


def _print_sums(key: CellKey, total: Vector, published: Vector, names: Names) -> None:
    """Print each component's sum over the events and its published value, then whether all agree."""
    columns = [
        Column(Text("分量", "component").in_language(names.language), ColumnKind.WORDS),
        Column(Text("事件合计", "events add up to").in_language(names.language), ColumnKind.NUMBER),
        Column(Text("已发布", "published").in_language(names.language), ColumnKind.NUMBER),
    ]
    rows = [
        (
            names.name_component(component),
            names.format_value(component, total[at]) if total else None,
            names.format_value(component, published[at]),
        )
        for at, component in enumerate(key.measure.components)
    ]
    print_table(columns, rows, names.language)
    if total == published:
        print_line(Text("一致", "adds up").in_language(names.language), "bold green")
    else:
        print_line(Text("不一致", "does NOT add up").in_language(names.language), "bold red")
