"""What a report is laid out from: sections of paragraphs, tables and charts, in no language and no format."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import NamedTuple

from tidemark.streams.contracts.text import Text
from tidemark.streams.indicators.assessment.assessment import Status

from .curves import Curve


class Number(NamedTuple):
    """A number and how it is written: rounded to `decimals`; a percent is held as a ratio; a signed
    one always bears its sign."""

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
        """The same as a number format of Excel."""
        digits = "#,##0" + ("." + "0" * self.decimals if self.decimals else "") + "%" * self.percent
        shown = f'"{self.before}"{digits}' if self.before else digits
        return f"+{shown};-{shown};{shown}" if self.signed else shown


class Shares(NamedTuple):
    """How many of a group of targets have each status: drawn as a bar."""

    counts: Mapping[Status, int]


Cell = Text | str | Number | date | Status | Shares | None
"""None: there is nothing to say."""


class Column(NamedTuple):
    """A column of a table; `width` in millimetres on paper. A column of one status has its colour."""

    head: Text
    width: float
    numeric: bool = False
    colour: str = ""


def numeric(zh: str, en: str, width: float) -> Column:
    """A column of numbers."""
    return Column(Text(zh, en), width, numeric=True)


@dataclass(frozen=True)
class Table:
    """Rows of cells; those of one group follow each other under its heading."""

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
    """A part of the report. `name` is short, for the tab of a sheet; `wide`: on paper turned sideways."""

    name: Text
    heading: Text
    blocks: tuple[Block, ...]
    wide: bool = False
