"""`tidemark totals`: exact totals by measure."""

from collections.abc import Iterable, Iterator
from itertools import chain
from typing import Annotated

import msgspec
import typer

from tidemark.services.defaults import DEFAULT_LOG, wall_clock
from tidemark.streams.contracts.civil import Grain, format_period, parse_period
from tidemark.streams.contracts.family import Measure
from tidemark.streams.contracts.text import Language, Text
from tidemark.streams.families.table import MEASURE_BY_NAME, MEASURES
from tidemark.streams.log import open_readers
from tidemark.streams.view.follower import read_view
from tidemark.streams.view.view import Reach, View

from .console import AsJson, LogUrl, print_json, print_line, run, wrong_use
from .language import Lang
from .names import Names
from .tables import NO_DATA, Column, ColumnKind, print_table

NOTHING_YET = Text(
    "暂无数据：没有符合条件的汇总；日志尚未汇总时，请先运行 `tidemark ledger --until-caught-up`",
    "no data: nothing has been added up for this; if the log was not folded yet, "
    "run `tidemark ledger --until-caught-up`",
)


class Line(msgspec.Struct):
    """A total: which measure, which dimension values if it was broken down, and its components."""

    measure: str
    group: dict[str, str]
    values: dict[str, int]


def totals(
    log: LogUrl = DEFAULT_LOG,
    measure: Annotated[
        list[str] | None,
        typer.Option(help="Show this measure; repeat the option for more. (default: all)"),
    ] = None,
    period: Annotated[
        str,
        typer.Option(
            help="Show a day (2026-01-15), a month (2026-01) or a year (2026). (default: all time)",
            show_default=False,
        ),
    ] = "",
    by: Annotated[
        list[str] | None, typer.Option(help="Break down by this dimension; repeat the option for more.")
    ] = None,
    as_json: AsJson = False,
    *,
    lang: Lang,
) -> None:
    """Show exact totals by measure, of all time or of one period.

    Example: tidemark totals --measure footfall.place --period 2026-03 --by place
    """
    chosen = list(dict.fromkeys(map(_find_measure, measure))) if measure else list(MEASURES)
    _check_period(period)
    _check_dimensions(by or [], chosen)
    grains = {each: _choose_grain(each, period) for each in chosen}
    lines = _sum_up(run(_read(log, dict.fromkeys(grains.items()))), grains, period, by or [])
    if as_json:
        print_json(lines)
    elif lines:
        _print(lines, grains, by or [], Names(lang))
    else:
        print_line(NOTHING_YET.in_language(lang))


def _sum_up(view: View, grains: dict[Measure, Grain], period: str, by: list[str]) -> list[Line]:
    """Each measure's sums over the period, of the grain given, grouped by the dimensions named."""
    lines: list[Line] = []
    for kind in sorted(grains.items(), key=lambda kind: kind[0].name):
        measure, grain = kind
        periods = [held for held in view.periods(kind) if format_period(grain, held).startswith(period)]
        if periods:
            dimensions = tuple(dimension.name for dimension in measure.dimensions if dimension.name in by)
            components = [component.name for component in measure.components]
            sums = view.sums(kind, range(periods[0], periods[-1] + 1), dimensions, zeros=True)
            lines += [
                Line(
                    measure.name,
                    dict(zip(dimensions, group, strict=True)),
                    dict(zip(components, vector, strict=True)),
                )
                for group, vector in sorted(sums.items())
            ]
    return lines


def _find_measure(name: str) -> Measure:
    if name not in MEASURE_BY_NAME:
        wrong_use(f"--measure: {name!r} is not a measure; choose from {', '.join(MEASURE_BY_NAME)}")
    return MEASURE_BY_NAME[name]


def _check_period(period: str) -> None:
    """End the command unless the period is empty, a year, a month or a day."""
    day = period + {0: "2026-01-01", 4: "-01-01", 7: "-01"}.get(len(period), "")
    try:
        parse_period(Grain.DAY, day)
    except ValueError:
        wrong_use(
            f"--period: {period!r} is not a period; give a day (2026-01-15), a month (2026-01) "
            "or a year (2026)"
        )


def _check_dimensions(names: list[str], measures: list[Measure]) -> None:
    choices = sorted({dimension.name for measure in measures for dimension in measure.dimensions})
    for name in names:
        if name not in choices:
            wrong_use(
                f"--by: {name!r} is not a dimension of these measures; choose from {', '.join(choices)}"
            )


def _choose_grain(measure: Measure, period: str) -> Grain:
    grains = [retention.grain for retention in measure.retentions]
    if len(period) == len("2026-01-15"):
        return Grain.DAY
    return Grain.MONTH if Grain.MONTH in grains else grains[-1]


async def _read(url: str, reach: Reach) -> View:
    async with open_readers(url, wall_clock) as (events, reader):
        return await read_view(reader, events.identity.zone, reach)


def _print(lines: list[Line], measures: Iterable[Measure], by: list[str], names: Names) -> None:
    """Print a row for each component; a measure without data has a single row that says so."""
    named = {name: any(names.name_place(line.group.get(name, "")) for line in lines) for name in by}
    rows = []
    for measure in sorted(measures, key=lambda measure: measure.name):
        first = [measure.name, names.name_measure(measure)]
        own = [line for line in lines if line.measure == measure.name]
        for line in own:
            group = [cell for name in by for cell in _name_value(line.group.get(name), named[name], names)]
            rows += [[*first, *group, *cells] for cells in _list_components(measure, line, names)]
        if not own:
            group = [cell for name in by for cell in _name_value(None, named[name], names)]
            rows.append([*first, *group, None, NO_DATA.in_language(names.language)])
    columns = _columns(named, names.language)
    print_table(columns, rows, names.language, grouped=len(columns) - 2)


def _columns(named: dict[str, bool], language: Language) -> list[Column]:
    """The columns; `named`: the dimensions broken down by, and whether their values have names."""
    name = Text("名称", "name").in_language(language)
    return [
        Column(Text("度量", "measure").in_language(language)),
        Column(name, ColumnKind.WORDS, optional=True),
        *chain.from_iterable(
            (Column(dimension, optional=True), Column(name, ColumnKind.WORDS))
            if has_names
            else (Column(dimension),)
            for dimension, has_names in named.items()
        ),
        Column(Text("分量", "component").in_language(language), ColumnKind.WORDS),
        Column(Text("合计", "total").in_language(language), ColumnKind.NUMBER),
    ]


def _name_value(value: str | None, with_name: bool, names: Names) -> list[str | None]:
    """The cells of a dimension's value; None where the measure does not have the dimension."""
    name = names.name_place(value) or value if value is not None else None
    return [value, name] if with_name else [value]


def _list_components(measure: Measure, line: Line, names: Names) -> Iterator[tuple[str, str]]:
    """Each component with its value; of a histogram the buckets that are not empty."""
    for component in measure.components:
        value = line.values[component.name]
        if value or measure.bounds is None:
            yield names.name_component(component), names.format_value(component, value)
