"""Tables on standard output: one line for each row in a pipe, fitted to the width of a terminal.

Numbers and ids are never cut. On a narrow terminal words wrap first; then optional columns are left out,
the last first, and named below the table; then ids are folded. Where even that is too wide, the terminal
wraps whole lines.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import Enum
from typing import NamedTuple

from rich.cells import cell_len
from rich.table import Table
from rich.text import Text as Styled

from tidemark.streams.contracts.text import Language, Text

from .console import is_terminal, out, print_line

MISSING = "—"
"""Shown where there is no value; 0 is a value."""

NO_DATA = Text("暂无数据", "no data")
HIDDEN = Text("宽度不足，未显示：", "not shown at this width: ")

SEPARATOR = Text("、", ", ")
"""The separator of a list's items."""

_GAP = 2
_NARROW_WORDS = 16
_NARROWEST = 10
"""Widths that columns of words, and of ids where they must be folded, may shrink to."""

_LONGEST_ID = 40
_ASCII_WORD = re.compile(r"[!-~]+")

Cell = str | Styled | None
"""Plain text, which is never read as markup; styled text; or None, where there is no value."""


class ColumnKind(Enum):
    """What a column holds."""

    WORDS = "words"
    ID = "id"
    NUMBER = "number"


@dataclass(frozen=True)
class Column:
    """A column with its heading. An optional one is left out where the terminal is too narrow."""

    head: str
    kind: ColumnKind = ColumnKind.ID
    optional: bool = False


class Fitted(NamedTuple):
    """The columns that a width has room for, by index, and whether their ids must be folded."""

    columns: list[int]
    fold_ids: bool


def print_table(
    columns: Sequence[Column],
    rows: Sequence[Sequence[Cell]],
    language: Language = Language.EN,
    grouped: int = 0,
) -> None:
    """Print a table; without any heading, the rows alone.

    On a terminal the first `grouped` cells of a row are blank where they repeat the row above.
    """
    lines = [[_style(cell) for cell in row] for row in rows]
    fitted = fit_columns(columns, lines, out.width) if is_terminal() else None
    if fitted is None:
        for line in format_lines(columns, lines):
            print_line(line)
        return
    out.print(make_table(columns, _blank_repeats(lines, grouped), fitted), soft_wrap=False, highlight=False)
    hidden = [column.head for at, column in enumerate(columns) if at not in fitted.columns]
    if hidden:
        out.print(Styled(HIDDEN.in_language(language) + SEPARATOR.in_language(language).join(hidden), "dim"))


def format_lines(columns: Sequence[Column], rows: Sequence[Sequence[Styled]]) -> Iterator[str]:
    """The heading and each row as one line, in columns as wide as what they hold."""
    heads = [column.head for column in columns]
    plain = [[" ".join(cell.plain.split("\n")) for cell in row] for row in rows]
    lines = [heads, *plain] if any(heads) else plain
    widths = [max(map(cell_len, column)) for column in zip(*lines, strict=True)]
    for line in lines:
        cells = map(_pad, line, widths, columns)
        yield (" " * _GAP).join(cells).rstrip()


def fit_columns(columns: Sequence[Column], rows: Sequence[Sequence[Styled]], width: int) -> Fitted | None:
    """The columns to show at a width, or None where not even the numbers fit."""
    shown = list(range(len(columns)))
    optional = [at for at in shown if columns[at].optional]

    def measure_width(fold_ids: bool) -> int:
        widths = (_least_width(columns[at], [row[at] for row in rows], fold_ids) for at in shown)
        return sum(widths) + _GAP * (len(shown) - 1)

    while optional and measure_width(fold_ids=False) > width:
        shown.remove(optional.pop())
    if measure_width(fold_ids=False) <= width:
        return Fitted(shown, fold_ids=False)
    return Fitted(shown, fold_ids=True) if measure_width(fold_ids=True) <= width else None


def make_table(columns: Sequence[Column], rows: Sequence[Sequence[Styled]], fitted: Fitted) -> Table:
    """The table for a terminal."""
    shown = [columns[at] for at in fitted.columns]
    table = Table(box=None, pad_edge=False, show_header=any(column.head for column in shown))
    for column in shown:
        wraps = column.kind is ColumnKind.WORDS or (column.kind is ColumnKind.ID and fitted.fold_ids)
        table.add_column(
            Styled(column.head),
            justify="right" if column.kind is ColumnKind.NUMBER else "left",
            overflow="fold",
            no_wrap=not wraps,
        )
    for row in rows:
        table.add_row(*(row[at] for at in fitted.columns))
    return table


def _blank_repeats(rows: Sequence[Sequence[Styled]], grouped: int) -> list[list[Styled]]:
    blank = [Styled()] * grouped
    return [
        [*blank, *row[grouped:]] if at and row[:grouped] == rows[at - 1][:grouped] else [*row]
        for at, row in enumerate(rows)
    ]


def _style(cell: Cell) -> Styled:
    if cell is None:
        return Styled(MISSING)
    return Styled(cell) if isinstance(cell, str) else cell


def _pad(text: str, width: int, column: Column) -> str:
    space = " " * (width - cell_len(text))
    return space + text if column.kind is ColumnKind.NUMBER else text + space


def _natural_width(column: Column, cells: Sequence[Styled]) -> int:
    lines = [column.head, *(line for cell in cells for line in cell.plain.split("\n"))]
    return max(map(cell_len, lines))


def _least_width(column: Column, cells: Sequence[Styled], fold_ids: bool) -> int:
    natural = _natural_width(column, cells)
    if column.kind is ColumnKind.NUMBER or (column.kind is ColumnKind.ID and not fold_ids):
        return natural
    return min(natural, _NARROWEST if fold_ids else max(_NARROW_WORDS, _longest_id(cells)))


def _longest_id(cells: Sequence[Styled]) -> int:
    """Among words there may be ids and numbers, which must not be cut either."""
    lengths = (len(word) for cell in cells for word in _ASCII_WORD.findall(cell.plain))
    return min(max(lengths, default=0), _LONGEST_ID)
