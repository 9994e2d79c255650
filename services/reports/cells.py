"""The parts of a report: sections of paragraphs, tables and charts, independent of language and format."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import NamedTuple

from tidemark.streams.contracts.text import Text
from tidemark.streams.indicators.assessment.assessment import Status

from .curves import Curve


class Number(NamedTuple):
    """A number and how it is written: rounded to `decimals`, after the prefix `before`. With `percent`
    the value is a ratio; with `signed` a positive number has a plus sign."""

    value: float
    decimals: int = 0
    percent: bool = False
    signed: bool = False
    before: str = ""

    def __str__(self) -> str:
        sign = "+" if self.signed and self.value > 0 else ""
        kind = "%" if self.percent else "f"
        return f"{self.before}{sign}{self.value:z,.{self.decimals}{kind}}"

    @property
    def format(self) -> str:
        """The equivalent number format of Excel."""
        digits = "#,##0" + ("." + "0" * self.decimals if self.decimals else "") + "%" * self.percent
        shown = f'"{self.before}"{digits}' if self.before else digits
        return f"+{shown};-{shown};{shown}" if self.signed else shown


class Shares(NamedTuple):
    """The number of targets of a group by status, drawn as a bar."""

    counts: Mapping[Status, int]


Cell = Text | str | Number | date | Status | Shares | None
"""None is an empty cell."""


class Column(NamedTuple):
    """A column of a table; `width` is in millimetres on paper, `colour` the background of its heading."""

    head: Text
    width: float
    numeric: bool = False
    colour: str = ""


def make_numeric(zh: str, en: str, width: float) -> Column:
    """A column of numbers."""
    return Column(Text(zh, en), width, numeric=True)


@dataclass(frozen=True)
class Table:
    """Rows of cells. `groups` is empty or has a group for each row; successive rows share a heading."""

    columns: tuple[Column, ...]
    rows: Sequence[Sequence[Cell]]
    groups: Sequence[Text] = ()


@dataclass(frozen=True)
class Charts:
    """Curves side by side."""

    curves: tuple[Curve, ...]


@dataclass(frozen=True)
class Heading:
    """A heading inside a section."""

    words: Text


Block = Text | Heading | Table | Charts


@dataclass(frozen=True)
class Section:
    """A part of the report. `name` is short, for the tab of a sheet; a `wide` one is printed in landscape."""

    name: Text
    heading: Text
    blocks: tuple[Block, ...]
    wide: bool = False
