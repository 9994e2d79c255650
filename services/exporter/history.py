"""Past days as the exporter would have shown them at their end."""

from collections import defaultdict
from collections.abc import Iterator
from typing import NamedTuple

from msgspec.structs import replace
from prometheus_client import Metric
from prometheus_client.samples import Sample

from tidemark.services.plan import Plan
from tidemark.streams.contracts.civil import Civil, Grain
from tidemark.streams.contracts.family import SECOND, Measure
from tidemark.streams.contracts.published import (
    HEAD_KEY,
    CellKey,
    Head,
    Kind,
    Row,
    Vector,
    add_vectors,
    decode_head,
    decode_vector,
    encode_head,
    encode_key,
    encode_vector,
)
from tidemark.streams.families.table import decode_key
from tidemark.streams.log.port import Page
from tidemark.streams.view.view import Reach, View

from .recordings import RECORDINGS
from .rendering import Rendering, build_exporter_reach

Rows = list[tuple[int, Row]]
_Month = dict[tuple[int, Measure, tuple[str, ...]], Vector]


class Days:
    """The state that the ledger would have published by the end of each day, from today's knowledge.

    A month grows with its days; the month of a measure without daily cells appears on its last day.
    All latest values are in the first page that is read: their timelines show from when an
    entry holds. A feed counts as fresh at the end of a day if it has later events.
    """

    def __init__(self, page: Page, civil: Civil, reach: Reach) -> None:
        self._civil = civil
        self._generation = page.generation
        self._monthly = {measure for measure, grain in reach if grain is Grain.MONTH}
        self._heads: dict[int, Head] = {}
        self._records: Rows = []
        self._due: defaultdict[int, Rows] = defaultdict(list)
        self._months: dict[int, _Month] = {}
        for partition, row in page.rows:
            self._take(partition, row, reach)
        self._ahead = sorted(self._due, reverse=True)

    @property
    def first(self) -> int | None:
        """The first day that has a cell; None without cells."""
        return self._ahead[-1] if self._ahead else None

    def read_until(self, day: int, moment_ms: int) -> Page:
        """What was added since the day read before, up to `moment_ms` of this day. Days must be read in
        order."""
        rows = [
            *self._records,
            *((partition, _cut_head(head, moment_ms)) for partition, head in self._heads.items()),
        ]
        self._records = []
        while self._ahead and self._ahead[-1] <= day:
            then = self._ahead.pop()
            due = self._due.pop(then)
            rows += due
            self._grow(self._months.setdefault(self._find_month(then), {}), due)
        rows += self._grow_cells(day)
        return Page(self._generation, day, rows)

    def _take(self, partition: int, row: Row, reach: Reach) -> None:
        if row.value is None:
            return
        if row.kind is Kind.HEAD:
            self._heads[partition] = decode_head(row.value)
        elif row.kind is Kind.LATEST:
            self._records.append((partition, row))
        elif row.kind is Kind.CELL:
            key = decode_key(row.key)
            if self._is_needed(key, reach):
                self._due[self._find_day(key)].append((partition, row))

    def _is_needed(self, key: CellKey, reach: Reach) -> bool:
        if key.grain is Grain.MONTH and _is_kept_by_days(key.measure):
            return False
        return (key.measure, key.grain) in reach or (key.grain is Grain.DAY and key.measure in self._monthly)

    def _find_day(self, key: CellKey) -> int:
        """The day at the end of which the cell is complete."""
        if key.grain is Grain.DAY:
            return key.period
        last_ms = self._civil.end_ms(key.grain, key.period) - 1
        return self._civil.periods(last_ms)[Grain.DAY]

    def _grow(self, month: _Month, due: Rows) -> None:
        for partition, row in due:
            key = decode_key(row.key)
            if key.grain is Grain.DAY and key.measure in self._monthly and row.value is not None:
                at = (partition, key.measure, key.dimensions)
                vector = decode_vector(row.value)
                month[at] = add_vectors((month[at], vector)) if at in month else vector

    def _grow_cells(self, day: int) -> Iterator[tuple[int, Row]]:
        """The cells of the months that may have changed since the last call; drops complete months."""
        for month, sums in self._months.items():
            for (partition, measure, dimensions), vector in sums.items():
                key = CellKey(measure, Grain.MONTH, month, dimensions)
                yield partition, Row(Kind.CELL, encode_key(key), encode_vector(vector))
        current = self._find_month(day)
        self._months = {month: sums for month, sums in self._months.items() if month >= current}

    def _find_month(self, day: int) -> int:
        return self._civil.periods(self._civil.start_ms(Grain.DAY, day))[Grain.MONTH]


def _is_kept_by_days(measure: Measure) -> bool:
    return any(kept.grain is Grain.DAY and kept.keep_ms is None for kept in measure.retentions)


def _cut_head(head: Head, moment_ms: int) -> Row:
    """The head, with no time after `moment_ms`."""
    feeds = {
        name: replace(feed, newest_ms=min(feed.newest_ms, moment_ms)) for name, feed in head.feeds.items()
    }
    earlier = replace(head, watermark_ms=min(head.watermark_ms, moment_ms), feeds=feeds)
    return Row(Kind.HEAD, HEAD_KEY, encode_head(earlier))


class Moment(NamedTuple):
    """The metrics at a Unix time in seconds."""

    at_s: int
    metrics: list[Metric]


class History:
    """A published state replayed day by day through the exporter's own view and metrics."""

    def __init__(self, page: Page, civil: Civil, plan: Plan, label_budget: int) -> None:
        reach = build_exporter_reach()
        self._view = View(civil, reach)
        self._days = Days(page, civil, reach)
        self._rendering = Rendering(self._view, plan, label_budget)

    @property
    def first(self) -> int | None:
        """The first day with a cell, as a period; None without cells."""
        return self._days.first

    def replay(self, days: range) -> Iterator[Moment]:
        """The metrics at the last second of each day. Call it only once: the view cannot go back."""
        for day in days:
            now_ms = self._view.civil.end_ms(Grain.DAY, day) - SECOND
            self._view.advance(now_ms)
            self._view.apply(self._days.read_until(day, now_ms))
            metrics = [
                metric for part in self._rendering.list_parts(now_ms) for metric in part.build().metrics
            ]
            yield Moment(now_ms // SECOND, [*metrics, *_record_amounts(metrics)])


def _record_amounts(metrics: list[Metric]) -> Iterator[Metric]:
    """The amounts that the recording rules would have recorded."""
    by_name = {metric.name: metric for metric in metrics}
    for row in RECORDINGS:
        if row.source in by_name:
            metric = Metric(row.name, f"{row.source} ÷ {row.yuan}", "gauge")
            metric.samples = [
                Sample(row.name, sample.labels, sample.value / row.yuan)
                for sample in by_name[row.source].samples
            ]
            yield metric
