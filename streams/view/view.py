"""The merged view: the published cells, latest values and heads that a reader needs."""

from collections.abc import Iterator, Mapping

from tidemark.streams.contracts.civil import Civil, Grain
from tidemark.streams.contracts.family import Measure
from tidemark.streams.contracts.published import (
    NO_VALUE,
    CellKey,
    Head,
    Kind,
    Row,
    Vector,
    decode_head,
    decode_vector,
    encode_key,
    key_prefix,
)
from tidemark.streams.families.table import MEASURES, decode_key
from tidemark.streams.log.port import Page

from .cells import Cells, Where

Reach = Mapping[tuple[Measure, Grain], int | None]
"""The grains of the measures that a reader needs, and how many ms back from now; None is all."""

EVERYTHING: Reach = {
    (measure, retention.grain): None for measure in MEASURES for retention in measure.retentions
}
"""Everything that is kept."""

_EVERYWHERE: Where = {}


class View:
    """A merge of absolute totals: applying a page twice changes nothing.

    Cells outside `reach` are not held. Calls must not overlap; the caller ensures that.
    """

    def __init__(self, civil: Civil, reach: Reach) -> None:
        self.civil = civil
        self.generation = 0
        self.version = 0
        self.heads: dict[int, Head] = {}
        self.latest_values: dict[bytes, bytes] = {}
        self.latest_revision = 0
        self._reach = reach
        self._prefixes = {key_prefix(measure.name, grain.name.lower()) for measure, grain in reach}
        self._retentions_ms = {
            (measure, retention.grain): retention.keep_ms
            for measure in {measure for measure, _ in reach}
            for retention in measure.retentions
            if retention.keep_ms is not None and (measure, retention.grain) in reach
        }
        self._reached: dict[tuple[Measure, Grain], int] = {}
        self._cells = Cells()

    def __len__(self) -> int:
        """How many cells are held, each partition's own counted."""
        return len(self._cells)

    def apply(self, page: Page) -> None:
        """Merge published rows. A new generation replaces everything."""
        if page.generation != self.generation:
            self._reset(page.generation)
        for partition, row in page.rows:
            if row.kind is Kind.HEAD and row.value is not None:
                self._put_head(partition, decode_head(row.value))
        for partition, row in page.rows:
            if row.kind is Kind.CELL:
                self._put_cell(partition, row.key, row.value)
            elif row.kind is Kind.LATEST:
                self._put_latest(row.key, row.value)
        self.version = page.version

    def advance(self, now_ms: int) -> None:
        """Drop the cells that are out of reach by now.

        If the clock went back, dropped cells may be needed again: the next poll then asks for everything.
        """
        for kind, reach_ms in self._reach.items():
            if reach_ms is None:
                continue
            first = self.civil.periods(now_ms - reach_ms)[kind[1]]
            before = self._reached.get(kind)
            if first != before:
                self._reached[kind] = first
                self._cells.drop_before(kind, first)
            if before is not None and first < before:
                self.generation = self.version = 0

    def now_ms(self, wall_ms: int) -> int:
        """Now, or the time of the newest event if a simulated log runs ahead of the clock."""
        return max(wall_ms, *(head.watermark_ms for head in self.heads.values()), 0)

    def revision(self, measure: Measure) -> int:
        """A number that rises whenever a cell of the measure may have changed."""
        return self._cells.revision(measure)

    def sums(
        self,
        kind: tuple[Measure, Grain],
        periods: range,
        by: tuple[str, ...],
        where: Where = _EVERYWHERE,
        zeros: bool = False,
    ) -> dict[tuple[str, ...], Vector]:
        """Vectors by the values of the dimensions `by`, summed over everything else.

        Sums of zero are left out unless `zeros`. Raises ValueError for a dimension that the measure lacks.
        """
        return self._cells.sums(kind, periods, by, where, zeros)

    def total(self, kind: tuple[Measure, Grain], periods: range, where: Where = _EVERYWHERE) -> Vector:
        """The sum over the cells that match `where`; zeros if there are none."""
        return self.sums(kind, periods, (), where).get((), (0,) * len(kind[0].components))

    def periods(self, kind: tuple[Measure, Grain]) -> list[int]:
        """The periods that cells are held for, oldest first."""
        return self._cells.periods(kind)

    def list_cells(self) -> Iterator[tuple[CellKey, Vector]]:
        """Every cell that is held, summed over partitions."""
        for kind in self._reach:
            yield from self._cells.iterate_kind(kind)

    def read_partitions(self, key: CellKey) -> dict[int, Vector]:
        """The cell's vector in each partition that has one."""
        return {
            partition: decode_vector(value) for partition, value in self._cells.read_partitions(key).items()
        }

    def find_missing_cells(self, page: Page) -> Iterator[Row]:
        """The page's cells that are not held as they were published: of an unknown measure, out of
        reach, past their retention, or with a key written differently."""
        for partition, row in page.rows:
            if row.kind is Kind.CELL and row.value is not None and not self._holds(partition, row):
                yield row

    def _holds(self, partition: int, row: Row) -> bool:
        try:
            key = decode_key(row.key)
        except ValueError:
            return False
        return self._cells.read_partitions(key).get(partition) == row.value and encode_key(key) == row.key

    def _reset(self, generation: int) -> None:
        self.generation = generation
        self.heads.clear()
        self.latest_values.clear()
        self.latest_revision += 1
        self._cells.clear()

    def _put_head(self, partition: int, head: Head) -> None:
        before = self.heads.get(partition)
        self.heads[partition] = head
        for kind, keep_ms in self._retentions_ms.items():
            limit = self._first_kept(head, kind[1], keep_ms)
            if before is None or limit > self._first_kept(before, kind[1], keep_ms):
                self._cells.drop_lane_before(kind, limit, partition)

    def _first_kept(self, head: Head, grain: Grain, keep_ms: int) -> int:
        """The first period of the grain that the partition still keeps."""
        return self.civil.periods(head.watermark_ms - keep_ms)[grain]

    def _put_latest(self, key: bytes, value: bytes | None) -> None:
        self.latest_revision += 1
        if value is None or value == NO_VALUE:
            self.latest_values.pop(key, None)
        else:
            self.latest_values[key] = value

    def _put_cell(self, partition: int, raw: bytes, value: bytes | None) -> None:
        if raw[: raw.find(b",", raw.find(b",") + 1)] not in self._prefixes:
            return
        key = decode_key(raw)
        kind = (key.measure, key.grain)
        if key.period < self._reached.get(kind, key.period):
            return
        keep_ms = self._retentions_ms.get(kind)
        head = self.heads.get(partition)
        if keep_ms is not None and head and key.period < self._first_kept(head, key.grain, keep_ms):
            return
        self._cells.put(partition, key, value)


def build_view(page: Page, civil: Civil, reach: Reach) -> View:
    """The view of a page that holds everything."""
    view = View(civil, reach)
    view.apply(page)
    return view
