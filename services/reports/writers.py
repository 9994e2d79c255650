"""The writer of each format."""

from collections.abc import Callable, Mapping

from .document import write_document
from .page import write_page
from .report import Report
from .text import Language
from .workbook import write_workbook
from .writing import Format

WRITERS: Mapping[Format, Callable[[Report, Language], bytes]] = {
    Format.HTML: write_page,
    Format.DOCX: write_document,
    Format.XLSX: write_workbook,
}
