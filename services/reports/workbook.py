"""A report as an Excel workbook: numbers as numbers, charts of its own, sheets that print."""

from dataclasses import replace
from io import BytesIO

from xlsxwriter import Workbook
from xlsxwriter.worksheet import Worksheet

from tidemark.streams.contracts.text import Language, Text

from . import figures
from .cells import Charts, Heading, Number, Section, Shares, Table
from .contents import build_sections, format_subtitle, format_title, format_warning
from .report import Report
from .sheet import Pen, Sheet
from .sheet_charts import Curves, add_shares
from .tables import list_status_columns
from .words import CHINESE, LATIN, STATUS, Languages

_A4 = 9
_DATA = Text("图表数据", "Chart data")


def write_workbook(report: Report, languages: Languages) -> bytes:
    """The content of the file."""
    content = BytesIO()
    font = {
        "font_name": LATIN if languages[0] is Language.EN else CHINESE,
        "font_size": 9,
        "valign": "vcenter",
    }
    workbook = Workbook(content, {"in_memory": True, "default_format_properties": font})
    pen = Pen(workbook, languages)
    name = pen.say(format_title(report), " · ")
    about = {"title": name, "author": "Tidemark", "created": report.made.at.replace(tzinfo=None)}
    workbook.set_properties(about)
    sections = build_sections(report)
    *sheets, data = (
        _set_print_layout(workbook.add_worksheet(pen.say(words, " ")), name)
        for words in (*(section.name for section in sections), _DATA)
    )
    curves = Curves(data, pen)
    for number, (section, empty) in enumerate(zip(sections, sheets, strict=True)):
        tables = [_count_statuses(block) for block in section.blocks if isinstance(block, Table)]
        sheet = Sheet(empty, pen, tables)
        if number == 0:
            _add_front(sheet, report)
        _fill(sheet, section, curves)
    workbook.close()
    return content.getvalue()


def _set_print_layout(sheet: Worksheet, name: str) -> Worksheet:
    sheet.hide_gridlines(2)
    sheet.set_paper(_A4)
    sheet.set_landscape()
    sheet.fit_to_pages(1, 0)
    sheet.set_margins(left=0.4, right=0.4, top=0.7, bottom=0.6)
    sheet.set_header(f"&L&8{name.replace('&', '&&')}")
    sheet.set_footer("&C&8&P / &N")
    return sheet


def _add_front(sheet: Sheet, report: Report) -> None:
    sheet.add_title(format_title(report))
    sheet.add_paragraph(format_subtitle(report))
    caution = format_warning(report)
    if caution is not None:
        sheet.add_paragraph(caution, "caution")


def _fill(sheet: Sheet, section: Section, curves: Curves) -> None:
    """Write the blocks below each other; the only table of a sheet comes first, near the top."""
    alone = sum(isinstance(block, Table) for block in section.blocks) == 1
    sheet.add_title(section.heading)
    for block in section.blocks[::-1] if alone else section.blocks:
        match block:
            case Table() if _has_shares(block):
                head, counted = sheet.row, _count_statuses(block)
                sheet.add_table(counted, alone)
                add_shares(sheet, counted, head)
            case Table():
                sheet.add_table(block, alone)
            case Charts():
                curves.add(sheet, block)
            case Heading():
                sheet.add_heading(block.words)
            case _:
                sheet.add_paragraph(block)


def _count_statuses(table: Table) -> Table:
    """The table with a column of numbers for each status in place of a bar."""
    if not _has_shares(table):
        return table
    rows = [(*row[:-1], *_counts(row[-1])) for row in table.rows]
    return replace(table, columns=(*table.columns[:-1], *list_status_columns()), rows=rows)


def _has_shares(table: Table) -> bool:
    return any(isinstance(row[-1], Shares) for row in table.rows)


def _counts(cell: object) -> list[Number]:
    counts = cell.counts if isinstance(cell, Shares) else {}
    return [figures.format_count(counts.get(status, 0)) for status in STATUS]
