"""The cells of many partitions, stored compactly and summed when they are read."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping

from tidemark.streams.contracts.civil import Grain
from tidemark.streams.contracts.family import Measure
from tidemark.streams.contracts.published import CellKey, Vector, add_vectors, decode_vector

Kind = tuple[Measure, Grain]

Where = Mapping[str, frozenset[str]]
"""For some dimensions, the values that count."""

_Lanes = dict[int, dict[tuple[str, ...], bytes]]


class Cells:
    """For each measure, grain, period and partition: dimensions → the vector as published.

    A vector stays in the bytes it was published as, which take a third of a tuple's memory and are
    nothing for the cyclic collector to visit; equal dimensions share a tuple.
    """

    def __init__(self) -> None:
        self._slots: defaultdict[Kind, dict[int, _Lanes]] = defaultdict(dict)
        self._shared: dict[tuple[str, ...], tuple[str, ...]] = {}
        self._revisions: dict[Measure, int] = {}

    def __len__(self) -> int:
        """How many cells are held, each partition's own counted."""
        return sum(
            len(lane) for slots in self._slots.values() for at in slots.values() for lane in at.values()
        )

    def revision(self, measure: Measure) -> int:
        """A number that rises whenever a cell of the measure may have changed."""
        return self._revisions.get(measure, 0)

    def put(self, partition: int, key: CellKey, value: bytes | None) -> None:
        """Replace the partition's value of the cell; None removes it."""
        lanes = self._slots[key.measure, key.grain].setdefault(key.period, {})
        lane = lanes.setdefault(partition, {})
        if value is None:
            lane.pop(key.dimensions, None)
        else:
            lane[self._shared.setdefault(key.dimensions, key.dimensions)] = value
        self._touch(key.measure)

    def drop_before(self, kind: Kind, period: int) -> None:
        """Forget the older periods."""
        slots = self._slots[kind]
        for old in [at for at in slots if at < period]:
            del slots[old]
            self._touch(kind[0])

    def drop_lane_before(self, kind: Kind, period: int, partition: int) -> None:
        """Forget a partition's part of the older periods."""
        slots = self._slots[kind]
        for old in [at for at, lanes in slots.items() if at < period and partition in lanes]:
            del slots[old][partition]
            if not slots[old]:
                del slots[old]
            self._touch(kind[0])

    def clear(self) -> None:
        """Forget everything."""
        for measure, _ in self._slots:
            self._touch(measure)
        self._slots.clear()
        self._shared.clear()

    def iterate_kind(self, kind: Kind) -> Iterator[tuple[CellKey, Vector]]:
        """Every cell of a kind, summed over partitions."""
        for period, lanes in self._slots[kind].items():
            vectors: defaultdict[tuple[str, ...], list[Vector]] = defaultdict(list)
            for lane in lanes.values():
                for dimensions, raw in lane.items():
                    vectors[dimensions].append(decode_vector(raw))
            for dimensions, parts in vectors.items():
                yield CellKey(*kind, period, dimensions), add_vectors(parts)

    def read_partitions(self, key: CellKey) -> dict[int, bytes]:
        """The cell's vector in each partition that has one, as published."""
        lanes = self._slots[key.measure, key.grain].get(key.period, {})
        return {
            partition: lane[key.dimensions] for partition, lane in lanes.items() if key.dimensions in lane
        }

    def sums(
        self, kind: Kind, periods: range, by: tuple[str, ...], where: Where, zeros: bool
    ) -> dict[tuple[str, ...], Vector]:
        """Vectors by the values of the dimensions `by`, summed over everything else.

        Sums of zero are left out unless `zeros`. Raises ValueError for a dimension that the measure lacks.
        """
        names = [dimension.name for dimension in kind[0].dimensions]
        indices = [names.index(name) for name in by]
        conditions = [(names.index(name), values) for name, values in where.items()]
        groups: defaultdict[tuple[str, ...], list[Vector]] = defaultdict(list)
        slots = self._slots[kind]
        # Visit whichever are fewer: one quarter-hour of thousands may be asked for, or thirty days of ten.
        few = len(periods) < len(slots)
        visited: Iterable[int] = periods if few else [at for at in slots if at in periods]
        for period in visited:
            for lane in slots.get(period, {}).values():
                for dimensions, raw in lane.items():
                    if conditions and not all(dimensions[at] in values for at, values in conditions):
                        continue
                    groups[tuple([dimensions[at] for at in indices])].append(decode_vector(raw))
        sums = ((key, add_vectors(vectors)) for key, vectors in groups.items())
        return {key: vector for key, vector in sums if zeros or any(vector)}

    def periods(self, kind: Kind) -> list[int]:
        """The periods that cells are held for, oldest first."""
        return sorted(period for period, lanes in self._slots[kind].items() if any(lanes.values()))

    def _touch(self, measure: Measure) -> None:
        self._revisions[measure] = self._revisions.get(measure, 0) + 1
