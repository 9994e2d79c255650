"""`tidemark totals`: what has been added up, by measure."""

from collections.abc import Iterable
from operator import add
from typing import Annotated

import msgspec
import typer
from rich.table import Table

from tidemark.services.defaults import DEFAULT_LOG, wall_clock
from tidemark.streams.contracts.civil import Grain, format_period, parse_period
from tidemark.streams.contracts.family import Measure
from tidemark.streams.contracts.money import yuan
from tidemark.streams.contracts.published import CellKey, Vector
from tidemark.streams.families.table import MEASURE_BY_NAME, MEASURES, decode_key
from tidemark.streams.log import opened

from .console import AsJson, LogUrl, out, print_json, run, wrong_use
from .published import Published, read_published


class Line(msgspec.Struct):
    """A total: which measure, which dimension values if it was broken down, and its components."""

    measure: str
    group: dict[str, str]
    values: dict[str, int]


def totals(
    log: LogUrl = DEFAULT_LOG,
    measure: Annotated[list[str] | None, typer.Option(help="A measure; may be given again.")] = None,
    period: Annotated[
        str, typer.Option(help="A day (2026-01-15), month (2026-01) or year (2026); all time if left out.")
    ] = "",
    by: Annotated[
        list[str] | None, typer.Option(help="A dimension to break down by; may be given again.")
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Show exact totals, of all time or of one period, by measure."""
    chosen = [_measure(name) for name in measure] if measure else list(MEASURES)
    _check_period(period)
    _check_dimensions(by or [], chosen)
    lines = sum_up(run(_published(log)), chosen, period, by or [])
    if as_json:
        print_json(lines)
    else:
        _print(lines)


def sum_up(published: Published, measures: list[Measure], period: str, by: list[str]) -> list[Line]:
    """Sum cells of the coarsest grain that fits the period, grouped by the dimensions named."""
    grains = {measure: _grain(measure, period) for measure in measures}
    sums: dict[tuple[Measure, tuple[tuple[str, str], ...]], Vector] = {}
    for raw, vector in published.cells.items():
        key = decode_key(raw)
        if grains.get(key.measure) is not key.grain or not _within(key, period):
            continue
        group = (key.measure, tuple(_group(key, by)))
        known = sums.get(group)
        sums[group] = vector if known is None else tuple(map(add, known, vector))
    names = {measure: [component.name for component in measure.components] for measure in measures}
    return [
        Line(measure.name, dict(group), dict(zip(names[measure], vector, strict=True)))
        for (measure, group), vector in sorted(sums.items(), key=lambda item: (item[0][0].name, item[0][1]))
    ]


def _measure(name: str) -> Measure:
    if name not in MEASURE_BY_NAME:
        wrong_use(f"--measure: {name!r} is not known; one of {', '.join(MEASURE_BY_NAME)}")
    return MEASURE_BY_NAME[name]


def _check_period(period: str) -> None:
    """A year is one whose January is a month, a month one whose first is a day."""
    day = period + {0: "2026-01-01", 4: "-01-01", 7: "-01"}.get(len(period), "")
    try:
        parse_period(Grain.DAY, day)
    except ValueError:
        wrong_use(f"--period: {period!r} is no day (2026-01-15), month (2026-01) or year (2026)")


def _check_dimensions(names: list[str], measures: list[Measure]) -> None:
    known = sorted({dimension.name for measure in measures for dimension in measure.dimensions})
    for name in names:
        if name not in known:
            wrong_use(f"--by: {name!r} is no dimension of what is shown; one of {', '.join(known)}")


def _grain(measure: Measure, period: str) -> Grain:
    kept = [way.grain for way in measure.kept]
    if len(period) == len("2026-01-15"):
        return Grain.DAY
    return Grain.MONTH if Grain.MONTH in kept else kept[-1]


def _within(key: CellKey, period: str) -> bool:
    return format_period(key.grain, key.period).startswith(period)


def _group(key: CellKey, by: list[str]) -> Iterable[tuple[str, str]]:
    for dimension, value in zip(key.measure.dimensions, key.dimensions, strict=True):
        if dimension.name in by:
            yield dimension.name, value


async def _published(url: str) -> Published:
    async with opened(url, wall_clock) as (_, reader):
        return await read_published(reader)


def _print(lines: list[Line]) -> None:
    if not lines:
        out.print("Nothing has been added up for this; see `tidemark ledger`.")
        return
    table = Table("measure", "of", "what", "total", box=None)
    table.columns[3].justify = "right"
    for line in lines:
        shown = {name: value for name, value in line.values.items() if value}
        for index, (name, value) in enumerate(shown.items()):
            first = (line.measure, " ".join(line.group.values())) if index == 0 else ("", "")
            table.add_row(*first, name, _number(name, value))
    out.print(table)


def _number(name: str, value: int) -> str:
    return f"{yuan(value)} CNY" if name.endswith("_fen") else f"{value:,}"
