"""Reading reports with libraries that did not write them, and differences from the assessments."""

import math
from collections.abc import Mapping
from html.parser import HTMLParser
from io import BytesIO

import docx
import openpyxl

from tidemark.streams.indicators.assessment.assessment import Assessment
from tidemark.streams.indicators.targets.catalogue import Catalogue

from .reports import expected_numbers

Rows = list[dict[str, str | float | None]]

VOID = {"meta", "col", "img", "br", "link", "hr", "input"}


class Page(HTMLParser):
    """The tables of a page as text, its links, and tags that are not closed in order."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.tables: list[list[list[str]]] = []
        self.references: list[str] = []
        self.languages: set[str] = set()
        self.open: list[str] = []
        self.errors: list[str] = []
        self._cell: list[str] | None = None
        self.feed(text)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        attributes = dict(attrs)
        self.references += [
            attributes[name] or "" for name in ("src", "href", "srcset") if name in attributes
        ]
        self.languages.add(attributes.get("lang") or "")
        if tag == "table":
            self.tables.append([])
        if tag == "tr":
            self.tables[-1].append([])
        if tag in ("td", "th"):
            self._cell = []
        if tag not in VOID:
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        if not self.open or self.open.pop() != tag:
            self.errors.append(tag)
        if tag in ("td", "th"):
            self.tables[-1][-1].append("\n".join(self._cell or []))
            self._cell = None

    def handle_data(self, data: str) -> None:
        if self._cell is not None and data.strip():
            self._cell.append(data.strip())


def page_rows(content: bytes) -> Rows:
    """The table of all targets of an English page."""
    return _rows(next(table for table in Page(content.decode()).tables if table[0][0] == "No."))


def document_rows(content: bytes) -> Rows:
    """The table of all targets of an English document."""
    document = docx.Document(BytesIO(content))
    tables = ([[cell.text for cell in row.cells] for row in table.rows] for table in document.tables)
    return _rows(next(table for table in tables if table[0][0] == "No."))


def workbook_rows(content: bytes) -> Rows:
    """The table of all targets of an English workbook, numbers as stored."""
    sheet = openpyxl.load_workbook(BytesIO(content))["Targets"]
    table = [[cell.value for cell in row] for row in sheet.iter_rows()]
    start = next(number for number, row in enumerate(table) if row[1] == "No.")
    rows = [dict(zip(table[start], row, strict=True)) for row in table[start + 1 :]]
    return [row for row in rows if isinstance(row["No."], int | float)]


def differences(rows: Rows, catalogue: Catalogue, assessed: Mapping[str, Assessment]) -> list[str]:
    """The numbers that differ from the assessment's: texts by more than half a unit of their last digit,
    stored numbers at all."""
    differing = []
    if len(rows) != len(catalogue):
        differing.append(f"{len(rows)} rows")
    for indicator, row in zip(catalogue, rows, strict=False):
        if row["Target"] != indicator.name_en:
            differing.append(f"{indicator.id}: is called {row['Target']}")
        for head, number in expected_numbers(indicator, assessed[indicator.id]).items():
            if not _same(row[head], number):
                differing.append(f"{indicator.id}: {head} is {row[head]}, not {number}")
    return differing


def _rows(table: list[list[str]]) -> Rows:
    return [dict(zip(table[0], row, strict=True)) for row in table[1:] if row[0].isdigit()]


def _same(shown: str | float | None, number: float | None) -> bool:
    if number is None:
        return shown in (None, "—")
    if shown is None:
        return False
    if not isinstance(shown, str):
        return math.isclose(shown, number, rel_tol=1e-14)
    digits = shown.strip("≥≤>< %").replace(",", "")
    scale = 100 if shown.endswith("%") else 1
    half = 0.5 * 10 ** -len(digits.partition(".")[2])
    try:
        return abs(float(digits) - scale * number) <= half * 1.000001 + 1e-9
    except ValueError:
        return False
