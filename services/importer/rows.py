"""Reads the rows of a CSV or NDJSON file, each with its line number and text."""

import csv
from collections.abc import Iterator
from typing import Any, NamedTuple

import msgspec

from .errors import ImportRefused, RowInvalid
from .files import LINE_LIMIT, InputFile
from .loading import check_columns
from .mapping import Mapping
from .values import decode_json


class Row(NamedTuple):
    """A row; `line` is the number of its first line, from 1. If `problem` is set, the row is rejected."""

    line: int
    text: str
    values: dict[str, Any]
    problem: RowInvalid | None = None


def read_rows(file: InputFile, mapping: Mapping) -> Iterator[Row]:
    """All rows except blank ones. Raises ImportRefused for a header that does not match the mapping."""
    lines = file.read_lines(mapping.input.encoding)
    rows = _read_csv(lines, mapping) if mapping.input.format == "csv" else _read_ndjson(lines)
    return (row for row in rows if row.text.strip())


class _RowLines:
    """Passes lines to the CSV parser and remembers those of the current row."""

    def __init__(self, lines: Iterator[str]) -> None:
        self.count = 0
        self._lines = lines
        self._row: list[str] = []
        self._length = 0

    def __iter__(self) -> Iterator[str]:
        return self

    def __next__(self) -> str:
        line = next(self._lines)
        self.count += 1
        self._row.append(line)
        self._length += len(line)
        if self._length > LINE_LIMIT:
            raise csv.Error(f"longer than {LINE_LIMIT:,} characters")
        return line

    def finish_row(self) -> str:
        """Return the row's text without its last line end, and begin the next row."""
        text = "".join(self._row).rstrip("\r\n")
        self._row.clear()
        self._length = 0
        return text


def _read_csv(lines: Iterator[str], mapping: Mapping) -> Iterator[Row]:
    shape = mapping.input
    row_lines = _RowLines(lines)
    parser = csv.reader(
        row_lines, delimiter=shape.delimiter, strict=True, skipinitialspace=shape.delimiter != " "
    )
    columns = shape.columns or _read_header(parser, row_lines, mapping)
    while True:
        line = row_lines.count + 1
        try:
            cells = next(parser)
        except StopIteration:
            return
        except csv.Error as error:
            problem = RowInvalid(f"is not CSV: {error}", "correct the row, for example its quotes")
            yield Row(line, row_lines.finish_row(), {}, problem)
            continue
        text = row_lines.finish_row()
        yield Row(line, text, dict(zip(columns, cells, strict=False)), _find_problem(text, cells, columns))


def _read_header(parser: Iterator[list[str]], row_lines: _RowLines, mapping: Mapping) -> tuple[str, ...]:
    try:
        columns = tuple(cell.strip() for cell in next(parser, []))
    except csv.Error as error:
        raise ImportRefused(
            f"the header is not CSV: {error}; correct it, or list the columns in input.columns"
        ) from None
    row_lines.finish_row()
    if len(set(columns)) != len(columns):
        raise ImportRefused(
            "the header contains a column twice; list the columns in input.columns and skip the header "
            "with a [[skip]] rule"
        )
    if columns:
        check_columns(mapping, columns)
    return columns


def _find_problem(text: str, cells: list[str], columns: tuple[str, ...]) -> RowInvalid | None:
    if len(cells) != len(columns):
        return RowInvalid(
            f"has {len(cells)} columns instead of {len(columns)}",
            "correct the row; put a text that contains the delimiter in quotes",
        )
    return _find_encoding_problem(text)


def _find_encoding_problem(text: str) -> RowInvalid | None:
    if not text.isascii():
        try:
            text.encode()
        except UnicodeEncodeError:
            return RowInvalid(
                "contains bytes that are invalid in the file's encoding",
                "set input.encoding to the file's encoding",
            )
    return None


def _read_ndjson(lines: Iterator[str]) -> Iterator[Row]:
    for line, raw in enumerate(lines, 1):
        text = raw.rstrip("\r\n")
        if len(raw) > LINE_LIMIT:
            yield Row(line, text, {}, RowInvalid(f"is longer than {LINE_LIMIT:,} characters", "split it"))
            continue
        problem = _find_encoding_problem(text)
        if problem is None and text.strip():
            yield _read_ndjson_row(line, text)
        else:
            yield Row(line, text, {}, problem)


def _read_ndjson_row(line: int, text: str) -> Row:
    try:
        values = decode_json(text)
    except (msgspec.DecodeError, RecursionError) as error:
        return Row(line, text, {}, RowInvalid(f"is not JSON: {error}", "write one object per line"))
    if not isinstance(values, dict):
        return Row(line, text, {}, RowInvalid("is not an object", "write one object per line"))
    return Row(line, text, values)
