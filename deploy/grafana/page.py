"""The description of a dashboard: page, sections, panels, queries."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from functools import partial
from typing import Literal, NamedTuple, TypedDict, Unpack

from tidemark.streams.contracts.text import Text

Folder = Literal["business", "pipeline", "wall"]
Variable = Literal["period", "place", "port", "scheme", "job", "instance"]

COLUMNS = 24
"""Columns of Grafana's grid."""


class Shape(StrEnum):
    """How a panel shows its numbers."""

    STAT = "stat"
    LINES = "lines"
    BARS = "bars"
    TABLE = "table"


class Unit(NamedTuple):
    """Grafana's name of a unit, and the decimals of its numbers; None leaves them to Grafana."""

    name: str
    decimals: int | None = None

    def with_decimals(self, decimals: int) -> "Unit":
        """The unit with this number of decimals."""
        return self._replace(decimals=decimals)


class Units:
    """The units of panels."""

    YI, WAN, YUAN = Unit("suffix: 亿元"), Unit("suffix: 万元"), Unit("suffix: 元")
    DOLLARS = Unit("currencyUSD")
    NUMBER, WHOLE, SHORT = Unit("none"), Unit("locale"), Unit("short")
    PERCENT, SECONDS, DAYS = Unit("percentunit"), Unit("s"), Unit("d")
    PER_SECOND, BYTES = Unit("cps"), Unit("bytes")


@dataclass(frozen=True)
class Query:
    """PromQL and the name of its series: a legend with labels in braces, or a table's column.

    `unit` and `alert` apply to a table's column; elsewhere the panel's apply.
    """

    expr: str
    legend: str = ""
    unit: Unit | None = None
    alert: str = ""


@dataclass(frozen=True)
class Panel:
    """One panel, `width` of 24 columns wide and `height` rows of 38 pixels high; a width of 0 is filled in
    by `section`.

    `alert`: its limits colour the panel, which links to its runbook.
    `names`: the groups of ids that legends and columns show as names, see naming.
    `days`: the panel shows this number of days, for which history may contain one sample a day.
    """

    shape: Shape
    title: Text
    about: Text
    unit: Unit
    queries: tuple[Query, ...]
    height: int = 8
    width: int = 0
    alert: str = ""
    names: tuple[str, ...] = ()
    days: int | None = None


class _Options(TypedDict, total=False):
    """The optional fields of a panel."""

    height: int
    width: int
    alert: str
    names: tuple[str, ...]
    days: int


def _build_panel(
    shape: Shape, title: Text, about: Text, unit: Unit, *queries: Query, **look: Unpack[_Options]
) -> Panel:
    return Panel(shape, title, about, unit, queries, **look)


stat = partial(_build_panel, Shape.STAT, height=4)
lines = partial(_build_panel, Shape.LINES)
bars = partial(_build_panel, Shape.BARS)
table = partial(_build_panel, Shape.TABLE, height=12)


@dataclass(frozen=True)
class Section:
    """Panels under a heading; on a wall screen there is no heading."""

    title: Text | None
    panels: tuple[Panel, ...]


def section(title: Text | None, *rows: Sequence[Panel]) -> Section:
    """Rows of panels under a heading. Panels without a width share evenly the columns that the others of
    their row leave."""
    return Section(title, tuple(panel for row in rows for panel in _set_widths(row)))


def _set_widths(row: Sequence[Panel]) -> Iterator[Panel]:
    free = COLUMNS - sum(panel.width for panel in row)
    sharing = sum(not panel.width for panel in row)
    for panel in row:
        yield panel if panel.width else replace(panel, width=free // sharing)


@dataclass(frozen=True, kw_only=True)
class Page:
    """A dashboard. `uid` is also its file's name."""

    uid: str
    folder: Folder
    title: Text
    about: Text
    sections: tuple[Section, ...]
    variables: tuple[Variable, ...] = ()
    refresh: str = "30s"

    @property
    def panels(self) -> tuple[Panel, ...]:
        """All panels in order."""
        return tuple(panel for section in self.sections for panel in section.panels)


def join_languages(words: Text) -> str:
    """Chinese and English on one line."""
    return f"{words.zh} · {words.en}"
