"""Tables of a Word document: exact widths, headings that repeat on each page, rows that stay whole."""

from collections.abc import Sequence
from datetime import date
from io import BytesIO

from docx.document import Document
from docx.enum.table import WD_ALIGN_VERTICAL
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.shared import Mm, Pt, RGBColor
from docx.table import Table as WordTable
from docx.table import _Cell as WordCell
from docx.table import _Row as WordRow
from docx.text.paragraph import Paragraph

from tidemark.streams.contracts.text import Text
from tidemark.streams.indicators.assessment.assessment import Status

from .cells import Cell, Column, Number, Shares, Table
from .charts import draw_shares
from .word_xml import add_rules, keep_row, repeat_row, set_margins, shade
from .words import COLOUR, HEAD, RULE, STATUS, Languages, list_lines

_GROUP = "#f4f6f8"
_WHITE, _GREY = RGBColor(0xFF, 0xFF, 0xFF), RGBColor(0x5B, 0x66, 0x73)
_MANY = 10
"""A table with more columns than this is set in smaller type."""


def add_table(document: Document, table: Table, width_mm: float, languages: Languages) -> None:
    """A table as wide as the page's text."""
    whole = sum(column.width for column in table.columns)
    widths = [column.width * width_mm / whole for column in table.columns]
    points = 6.5 if len(widths) > _MANY else 8.5
    grid = add_grid(document, widths)
    add_rules(grid, RULE)
    _add_head(grid, table.columns, languages, points)
    for number, row in enumerate(table.rows):
        if table.groups and (number == 0 or table.groups[number] != table.groups[number - 1]):
            _add_group(grid, table.groups[number], languages, points)
        for place, cell, column, width in zip(add_row(grid), row, table.columns, widths, strict=True):
            _fill(place, cell, width, languages, points)
            if column.numeric:
                place.paragraphs[0].alignment = WD_ALIGN_PARAGRAPH.RIGHT
    document.add_paragraph()


def add_grid(document: Document, widths_mm: Sequence[float]) -> WordTable:
    """An empty table with columns of these widths."""
    table: WordTable = document.add_table(0, len(widths_mm))
    table.autofit = False
    set_margins(table, {"left": Mm(1), "right": Mm(1), "top": Mm(0.7), "bottom": Mm(0.7)})
    for column, width in zip(table.columns, widths_mm, strict=True):
        column.width = Mm(width)
    return table


def add_row(table: WordTable) -> tuple[WordCell, ...]:
    """The cells of a new row, which no page break cuts."""
    row: WordRow = table.add_row()  # type: ignore[no-untyped-call]
    keep_row(row)
    return row.cells


def write_small(paragraph: Paragraph, text: Text | str, languages: Languages, points: float) -> None:
    """Text in a small type, the second language smaller still."""
    paragraph.paragraph_format.space_after = Pt(0)
    write(paragraph, text, languages, points, points - 1)


def write(
    paragraph: Paragraph,
    text: Text | str,
    languages: Languages,
    points: float | None = None,
    second_points: float = 9,
) -> None:
    """Text, the second language on a line of its own and lighter. Without `points` the first has the
    size of its style."""
    for number, (_, words) in enumerate(list_lines(text, languages)):
        run = paragraph.add_run()
        size = second_points if number else points
        if size is not None:
            run.font.size = Pt(size)
        if number:
            run.add_break()
            run.font.color.rgb = _GREY
        run.add_text(words)


def _add_head(table: WordTable, columns: Sequence[Column], languages: Languages, points: float) -> None:
    cells = add_row(table)
    repeat_row(table.rows[0])
    for cell, column in zip(cells, columns, strict=True):
        paragraph = cell.paragraphs[0]
        write_small(paragraph, column.head, languages, points)
        paragraph.runs[0].font.bold = True
        shade(cell, column.colour or HEAD)
        if column.colour:
            _whiten(paragraph)
        cell.vertical_alignment = WD_ALIGN_VERTICAL.BOTTOM
        if column.numeric:
            paragraph.alignment = WD_ALIGN_PARAGRAPH.RIGHT


def _add_group(table: WordTable, words: Text, languages: Languages, points: float) -> None:
    cells = add_row(table)
    cell = cells[0].merge(cells[-1])
    write_small(
        cell.paragraphs[0], " · ".join(text for _, text in list_lines(words, languages)), languages, points
    )
    cell.paragraphs[0].runs[0].font.bold = True
    cell.paragraphs[0].paragraph_format.keep_with_next = True
    shade(cell, _GROUP)


def _fill(place: WordCell, cell: Cell, width_mm: float, languages: Languages, points: float) -> None:
    paragraph = place.paragraphs[0]
    place.vertical_alignment = WD_ALIGN_VERTICAL.CENTER
    match cell:
        case None:
            write_small(paragraph, "—", languages, points)
        case Status():
            write_small(paragraph, STATUS[cell], languages, points)
            shade(place, COLOUR[cell])
            _whiten(paragraph)
        case Shares():
            picture = BytesIO(draw_shares(cell, width_mm - 4, "png"))
            paragraph.add_run().add_picture(picture, width=Mm(width_mm - 4))
        case Number() | date():
            write_small(paragraph, str(cell), languages, points)
        case _:
            write_small(paragraph, cell, languages, points)


def _whiten(paragraph: Paragraph) -> None:
    for run in paragraph.runs:
        run.font.color.rgb = _WHITE
