"""A sheet of a workbook, filled from top to bottom."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from math import ceil
from unicodedata import east_asian_width

from xlsxwriter import Workbook
from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet

from tidemark.streams.contracts.text import Text
from tidemark.streams.indicators.assessment.assessment import Status

from .cells import Cell, Column, Number, Table
from .words import BLUE, COLOUR, HEAD, NONE, RULE, STATUS, Languages, say

_CHARACTER_MM = 1.75
_LINE_POINTS = 13
_PARAGRAPH_COLUMNS = 8
_PLAIN = [16.0] * _PARAGRAPH_COLUMNS
"""The columns of a sheet without a table."""
_SECTION = Column(Text("章节", "Section"), 32)
_STYLES: Mapping[str, Mapping[str, object]] = {
    "title": {"bold": True, "font_size": 14, "font_color": BLUE},
    "heading": {"bold": True, "font_size": 11},
    "paragraph": {"text_wrap": True, "valign": "top"},
    "caution": {"text_wrap": True, "bold": True, "font_color": "#7d1723", "bg_color": "#fbeeee"},
    "head": {"text_wrap": True, "bold": True, "bg_color": HEAD, "bottom": 2, "bottom_color": BLUE},
    "cell": {"text_wrap": True, "bottom": 1, "bottom_color": RULE},
}


class Pen:
    """The languages, and the workbook's formats, each created once."""

    def __init__(self, workbook: Workbook, languages: Languages) -> None:
        self.workbook = workbook
        self.languages = languages
        self._formats: dict[tuple[object, ...], Format] = {}

    def say(self, text: Text | str, between: str = "\n") -> str:
        """Text in the language, or in both."""
        return say(text, self.languages, between)

    def style(self, name: str, **more: object) -> Format:
        """A style, with changes."""
        key = (name, *more.items())
        if key not in self._formats:
            self._formats[key] = self.workbook.add_format({**_STYLES[name], **more})
        return self._formats[key]


class Sheet:
    """A sheet of the workbook; `row` is the next row to fill."""

    def __init__(self, sheet: Worksheet, pen: Pen, tables: Sequence[Table]) -> None:
        self.sheet = sheet
        self.pen = pen
        self.row = 0
        self._widths = _measure_widths(tables) or _PLAIN
        for number, width in enumerate(self._widths):
            sheet.set_column(number, number, width)

    def add_title(self, text: Text) -> None:
        """A heading of the sheet."""
        self.sheet.write_string(self.row, 0, self.pen.say(text, " · "), self.pen.style("title"))
        self.sheet.set_row(self.row, 24)
        self.row += 1

    def add_heading(self, text: Text) -> None:
        """A heading above a table."""
        self.sheet.write_string(self.row, 0, self.pen.say(text, " · "), self.pen.style("heading"))
        self.row += 1

    def add_paragraph(self, text: Text, style: str = "paragraph") -> None:
        """Text across several columns, in a row high enough to show them."""
        words, last = self.pen.say(text), max(1, min(_PARAGRAPH_COLUMNS, len(self._widths)) - 1)
        room = sum(self._widths[: last + 1])
        self.sheet.merge_range(self.row, 0, self.row, last, words, self.pen.style(style))
        self._set_height([(words, room)])
        self.row += 2

    def add_table(self, table: Table, alone: bool) -> None:
        """A table. The only table of a sheet can be filtered, and its heading stays visible."""
        if not table.rows:
            self.add_paragraph(NONE)
            return
        head, columns = self.row, _list_columns(table)
        for number, column in enumerate(columns):
            style: dict[str, object] = {"align": "right"} if column.numeric else {"indent": 1}
            style |= {"bg_color": column.colour, "font_color": "#ffffff"} if column.colour else {}
            self.sheet.write_string(head, number, self.pen.say(column.head), self.pen.style("head", **style))
        self._set_height(zip((self.pen.say(column.head) for column in columns), self._widths, strict=False))
        for number, row in enumerate(table.rows):
            self.row += 1
            cells = (table.groups[number], *row) if table.groups else row
            for place, cell in enumerate(cells):
                self._write_cell(place, cell)
            self._set_height(zip(map(self._say_cell, cells), self._widths, strict=False))
        if alone:
            self.sheet.freeze_panes(head + 1, 3 if table.groups else 1)
            self.sheet.autofilter(head, 0, self.row, len(columns) - 1)
            self.sheet.repeat_rows(head)
        self.row += 2

    def _say_cell(self, cell: Cell) -> str:
        """The text of a cell that may need several lines, else an empty string."""
        words = STATUS[cell] if isinstance(cell, Status) else cell
        return self.pen.say(words) if isinstance(words, Text | str) else ""

    def _set_height(self, words: Iterable[tuple[str, float]]) -> None:
        """Make the row high enough for each text at its width, in characters; not every program does so
        by itself."""
        high = max(
            sum(ceil(0.9 * _measure_text(line) / room) for line in text.splitlines()) for text, room in words
        )
        self.sheet.set_row(self.row, _LINE_POINTS * max(high, 1) + 4)

    def _write_cell(self, place: int, cell: Cell) -> None:
        style = self.pen.style
        match cell:
            case None:
                self.sheet.write_blank(self.row, place, None, style("cell"))
            case Status():
                colours = {"font_color": "#ffffff", "bg_color": COLOUR[cell]}
                self.sheet.write_string(self.row, place, self.pen.say(STATUS[cell]), style("cell", **colours))
            case Number():
                shown = style("cell", num_format=cell.format, align="right")
                self.sheet.write_number(self.row, place, cell.value, shown)
            case date():
                shown = style("cell", num_format="yyyy-mm-dd", align="left")
                self.sheet.write_datetime(self.row, place, cell, shown)
            case Text() | str():
                self.sheet.write_string(self.row, place, self.pen.say(cell), style("cell", indent=1))


def _list_columns(table: Table) -> tuple[Column, ...]:
    return (_SECTION, *table.columns) if table.groups else table.columns


def _measure_widths(tables: Sequence[Table]) -> list[float]:
    """The width of each column of a sheet, in characters: that of its widest table."""
    widths: list[float] = []
    for table in tables:
        for number, column in enumerate(_list_columns(table)):
            width = max(column.width / _CHARACTER_MM, 7.0)
            if number < len(widths):
                widths[number] = max(widths[number], width)
            else:
                widths.append(width)
    return widths


def _measure_text(line: str) -> int:
    """The width in characters; a Chinese character counts as two."""
    return sum(2 if east_asian_width(character) in "WF" else 1 for character in line)
