"""A report as a Word document with styles, headings, a table of contents and page numbers."""

from collections.abc import Sequence
from io import BytesIO

import docx
from docx.document import Document
from docx.enum.section import WD_ORIENT
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.shared import Mm, Pt, RGBColor

from tidemark.streams.contracts.text import Language

from . import word_table
from .cells import Block, Charts, Heading, Section, Table
from .charts import draw_curve
from .contents import build_sections, format_subtitle, format_title, format_warning
from .report import Report
from .word_xml import add_bookmark, add_field, add_link, begin_field, end_field, set_fonts
from .words import BLUE, CHINESE, LATIN, NONE, Languages, say

_PAPER_MM = (210, 297)
_MARGIN_MM, _WIDE_MARGIN_MM = 15, 10
_ACROSS = 3
_RED = RGBColor(0x9D, 0x1F, 0x2F)
_SIZES = {"Normal": 10, "Title": 17, "Heading 1": 15, "Heading 2": 12}


def write_document(report: Report, languages: Languages) -> bytes:
    """The content of the file."""
    document = docx.Document()
    _set_styles(document)
    _set_properties(document, report, languages)
    _open_section(document, wide=False, first=True)
    sections = build_sections(report)
    _add_front(document, report, sections, languages)
    for number, section in enumerate(sections, 1):
        _add_section(document, number, section, languages)
    content = BytesIO()
    document.save(content)
    return content.getvalue()


def _set_styles(document: Document) -> None:
    for name, points in _SIZES.items():
        style = document.styles[name]
        set_fonts(style, LATIN, CHINESE)
        style.font.size = Pt(points)
        if name != "Normal":
            style.font.color.rgb = RGBColor.from_string(BLUE.removeprefix("#").upper())
    document.styles["Normal"].paragraph_format.space_after = Pt(6)


def _set_properties(document: Document, report: Report, languages: Languages) -> None:
    about = document.core_properties
    about.title = say(format_title(report), languages, " · ")
    about.author = "Tidemark"
    about.created = about.modified = report.made.at.replace(tzinfo=None)
    about.language = "en-GB" if languages[0] is Language.EN else "zh-CN"
    about.comments = ""


def _open_section(document: Document, wide: bool, first: bool = False) -> None:
    """Start a section on a new page, in portrait or in landscape."""
    section = document.sections[0] if first else document.add_section()
    width, height = _PAPER_MM[::-1] if wide else _PAPER_MM
    section.orientation = WD_ORIENT.LANDSCAPE if wide else WD_ORIENT.PORTRAIT
    section.page_width, section.page_height = Mm(width), Mm(height)
    section.left_margin = section.right_margin = Mm(_WIDE_MARGIN_MM if wide else _MARGIN_MM)
    section.top_margin = section.bottom_margin = Mm(16)
    section.footer_distance = Mm(8)
    if first:
        footer = section.footer.paragraphs[0]
        footer.alignment = WD_ALIGN_PARAGRAPH.CENTER
        add_field(footer, "PAGE")
        footer.add_run(" / ")
        add_field(footer, "NUMPAGES")


def _add_front(document: Document, report: Report, sections: Sequence[Section], languages: Languages) -> None:
    word_table.write(document.add_paragraph(style="Title"), format_title(report), languages)
    word_table.write(document.add_paragraph(), format_subtitle(report), languages)
    caution = format_warning(report)
    if caution is not None:
        paragraph = document.add_paragraph()
        word_table.write(paragraph, caution, languages)
        for run in paragraph.runs:
            run.font.bold, run.font.color.rgb = True, _RED
    _add_table_of_contents(document, sections, languages)


def _add_table_of_contents(document: Document, sections: Sequence[Section], languages: Languages) -> None:
    """A field that lists the headings, filled here, because Word asks before it updates a field."""
    paragraph = document.add_paragraph()
    begin_field(paragraph, 'TOC \\o "1-1" \\n \\h \\z \\u')
    for number, section in enumerate(sections, 1):
        paragraph = paragraph if number == 1 else document.add_paragraph()
        paragraph.paragraph_format.space_after = Pt(2)
        add_link(paragraph, _name_bookmark(number), say(section.heading, languages, " · "))
    end_field(paragraph)


def _add_section(document: Document, number: int, section: Section, languages: Languages) -> None:
    if section.wide:
        _open_section(document, wide=True)
    heading = document.add_heading(level=1)
    word_table.write(heading, section.heading, languages)
    add_bookmark(heading, number, _name_bookmark(number))
    width_mm = _PAPER_MM[1] - 2 * _WIDE_MARGIN_MM if section.wide else _PAPER_MM[0] - 2 * _MARGIN_MM
    for block in section.blocks:
        _add_block(document, block, width_mm, languages)
    if section.wide:
        _open_section(document, wide=False)


def _add_block(document: Document, block: Block, width_mm: float, languages: Languages) -> None:
    match block:
        case Heading():
            word_table.write(document.add_heading(level=2), block.words, languages)
        case Table() if not block.rows:
            word_table.write(document.add_paragraph(), NONE, languages)
        case Table():
            word_table.add_table(document, block, width_mm, languages)
        case Charts():
            _add_charts(document, block, width_mm / _ACROSS, languages)
        case _:
            paragraph = document.add_paragraph()
            paragraph.paragraph_format.keep_with_next = True
            word_table.write(paragraph, block, languages)


def _add_charts(document: Document, charts: Charts, width_mm: float, languages: Languages) -> None:
    table = word_table.add_grid(document, [width_mm] * _ACROSS)
    for first in range(0, len(charts.curves), _ACROSS):
        cells = word_table.add_row(table)
        for cell, curve in zip(cells, charts.curves[first : first + _ACROSS], strict=False):
            word_table.write_small(cell.paragraphs[0], curve.caption, languages, 8)
            picture = BytesIO(draw_curve(curve, width_mm - 5, "png"))
            cell.add_paragraph().add_run().add_picture(picture, width=Mm(width_mm - 5))


def _name_bookmark(number: int) -> str:
    return f"_Toc{number:08d}"
