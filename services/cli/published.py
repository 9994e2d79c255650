"""The published state as commands need it: cells summed over partitions, records, heads."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from operator import add

import msgspec

from tidemark.streams.contracts.published import (
    NO_RECORD,
    Head,
    Kind,
    Row,
    Vector,
    decode_head,
    decode_vector,
)
from tidemark.streams.log.state import StateReader


@dataclass
class Published:
    """`cells` and `records` by key; `heads` by partition."""

    cells: dict[bytes, Vector] = field(default_factory=dict)
    records: dict[bytes, object] = field(default_factory=dict)
    heads: dict[int, Head] = field(default_factory=dict)

    def positions(self, partitions: int) -> list[int]:
        """For each partition the offset up to which the totals stand."""
        return [self.heads[p].position if p in self.heads else 0 for p in range(partitions)]

    def folded(self, partitions: int) -> list[int]:
        """For each partition how many records were taken in, whatever became of them."""
        return [_taken(self.heads[p]) if p in self.heads else 0 for p in range(partitions)]

    def counts(self) -> dict[str, dict[str, int]]:
        """Accepted and duplicate events by family."""
        found: dict[str, dict[str, int]] = {}
        for head in self.heads.values():
            for family, feed in head.feeds.items():
                counts = found.setdefault(family, {"accepted": 0, "duplicate": 0})
                counts["accepted"] += feed.accepted
                counts["duplicate"] += feed.duplicate
        return found

    def dead(self) -> dict[str, int]:
        """Dead letters by reason."""
        found: dict[str, int] = {}
        for head in self.heads.values():
            for reason, count in head.dead.items():
                found[reason] = found.get(reason, 0) + count
        return found


def _taken(head: Head) -> int:
    return sum(head.dead.values()) + sum(feed.accepted + feed.duplicate for feed in head.feeds.values())


def gather(rows: Iterable[tuple[int, Row]]) -> Published:
    """Sum cells over partitions; later rows of other kinds replace earlier ones."""
    found = Published()
    for partition, (kind, key, value) in rows:
        if value is None:
            continue
        if kind is Kind.CELL:
            vector = decode_vector(value)
            known = found.cells.get(key)
            found.cells[key] = vector if known is None else tuple(map(add, known, vector))
        elif kind is Kind.RECORD and value != NO_RECORD:
            found.records[key] = msgspec.json.decode(value)
        elif kind is Kind.HEAD:
            found.heads[partition] = decode_head(value)
    return found


async def read_published(reader: StateReader) -> Published:
    """All that is published now, of one moment."""
    page = await reader.poll(0, 0)
    return gather(page.rows)
