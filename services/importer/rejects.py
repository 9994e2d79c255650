"""The file of rejected rows: each with its line, field, problem and remedy."""

import csv
import json
from pathlib import Path
from types import TracebackType
from typing import TextIO

from .errors import ImportRefused, RowInvalid
from .rows import Row

_COLUMNS = ("line", "field", "problem", "remedy", "row")


def describe_reject(row: Row, problem: RowInvalid) -> dict[str, int | str]:
    """A rejected row by column of the file; bytes that cannot be decoded are written as \\x.. or \\u...."""
    text = row.text.encode(errors="backslashreplace").decode()
    values = (row.line, problem.field, problem.problem, problem.remedy, text)
    return dict(zip(_COLUMNS, values, strict=True))


class RejectFile:
    """The file is overwritten by each run, which reads all rows, and created with the first rejected row.

    It is NDJSON if its name ends in .ndjson, CSV otherwise. The column `row` holds the original row.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        self._out: TextIO | None = None

    def write(self, row: Row, problem: RowInvalid) -> None:
        """Add a row. Raises ImportRefused if the file cannot be created."""
        rejected = describe_reject(row, problem)
        if self.path.suffix == ".ndjson":
            self._open().write(json.dumps(rejected, ensure_ascii=False) + "\n")
        else:
            csv.writer(self._open()).writerow(rejected.values())

    def _open(self) -> TextIO:
        if self._out is None:
            try:
                self._out = self.path.open("w", encoding="utf-8", newline="")
            except OSError as error:
                raise ImportRefused(
                    f"{self.path}: cannot be written ({error.strerror}); choose another file with --rejects"
                ) from None
            if self.path.suffix != ".ndjson":
                csv.writer(self._out).writerow(_COLUMNS)
        return self._out

    def __enter__(self) -> "RejectFile":
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._out is not None:
            self._out.close()
