"""Running net sums. Contributions gather at a measure's finest grain; the coarser grains are
rolled up once per settling, which is what makes many events on one cell cheap."""

from collections.abc import Iterable
from operator import add

from streams.contracts.civil import Civil, Grain, Periods
from streams.contracts.measures import KEPT, MEASURES, Kept, Measure
from streams.contracts.published import (
    CellKey,
    Kind,
    Row,
    Vector,
    decode_key,
    decode_vector,
    encode_key,
    encode_vector,
)

from .contribution import Contribution

_SHORTEST_LIFETIME_MS = min(kept.lifetime_ms for kept in KEPT if kept.lifetime_ms is not None)

Table = dict[int, dict[tuple[str, ...], Vector]]
"""period → dimension values → total"""


class Cells:
    """The cells of one partition."""

    def __init__(self, civil: Civil) -> None:
        self._civil = civil
        self._tables: dict[tuple[Measure, Grain], Table] = {
            (measure, kept.grain): {} for measure in MEASURES for kept in measure.kept
        }
        self._dropped_before: dict[Kept, int] = {}
        self._pending: dict[tuple[Measure, int, tuple[str, ...]], tuple[Periods, list[Vector]]] = {}

    def add(self, contributions: Iterable[Contribution]) -> None:
        """Gather contributions until the next settling."""
        pending = self._pending
        for measure, when, dimensions, vector in contributions:
            key = (measure, when[measure.finest], dimensions)
            known = pending.get(key)
            if known is None:
                pending[key] = (when, [vector])
            else:
                known[1].append(vector)

    def drain(self) -> list[Contribution]:
        """Take out what was gathered, without adding it to the totals."""
        gathered = [
            (measure, when, dimensions, vector)
            for (measure, _, dimensions), (when, vectors) in self._pending.items()
            for vector in vectors
        ]
        self._pending.clear()
        return gathered

    def settle(self, watermark_ms: int) -> list[Row]:
        """Add what was gathered to the totals, drop periods past their lifetime.

        Returns what changed, as absolute totals. That a contribution to a period past its
        lifetime is judged here and not when it was gathered changes nothing: the period would
        be gone by now.
        """
        floors = self._floors(watermark_ms)
        changed: dict[CellKey, Vector] = {}
        for (measure, _, dimensions), (when, vectors) in self._pending.items():
            delta = vectors[0] if len(vectors) == 1 else tuple(map(sum, zip(*vectors, strict=True)))
            for kept in measure.kept:
                period = when[kept.grain]
                if period < floors[kept]:
                    continue
                by_dimensions = self._tables[measure, kept.grain].setdefault(period, {})
                old = by_dimensions.get(dimensions)
                total = delta if old is None else tuple(map(add, old, delta))
                by_dimensions[dimensions] = total
                changed[CellKey(measure, kept.grain, period, dimensions)] = total
        self._pending.clear()
        rows = [Row(Kind.CELL, encode_key(key), encode_vector(total)) for key, total in changed.items()]
        return rows + self._expire(floors)

    def misses_a_period(self, contributions: Iterable[Contribution], watermark_ms: int) -> bool:
        """Whether a contribution comes too late for a period it belongs to."""
        old = (watermark_ms - _SHORTEST_LIFETIME_MS) // 60_000
        for _, when, _, _ in contributions:
            if when[Grain.MINUTE] < old:
                break
        else:
            return False
        floors = self._floors(watermark_ms)
        return any(
            when[kept.grain] < floors[kept] for measure, when, _, _ in contributions for kept in measure.kept
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

    def _floors(self, watermark_ms: int) -> dict[Kept, int]:
        """The first period that is still kept, for every way of keeping."""
        return {
            kept: -1
            if kept.lifetime_ms is None or watermark_ms < kept.lifetime_ms
            else self._civil.periods(watermark_ms - kept.lifetime_ms)[kept.grain]
            for kept in KEPT
        }

    def _expire(self, floors: dict[Kept, int]) -> list[Row]:
        if floors == self._dropped_before:
            return []
        self._dropped_before = floors
        rows = []
        for measure in MEASURES:
            for kept in measure.kept:
                table = self._tables[measure, kept.grain]
                for period in [period for period in table if period < floors[kept]]:
                    for dimensions in table.pop(period):
                        key = CellKey(measure, kept.grain, period, dimensions)
                        rows.append(Row(Kind.CELL, encode_key(key), None))
        return rows
