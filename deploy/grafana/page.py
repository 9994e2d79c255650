"""What a dashboard is made of, before it is drawn."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from functools import partial
from typing import Literal, NamedTuple, TypedDict, Unpack

from tidemark.streams.contracts.text import Text

Folder = Literal["business", "pipeline", "wall"]
Variable = Literal["period", "place", "port", "scheme", "job", "instance"]

COLUMNS = 24
"""How many columns a row of Grafana's grid has."""


class Shape(StrEnum):
    """How a panel shows its numbers."""

    STAT = "stat"
    LINES = "lines"
    BARS = "bars"
    TABLE = "table"


class Unit(NamedTuple):
    """What Grafana calls a unit, and how many decimals its numbers have; None leaves that to Grafana."""

    name: str
    decimals: int | None = None

    def with_decimals(self, decimals: int) -> "Unit":
        """The unit with so many decimals."""
        return self._replace(decimals=decimals)


class Units:
    """The units that numbers are shown in."""

    YI, WAN, YUAN = Unit("suffix: 亿元"), Unit("suffix: 万元"), Unit("suffix: 元")
    DOLLARS = Unit("currencyUSD")
    NUMBER, WHOLE, SHORT = Unit("none"), Unit("locale"), Unit("short")
    PERCENT, SECONDS, DAYS = Unit("percentunit"), Unit("s"), Unit("d")
    PER_SECOND, BYTES = Unit("cps"), Unit("bytes")


@dataclass(frozen=True)
class Query:
    """PromQL and what its series are called: a legend with labels in braces, or a table's column.

    `unit` and `alert` are a column's own; elsewhere the panel's hold.
    """

    expr: str
    legend: str = ""
    unit: Unit | None = None
    alert: str = ""


@dataclass(frozen=True)
class Panel:
    """One panel, `width` of 24 columns and `height` rows of 38 pixels large; without a width it takes
    its share of the row, see `section`.

    `alert`: the condition whose limits colour it and whose runbook it links to.
    `names`: which ids in legends and columns are shown by their names, see naming.
    `days`: shows so many days, of which history may hold one sample each.
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
    """What a panel may say beside its words, its unit and its queries."""

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
    """Panels under a heading; a wall screen's has none."""

    title: Text | None
    panels: tuple[Panel, ...]


def section(title: Text | None, *rows: Sequence[Panel]) -> Section:
    """Rows of panels under a heading. What a row's panels with a width leave of its columns the others
    share evenly."""
    return Section(title, tuple(panel for row in rows for panel in _set_widths(row)))


def _set_widths(row: Sequence[Panel]) -> Iterator[Panel]:
    left = COLUMNS - sum(panel.width for panel in row)
    sharing = sum(not panel.width for panel in row)
    for panel in row:
        yield panel if panel.width else replace(panel, width=left // sharing)


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
        """All of them, in order."""
        return tuple(panel for section in self.sections for panel in section.panels)


def join_languages(words: Text) -> str:
    """Chinese and English on one line."""
    return f"{words.zh} · {words.en}"
