"""Reports in each format, and files that are written completely or not at all."""

import os
from enum import StrEnum
from pathlib import Path
from tempfile import NamedTemporaryFile

from .report import Report
from .words import Languages


class Format(StrEnum):
    """The formats that a report is written in."""

    HTML = "html"
    DOCX = "docx"
    XLSX = "xlsx"


class FileExists(ValueError):
    """The file exists and may not be replaced."""


def write_report(report: Report, form: Format, languages: Languages) -> bytes:
    """The file's content."""
    # The libraries for charts and documents take a second to load, which other commands need not wait for.
    match form:
        case Format.HTML:
            from .page import write_page as write  # noqa: PLC0415
        case Format.DOCX:
            from .document import write_document as write  # noqa: PLC0415
        case Format.XLSX:
            from .workbook import write_workbook as write  # noqa: PLC0415
    return write(report, languages)


def check_target(target: Path, replace: bool) -> None:
    """Check that a file may be written there. Raises FileExists, FileNotFoundError."""
    if not target.parent.is_dir():
        raise FileNotFoundError(f"out: the folder {target.parent} does not exist; create it")
    if target.exists() and not replace:
        raise FileExists(f"out: {target} exists; name another file or give --replace")


def write_file(target: Path, content: bytes) -> None:
    """Write a temporary file and rename it, so that no reader sees half a file. Raises OSError."""
    with NamedTemporaryFile(dir=target.parent, prefix=f".{target.name}.", delete=False) as file:
        temporary = Path(file.name)
        try:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
            temporary.chmod(0o644)
            temporary.replace(target)
        except BaseException:
            temporary.unlink(missing_ok=True)
            raise
