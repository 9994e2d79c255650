"""Finds the events that contribute to a cell."""

from collections.abc import Iterable, Iterator
from typing import NamedTuple

from tidemark.streams.contracts.envelope import Event
from tidemark.streams.contracts.identity import LogIdentity
from tidemark.streams.contracts.published import CellKey, Vector, add_vectors
from tidemark.streams.families.codec import decode

from .fold import PartitionFold


class Part(NamedTuple):
    """The vector that one event adds to a cell."""

    partition: int
    offset: int
    event: Event
    vector: Vector


class Explanation:
    """Folds one partition again and yields what each event adds to one cell."""

    def __init__(self, identity: LogIdentity, partition: int, cell: CellKey) -> None:
        self._fold = PartitionFold(identity, partition)
        self._partition = partition
        self._cell = cell

    def feed(self, records: Iterable[tuple[int, int, bytes]]) -> Iterator[Part]:
        """The parts among the next records of the partition, in the order of the log."""
        for record in records:
            self._fold.fold([record])
            vectors = [
                vector
                for measure, when, dimensions, vector in self._fold.take_contributions()
                if measure is self._cell.measure
                and when[self._cell.grain] == self._cell.period
                and dimensions == self._cell.dimensions
            ]
            if vectors:
                yield Part(self._partition, record[0], decode(record[2]), add_vectors(vectors))
