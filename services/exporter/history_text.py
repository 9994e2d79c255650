"""OpenMetrics text of many moments: buffered on disk, read back in the order that the format requires."""

import re
from collections.abc import Iterable, Iterator
from types import TracebackType
from typing import Self

import apsw
from prometheus_client import Metric
from prometheus_client.openmetrics.exposition import ALLOWUTF8, generate_latest
from prometheus_client.samples import Sample

from .pipeline import build_registry

_EOF = "# EOF\n"
_TABLE = "CREATE TABLE line (family INTEGER, series TEXT, at INTEGER, text TEXT)"
_ADD = "INSERT INTO line VALUES (?, ?, ?, ?)"
_ORDERED = "SELECT family, text FROM line ORDER BY family, series, at, rowid"


class OpenMetricsText:
    """Collects the metrics of one moment after another. A context manager: its file is deleted at the end.

    The format requires the series of a family to be together, and the moments of a series in order.
    """

    def __init__(self, labels: dict[str, str]) -> None:
        self._labels = labels
        self._heads: dict[str, tuple[int, str]] = {}
        # Without a name SQLite uses a private temporary file and deletes it with the connection.
        self._lines = apsw.Connection("")
        self._lines.execute(_TABLE)

    def add(self, metrics: Iterable[Metric], at_s: int) -> None:
        """Add the metrics of a Unix time in seconds."""
        with self._lines:
            for metric in metrics:
                self._lines.executemany(_ADD, self._write_lines(self._stamp(metric, at_s), at_s))

    def read_chunks(self) -> Iterator[str]:
        """The whole text, line by line; a family's comments come with its first line."""
        heads = dict(self._heads.values())
        for number, line in self._lines.execute(_ORDERED):
            yield heads.pop(number, "") + line
        yield _EOF

    def _stamp(self, metric: Metric, at_s: int) -> Metric:
        stamped = Metric(metric.name, metric.documentation, metric.type)
        stamped.samples = [
            Sample(sample.name, {**sample.labels, **self._labels}, sample.value, at_s)
            for sample in metric.samples
        ]
        return stamped

    def _write_lines(self, metric: Metric, at_s: int) -> Iterator[tuple[int, str, int, str]]:
        # Any other escaping turns the colons of recorded names into underscores.
        written: bytes = generate_latest(build_registry([metric]), ALLOWUTF8)  # type: ignore[no-untyped-call]
        comments, lines = _split(written.decode())
        number, _ = self._heads.setdefault(metric.name, (len(self._heads), comments))
        for sample, line in zip(metric.samples, lines, strict=True):
            yield number, _identify_series(sample), at_s, line

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._lines.close()


def _split(text: str) -> tuple[str, list[str]]:
    """The comments on a family, and the lines of its samples."""
    lines = re.findall(r".*\n", text.removesuffix(_EOF))
    comments = [line for line in lines if line.startswith("#")]
    return "".join(comments), lines[len(comments) :]


def _identify_series(sample: Sample) -> str:
    """The key of a series within a family; the quantiles of a summary share one key."""
    return repr(sorted((name, value) for name, value in sample.labels.items() if name != "quantile"))
