"""What a dashboard is made of, before it is drawn."""

from dataclasses import dataclass
from enum import StrEnum
from functools import partial
from typing import Literal

from tidemark.streams.contracts.text import Text

Folder = Literal["business", "pipeline", "wall"]
Variable = Literal["period", "place", "port", "scheme", "job", "instance"]


class Shape(StrEnum):
    """How a panel shows its numbers."""

    STAT = "stat"
    LINES = "lines"
    BARS = "bars"
    TABLE = "table"


@dataclass(frozen=True)
class Query:
    """PromQL and what its series are called: a legend with labels in braces, or a table's column.

    `unit` and `alert` are a column's own; elsewhere the panel's hold.
    """

    expr: str
    legend: str = ""
    unit: str = ""
    alert: str = ""


@dataclass(frozen=True, kw_only=True)
class Panel:
    """One panel, `width` of 24 columns and `height` rows of 38 pixels large.

    `alert`: the condition whose limits colour it and whose runbook it links to.
    `names`: which ids in legends and columns are shown by their names, see naming.
    `days`: shows so many days, of which history may hold one sample each.
    """

    shape: Shape
    title: Text
    about: Text
    unit: str
    queries: tuple[Query, ...]
    width: int
    height: int
    alert: str = ""
    names: tuple[str, ...] = ()
    days: int | None = None
    decimals: int | None = None


stat = partial(Panel, shape=Shape.STAT, width=4, height=4)
lines = partial(Panel, shape=Shape.LINES, width=12, height=8)
bars = partial(Panel, shape=Shape.BARS, width=8, height=8)
table = partial(Panel, shape=Shape.TABLE, width=24, height=12)


@dataclass(frozen=True)
class Section:
    """Panels under a heading; a wall screen's has none."""

    title: Text | None
    panels: tuple[Panel, ...]


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


def bilingual(words: Text) -> str:
    """Chinese and English on one line."""
    return f"{words.zh} · {words.en}"
