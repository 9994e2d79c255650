"""What python-docx does not support: Chinese fonts, fields, bookmarks, repeated rows, shading."""

from collections.abc import Mapping, Sequence

from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.oxml.xmlchemy import BaseOxmlElement
from docx.shared import Length
from docx.styles.style import CharacterStyle
from docx.table import Table as WordTable
from docx.table import _Cell as WordCell
from docx.table import _Row as WordRow
from docx.text.paragraph import Paragraph

_THEMED = ("asciiTheme", "hAnsiTheme", "eastAsiaTheme", "cstheme")


def set_fonts(style: CharacterStyle, latin: str, chinese: str) -> None:
    """Set a style's fonts for Latin and for Chinese characters, in place of the theme's."""
    style.font.name = latin
    fonts = style.element.get_or_add_rPr().get_or_add_rFonts()
    fonts.set(qn("w:eastAsia"), chinese)
    for name in _THEMED:
        fonts.attrib.pop(qn(f"w:{name}"), None)


def add_field(paragraph: Paragraph, instruction: str) -> None:
    """A field that Word fills when it lays out the page, such as PAGE."""
    begin_field(paragraph, instruction)
    paragraph.add_run("1")
    end_field(paragraph)


def begin_field(paragraph: Paragraph, instruction: str) -> None:
    """The start of a field; the text up to its end is what it shows."""
    _mark(paragraph, "begin")
    text = OxmlElement("w:instrText")
    text.set(qn("xml:space"), "preserve")
    text.text = f" {instruction} "
    paragraph.add_run()._r.append(text)
    _mark(paragraph, "separate")


def end_field(paragraph: Paragraph) -> None:
    """The end of the field that was begun last."""
    _mark(paragraph, "end")


def add_bookmark(paragraph: Paragraph, number: int, name: str) -> None:
    """A bookmark at the paragraph, as a target of links."""
    start = _element("w:bookmarkStart", id=str(number), name=name)
    paragraph._p.insert(1 if paragraph._p.pPr is not None else 0, start)
    paragraph._p.append(_element("w:bookmarkEnd", id=str(number)))


def add_link(paragraph: Paragraph, bookmark: str, words: str) -> None:
    """Text that links to a bookmark."""
    link = _element("w:hyperlink", anchor=bookmark, history="1")
    link.append(paragraph.add_run(words)._r)
    paragraph._p.append(link)


def repeat_row(row: WordRow) -> None:
    """Show a table's row again at the top of each page."""
    row._tr.get_or_add_trPr().append(_element("w:tblHeader", val="true"))


def keep_row(row: WordRow) -> None:
    """Do not let a page end within a row."""
    row._tr.get_or_add_trPr().append(_element("w:cantSplit", val="true"))


def set_margins(table: WordTable, margins: Mapping[str, Length]) -> None:
    """Set the top, left, bottom and right margins of a table's cells."""
    element = OxmlElement("w:tblCellMar")
    for side in ("top", "left", "bottom", "right"):
        element.append(_element(f"w:{side}", w=str(margins[side].twips), type="dxa"))
    _insert(table, element, before=("w:tblLook",))


def add_rules(table: WordTable, colour: str) -> None:
    """A thin line under each row."""
    element = OxmlElement("w:tblBorders")
    for side in ("top", "bottom", "insideH"):
        element.append(_element(f"w:{side}", val="single", sz="4", space="0", color=colour.removeprefix("#")))
    _insert(table, element, before=("w:shd", "w:tblLayout", "w:tblCellMar", "w:tblLook"))


def shade(cell: WordCell, colour: str) -> None:
    """Fill a cell with a colour such as #eaf0f7."""
    fill = _element("w:shd", val="clear", color="auto", fill=colour.removeprefix("#"))
    cell._tc.get_or_add_tcPr().append(fill)


def _insert(table: WordTable, element: BaseOxmlElement, before: Sequence[str]) -> None:
    """Insert an element where the schema requires it: before the first of these that exists."""
    properties = table._tbl.tblPr
    after = [sibling for tag in before if (sibling := properties.find(qn(tag))) is not None]
    after[0].addprevious(element) if after else properties.append(element)


def _mark(paragraph: Paragraph, kind: str) -> None:
    paragraph.add_run()._r.append(_element("w:fldChar", fldCharType=kind))


def _element(tag: str, **attributes: str) -> BaseOxmlElement:
    element = OxmlElement(tag)
    for name, value in attributes.items():
        element.set(qn(f"w:{name}"), value)
    return element
