"""`tidemark totals`: what has been added up, by measure."""

from typing import Annotated

import msgspec
import typer
from rich.table import Table

from tidemark.services.defaults import DEFAULT_LOG, wall_clock
from tidemark.streams.contracts.civil import Grain, format_period, parse_period
from tidemark.streams.contracts.family import Measure
from tidemark.streams.contracts.money import yuan
from tidemark.streams.families.table import MEASURE_BY_NAME, MEASURES
from tidemark.streams.log import open_readers
from tidemark.streams.view.follower import read_view
from tidemark.streams.view.view import Reach, View

from .console import AsJson, LogUrl, out, print_json, run, wrong_use


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
    chosen = list(dict.fromkeys(map(_measure, measure))) if measure else list(MEASURES)
    _check_period(period)
    _check_dimensions(by or [], chosen)
    grains = {one: _grain(one, period) for one in chosen}
    lines = _sum_up(run(_read(log, dict.fromkeys(grains.items()))), grains, period, by or [])
    if as_json:
        print_json(lines)
    else:
        _print(lines)


def _sum_up(view: View, grains: dict[Measure, Grain], period: str, by: list[str]) -> list[Line]:
    """Each measure's sums over the period, of the grain given, grouped by the dimensions named."""
    lines: list[Line] = []
    for kind in sorted(grains.items(), key=lambda kind: kind[0].name):
        measure, grain = kind
        held = [one for one in view.periods(kind) if format_period(grain, one).startswith(period)]
        if held:
            names = tuple(dimension.name for dimension in measure.dimensions if dimension.name in by)
            components = [component.name for component in measure.components]
            sums = view.sums(kind, range(held[0], held[-1] + 1), names, zeros=True)
            lines += [
                Line(
                    measure.name,
                    dict(zip(names, group, strict=True)),
                    dict(zip(components, vector, strict=True)),
                )
                for group, vector in sorted(sums.items())
            ]
    return lines


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
    kept = [way.grain for way in measure.retentions]
    if len(period) == len("2026-01-15"):
        return Grain.DAY
    return Grain.MONTH if Grain.MONTH in kept else kept[-1]


async def _read(url: str, reach: Reach) -> View:
    async with open_readers(url, wall_clock) as (events, reader):
        return await read_view(reader, events.identity.zone, reach)


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
