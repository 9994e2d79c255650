"""Running net sums. Contributions gather at a measure's finest grain; the coarser grains are
rolled up once per settling, which is what makes many events on one cell cheap."""

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

_SHORTEST_RETENTION_MS = min(kept.keep_ms for kept in RETENTIONS if kept.keep_ms is not None)

Place = tuple[int, tuple[str, ...]]
"""(period, dimension values)"""
Gathered = dict[Place, tuple[Periods, list[Vector]]]
Table = dict[int, dict[tuple[str, ...], Vector]]
"""period → dimension values → total"""


class Cells:
    """The cells of one partition."""

    def __init__(self, civil: Civil) -> None:
        self._civil = civil
        self._tables: dict[tuple[Measure, Grain], Table] = {
            (measure, kept.grain): {} for measure in MEASURES for kept in measure.retentions
        }
        self._dropped_before: dict[Retention, int] = {}
        self._gathered: dict[Measure, Gathered] = {measure: {} for measure in MEASURES}

    def add(self, contributions: Iterable[Contribution]) -> None:
        """Gather contributions until the next settling."""
        for measure, when, dimensions, vector in contributions:
            gathered = self._gathered[measure]
            place = (when[measure.finest], dimensions)
            entry = gathered.get(place)
            if entry is None:
                gathered[place] = (when, [vector])
            else:
                entry[1].append(vector)

    def take_contributions(self) -> list[Contribution]:
        """Take out what was gathered, without adding it to the totals."""
        taken = [
            (measure, when, dimensions, vector)
            for measure, gathered in self._gathered.items()
            for (_, dimensions), (when, vectors) in gathered.items()
            for vector in vectors
        ]
        self._clear()
        return taken

    def drain_changes(self, watermark_ms: int) -> list[Row]:
        """Add what was gathered to the totals, drop periods past their lifetime.

        Returns what changed, as absolute totals. That a contribution to a period past its
        lifetime is judged here and not when it was gathered changes nothing: the period would
        be gone by now.
        """
        floors = self._floors(watermark_ms)
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
        floors = self._floors(watermark_ms)
        return any(
            when[kept.grain] < floors[kept]
            for measure, when, _, _ in contributions
            for kept in measure.retentions
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

    def _floors(self, watermark_ms: int) -> dict[Retention, int]:
        """The first period that is still kept, for every way of keeping."""
        return {
            kept: -1
            if kept.keep_ms is None or watermark_ms < kept.keep_ms
            else self._civil.periods(watermark_ms - kept.keep_ms)[kept.grain]
            for kept in RETENTIONS
        }

    def _drain_measure(
        self, measure: Measure, gathered: Gathered, floors: Mapping[Retention, int]
    ) -> Iterator[Row]:
        """Grain by grain, each from the sums of the one before."""
        for kept in measure.retentions:
            grain = int(kept.grain)
            if grain != measure.finest:
                gathered = _coarser(gathered, grain)
            table = self._tables[measure, kept.grain]
            yield from cell_rows(measure, kept.grain, _add_sums(table, gathered, floors[kept]))

    def _expire(self, floors: dict[Retention, int]) -> list[Row]:
        if floors == self._dropped_before:
            return []
        self._dropped_before = floors
        rows = []
        for measure in MEASURES:
            for kept in measure.retentions:
                table = self._tables[measure, kept.grain]
                for period in [period for period in table if period < floors[kept]]:
                    for dimensions in table.pop(period):
                        key = CellKey(measure, kept.grain, period, dimensions)
                        rows.append(Row(Kind.CELL, encode_key(key), None))
        return rows


def _add_sums(table: Table, gathered: Gathered, floor: int) -> dict[Place, Vector]:
    """Add each place's sum to its total, leaving the sum in place of what it was summed from."""
    totals = {}
    for place, (_, vectors) in gathered.items():
        if len(vectors) > 1:
            vectors[:] = (add_vectors(vectors),)
        period, dimensions = place
        if period < floor:
            continue
        by_dimensions = table.get(period)
        if by_dimensions is None:
            by_dimensions = table[period] = {}
        old = by_dimensions.get(dimensions)
        delta = vectors[0]
        # Not add_vectors: of two, as here for every cell that changes, map is twice as fast.
        totals[place] = by_dimensions[dimensions] = delta if old is None else tuple(map(add, old, delta))
    return totals


def _coarser(gathered: Gathered, grain: int) -> Gathered:
    """The same sums, gathered by the periods of a coarser grain."""
    rolled: Gathered = {}
    for (_, dimensions), (when, (delta,)) in gathered.items():
        place = (when[grain], dimensions)
        entry = rolled.get(place)
        if entry is None:
            rolled[place] = (when, [delta])
        else:
            entry[1].append(delta)
    return rolled
