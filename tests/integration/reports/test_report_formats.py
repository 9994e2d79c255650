"""Reports of made-up assessments in every format, read by other libraries."""

import re
from collections.abc import Callable
from functools import cache
from io import BytesIO
from zipfile import ZipFile

import docx
import openpyxl
import pytest
from docx.enum.section import WD_ORIENT

from tests.support.indicator_readings import CATALOGUE
from tests.support.report_files import Page, Rows, differences, document_rows, page_rows, workbook_rows
from tests.support.reports import made_up
from tidemark.services.reports import figures
from tidemark.services.reports.cells import Number
from tidemark.services.reports.words import STATUS, Languages
from tidemark.services.reports.writing import Format, write_report
from tidemark.streams.contracts.text import Language

pytestmark = pytest.mark.xdist_group("reports")

ENGLISH: Languages = (Language.EN,)
BOTH: Languages = (Language.ZH, Language.EN)
CHOICES: tuple[Languages, ...] = ((Language.ZH,), ENGLISH, BOTH)
READERS: dict[Format, Callable[[bytes], Rows]] = {
    Format.HTML: page_rows,
    Format.DOCX: document_rows,
    Format.XLSX: workbook_rows,
}
REPORT = made_up()
ASSESSED = {target.indicator.id: target.now for target in REPORT.targets}


@cache
def write_cached(form: Format, languages: Languages = ENGLISH) -> bytes:
    return write_report(REPORT, form, languages)


@pytest.mark.parametrize("form", Format)
def test_every_number_of_the_88_rows_is_the_assessments(form: Format):
    assert differences(READERS[form](write_cached(form)), CATALOGUE, ASSESSED) == []


@pytest.mark.parametrize("form", Format)
def test_negative_control_a_writer_that_changes_a_number_is_caught(form: Format, monkeypatch):
    honest = figures.format_computed

    def off(indicator, number):
        wrong = indicator.id == "refund_shops" and number is not None
        return honest(indicator, number + 0.11 if wrong else number)

    monkeypatch.setattr(figures, "format_computed", off)
    report = next(
        candidate
        for candidate in (made_up(seed=seed) for seed in range(2, 99))
        if any(
            target.indicator.id == "refund_shops" and target.course.expected is not None
            for target in candidate.targets
        )
    )
    assessed = {target.indicator.id: target.now for target in report.targets}
    differing = differences(READERS[form](write_report(report, form, ENGLISH)), CATALOGUE, assessed)
    assert differing
    assert all(text.startswith("refund_shops:") for text in differing)


@pytest.mark.parametrize("languages", CHOICES)
@pytest.mark.parametrize("form", Format)
def test_names_and_statuses_are_in_the_languages_asked_for_and_no_other(form: Format, languages: Languages):
    words = _words(form, write_cached(form, languages))
    for code, text in (("zh", "社会消费品零售总额"), ("en", "Total retail sales of consumer goods")):
        assert (text in words) == (code in languages)
    for status in STATUS.values():
        assert (status.zh in words) == ("zh" in languages)


@pytest.mark.parametrize("languages", CHOICES)
def test_the_page_is_balanced_says_its_languages_and_needs_nothing_from_elsewhere(languages: Languages):
    page = Page(write_cached(Format.HTML, languages).decode())
    assert (page.errors, page.open) == ([], [])
    assert page.languages - {""} == set(languages)
    assert all(reference.startswith(("#", "data:image/svg+xml;base64,")) for reference in page.references)
    style = re.sub(r"base64,[^\"]*", "", write_cached(Format.HTML, languages).decode())
    assert "http" not in style
    assert "url(" not in style
    assert "@import" not in style


def test_words_of_the_data_cannot_become_markup():
    assert b"made up &lt;b&gt;&amp;" in write_cached(Format.HTML)


def test_the_same_report_has_the_same_page():
    assert write_report(REPORT, Format.HTML, ENGLISH) == write_cached(Format.HTML)


def test_the_document_has_styles_contents_page_numbers_and_heads_that_repeat():
    document = docx.Document(BytesIO(write_cached(Format.DOCX, BOTH)))
    headings = [paragraph for paragraph in document.paragraphs if paragraph.style.name == "Heading 1"]
    assert len(headings) == 8
    links = re.findall(r'w:hyperlink w:anchor="(\w+)"', document.element.xml)
    assert links == re.findall(r'w:bookmarkStart w:id="\d+" w:name="(\w+)"', document.element.xml)
    assert len(links) == 8
    assert "TOC" in document.element.xml
    footer = document.sections[0].footer.paragraphs[0]._p.xml
    assert "PAGE" in footer
    assert "NUMPAGES" in footer
    tables = [table for table in document.tables if len(table.columns) != 3]
    assert all("w:tblHeader" in table.rows[0]._tr.xml for table in tables)
    assert WD_ORIENT.LANDSCAPE in {section.orientation for section in document.sections}
    for name in ("Normal", "Title", "Heading 1", "Heading 2"):
        assert 'w:eastAsia="Microsoft YaHei"' in document.styles[name].element.xml


def test_the_workbook_holds_numbers_and_prints_with_its_heads():
    book = openpyxl.load_workbook(BytesIO(write_cached(Format.XLSX)))
    sheet = book["Targets"]
    assert sheet.freeze_panes == "D3"
    assert sheet.print_title_rows == "$2:$2"
    assert sheet.auto_filter.ref == "A2:R90"
    assert sheet.page_setup.paperSize == 9
    heads = [cell.value for cell in sheet[2]]
    shown = next(
        row for row in sheet.iter_rows(min_row=3) if isinstance(row[heads.index("Progress")].value, float)
    )
    assert shown[heads.index("Progress")].number_format == "#,##0.0%"
    assert isinstance(shown[heads.index("Target 2030")].value, int | float)
    assert len(book["Paths"]._charts) == len(REPORT.curves)
    assert all("&P" in page.oddFooter.center.text for page in book.worksheets)


@pytest.mark.parametrize(
    ("number", "text"),
    [
        (Number(-0.04, 1), "0.0"),
        (Number(1234.56, 1), "1,234.6"),
        (Number(0.1234, 1, percent=True), "12.3%"),
        (Number(0.02, 1, percent=True, signed=True), "+2.0%"),
        (Number(-0.02, 1, percent=True, signed=True), "-2.0%"),
        (Number(600, before="≥ "), "≥ 600"),
    ],
)
def test_a_number_is_written_as_people_read_it(number: Number, text: str):
    assert str(number) == text


def _words(form: Format, content: bytes) -> str:
    if form is Format.HTML:
        return content.decode()
    with ZipFile(BytesIO(content)) as parts:
        names = [name for name in parts.namelist() if name.endswith(("document.xml", "sharedStrings.xml"))]
        return "".join(parts.read(name).decode() for name in names)
