"""Running net sums. Contributions are gathered at a measure's finest grain and rolled up to the coarser
grains once per drain, which makes many events on one cell cheap."""

from collections.abc import Iterable, Iterator, Mapping
from operator import add

from tidemark.streams.contracts.civil import Civil, Grain, Periods
from tidemark.streams.contracts.facts import Contribution
from tidemark.streams.contracts.family import Measure, Retention
from tidemark.streams.contracts.published import (
    CellKey,
    Kind,
    Row,
    Vector,
    add_vectors,
    cell_rows,
    decode_vector,
    encode_key,
)
from tidemark.streams.families.table import MEASURES, RETENTIONS, decode_key

_SHORTEST_RETENTION_MS = min(retention.keep_ms for retention in RETENTIONS if retention.keep_ms is not None)

Slot = tuple[int, tuple[str, ...]]
"""(period, dimension values)"""
Gathered = dict[Slot, tuple[Periods, list[Vector]]]
Table = dict[int, dict[tuple[str, ...], Vector]]
"""period → dimension values → total"""


class Cells:
    """The cells of one partition."""

    def __init__(self, civil: Civil) -> None:
        self._civil = civil
        self._tables: dict[tuple[Measure, Grain], Table] = {
            (measure, retention.grain): {} for measure in MEASURES for retention in measure.retentions
        }
        self._dropped_before: dict[Retention, int] = {}
        self._gathered: dict[Measure, Gathered] = {measure: {} for measure in MEASURES}

    def add(self, contributions: Iterable[Contribution]) -> None:
        """Gather contributions until the next drain."""
        for measure, when, dimensions, vector in contributions:
            gathered = self._gathered[measure]
            slot = (when[measure.finest], dimensions)
            entry = gathered.get(slot)
            if entry is None:
                gathered[slot] = (when, [vector])
            else:
                entry[1].append(vector)

    def take_contributions(self) -> list[Contribution]:
        """Take out the gathered contributions, without adding them to the totals."""
        contributions = [
            (measure, when, dimensions, vector)
            for measure, gathered in self._gathered.items()
            for (_, dimensions), (when, vectors) in gathered.items()
            for vector in vectors
        ]
        self._clear()
        return contributions

    def drain_changes(self, watermark_ms: int) -> list[Row]:
        """Add the gathered contributions to the totals, and drop periods past their retention.

        Returns the changes, as absolute totals. A contribution to a period past its retention is
        dropped here and not when it was gathered, with the same result: the period would be gone
        by now.
        """
        floors = self._compute_floors(watermark_ms)
        rows: list[Row] = []
        for measure, gathered in self._gathered.items():
            if gathered:
                rows += self._drain_measure(measure, gathered, floors)
        self._clear()
        return rows + self._expire(floors)

    def misses_a_period(self, contributions: Iterable[Contribution], watermark_ms: int) -> bool:
        """Whether a contribution comes too late for a period it belongs to."""
        old = (watermark_ms - _SHORTEST_RETENTION_MS) // 60_000
        for _, when, _, _ in contributions:
            if when[0] < old:
                break
        else:
            return False
        floors = self._compute_floors(watermark_ms)
        return any(
            when[retention.grain] < floors[retention]
            for measure, when, _, _ in contributions
            for retention in measure.retentions
        )

    def restore(self, rows: Iterable[Row]) -> None:
        """Take over published cells."""
        for row in rows:
            if row.value is not None:
                measure, grain, period, dimensions = decode_key(row.key)
                table = self._tables[measure, grain]
                table.setdefault(period, {})[dimensions] = decode_vector(row.value)

    def __len__(self) -> int:
        return sum(len(cells) for table in self._tables.values() for cells in table.values())

    def _clear(self) -> None:
        self._gathered = {measure: {} for measure in MEASURES}

    def _compute_floors(self, watermark_ms: int) -> dict[Retention, int]:
        """For each retention, the first period that is still kept."""
        return {
            retention: -1
            if retention.keep_ms is None or watermark_ms < retention.keep_ms
            else self._civil.periods(watermark_ms - retention.keep_ms)[retention.grain]
            for retention in RETENTIONS
        }

    def _drain_measure(
        self, measure: Measure, gathered: Gathered, floors: Mapping[Retention, int]
    ) -> Iterator[Row]:
        """Grain by grain, each from the sums of the finer grain before it."""
        for retention in measure.retentions:
            grain = int(retention.grain)
            if grain != measure.finest:
                gathered = _roll_up(gathered, grain)
            table = self._tables[measure, retention.grain]
            yield from cell_rows(measure, retention.grain, _add_sums(table, gathered, floors[retention]))

    def _expire(self, floors: dict[Retention, int]) -> list[Row]:
        if floors == self._dropped_before:
            return []
        self._dropped_before = floors
        rows = []
        for measure in MEASURES:
            for retention in measure.retentions:
                table = self._tables[measure, retention.grain]
                for period in [period for period in table if period < floors[retention]]:
                    for dimensions in table.pop(period):
                        key = CellKey(measure, retention.grain, period, dimensions)
                        rows.append(Row(Kind.CELL, encode_key(key), None))
        return rows


def _add_sums(table: Table, gathered: Gathered, floor: int) -> dict[Slot, Vector]:
    """Add each slot's sum to its total; in `gathered`, the sum replaces the vectors that were added up."""
    totals = {}
    for slot, (_, vectors) in gathered.items():
        if len(vectors) > 1:
            vectors[:] = (add_vectors(vectors),)
        period, dimensions = slot
        if period < floor:
            continue
        by_dimensions = table.get(period)
        if by_dimensions is None:
            by_dimensions = table[period] = {}
        old = by_dimensions.get(dimensions)
        delta = vectors[0]
        # Not add_vectors: for two vectors, as here for every changed cell, map is twice as fast.
        totals[slot] = by_dimensions[dimensions] = delta if old is None else tuple(map(add, old, delta))
    return totals


def _roll_up(gathered: Gathered, grain: int) -> Gathered:
    """Gather the sums by the periods of a coarser grain."""
    coarser: Gathered = {}
    for (_, dimensions), (when, (delta,)) in gathered.items():
        slot = (when[grain], dimensions)
        entry = coarser.get(slot)
        if entry is None:
            coarser[slot] = (when, [delta])
        else:
            entry[1].append(delta)
    return coarser
