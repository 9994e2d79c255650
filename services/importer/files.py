"""The file to import, which is read twice: for its digest, and for its rows."""

import codecs
import gzip
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from hashlib import file_digest
from io import BufferedReader, TextIOWrapper
from pathlib import Path
from typing import TextIO

from .errors import ImportRefused

LINE_LIMIT = 1 << 20
"""Characters of a line; longer lines are truncated and their rows rejected, so memory is bounded."""

_GZIP_MAGIC = b"\x1f\x8b"


class InputFile:
    """A plain or gzip file, recognised by its first two bytes and not by its name."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._raw: BufferedReader | None = None

    def read_version(self) -> tuple[int, int]:
        """Size in bytes on the disk and time of the last change in ns. Raises ImportRefused."""
        try:
            stat = self.path.stat()
            return stat.st_size, stat.st_mtime_ns
        except OSError as error:
            raise self._refuse(error) from None

    def compute_digest(self) -> str:
        """SHA-256 of the uncompressed content, so that a file and its gzip are the same import.

        Raises ImportRefused if the file cannot be read to its end.
        """
        try:
            with self._open() as content:
                return file_digest(content, "sha256").hexdigest()
        except (EOFError, zlib.error, gzip.BadGzipFile):
            raise ImportRefused(
                f"{self.path}: the gzip file is damaged or incomplete; download it again"
            ) from None
        except OSError as error:
            raise self._refuse(error) from None

    def read_lines(self, encoding: str) -> Iterator[str]:
        """The lines with their line ends, at most LINE_LIMIT + 1 characters of each. Bytes that are
        invalid in the encoding become lone surrogates."""
        name = "utf-8-sig" if codecs.lookup(encoding).name == "utf-8" else encoding
        with (
            self._open() as content,
            TextIOWrapper(content, name, errors="surrogateescape", newline="") as text,
        ):
            while line := text.readline(LINE_LIMIT + 1):
                yield line
                if len(line) > LINE_LIMIT:
                    _skip_line(text, line)

    def count_bytes_read(self) -> int:
        """The number of bytes read so far, of the file on the disk."""
        return 0 if self._raw is None or self._raw.closed else self._raw.tell()

    def _refuse(self, error: OSError) -> ImportRefused:
        return ImportRefused(
            f"{self.path}: cannot be read ({error.strerror}); check the path and its permissions"
        )

    @contextmanager
    def _open(self) -> Iterator[BufferedReader | gzip.GzipFile]:
        with self.path.open("rb") as raw:
            self._raw = raw
            if raw.peek(2)[:2] == _GZIP_MAGIC:
                with gzip.open(raw) as content:
                    yield content
            else:
                yield raw


def _skip_line(text: TextIO, line: str) -> None:
    while line and not line.endswith(("\n", "\r")):
        line = text.readline(LINE_LIMIT)
