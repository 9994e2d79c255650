"""The rows that the ledger publishes and every reader decodes: heads, cells, latest values, dead letters."""

from collections.abc import Iterable, Mapping
from enum import IntEnum
from typing import Generic, NamedTuple, TypeVar

import msgspec

from tidemark.streams.contracts.family import Measure

from .civil import GRAIN_NAMES, Grain, format_period


class Kind(IntEnum):
    """The kinds of rows in the published state. The head holds the position that the others reflect."""

    HEAD = 0
    CELL = 1
    LATEST = 2
    ENTITY = 3
    DEAD = 4


class Row(NamedTuple):
    """An entry of a partition's state, a map (kind, key) → value; a row without a value deletes its key."""

    kind: Kind
    key: bytes
    value: bytes | None


class Feed(msgspec.Struct):
    """Counts of one family's records in a partition since the log began.

    `newest_ms`: the greatest event time accepted, 0 before the first. Of the accepted records, `late`
    came later than usual and `expired` after the retention of a period or entity that they change.
    """

    newest_ms: int = 0
    accepted: int = 0
    duplicate: int = 0
    late: int = 0
    expired: int = 0
    future: int = 0


class Head(msgspec.Struct):
    """The position that a partition's cells and latest values reflect, and its counts.

    `position`: the offset to read next. `watermark_ms`: the greatest accepted event time.
    `arrival_ms`: the last record's arrival. `segments` (stored as `generations`): for the current
    and the previous segment of remembered ids, its number and its first record's arrival, newest first.
    `dead`: dead letters by reason.
    """

    fold_version: int
    position: int = 0
    watermark_ms: int = 0
    arrival_ms: int = 0
    segments: tuple[tuple[int, int], ...] = msgspec.field(default=(), name="generations")
    feeds: dict[str, Feed] = {}
    dead: dict[str, int] = {}


T = TypeVar("T")


class LatestFact(msgspec.Struct, Generic[T], gc=False):
    """A fact as published: its time, subject and payload.

    The latest value of an activity or a figure is the last of its facts.
    """

    time_ms: int
    subject: str
    data: T


class Timeline(msgspec.Struct, Generic[T]):
    """The latest value of a registry entry: its facts by the day from which they hold, oldest first."""

    timeline: list[LatestFact[T]]


class CellKey(NamedTuple):
    """Identifies a cell; dimension values are in the measure's order."""

    measure: Measure
    grain: Grain
    period: int
    dimensions: tuple[str, ...]


Vector = tuple[int, ...]

HEAD_KEY = b"head"
NO_VALUE = b"null"
"""The latest value after all facts were retracted: readers receive values, not deletions."""

_encode = msgspec.json.Encoder().encode
encode_vector = encode_head = _encode
"""A vector as [12,9,1,60]; a head as a JSON object."""
decode_vector = msgspec.json.Decoder(Vector).decode
decode_head = msgspec.json.Decoder(Head).decode


def encode_key(key: CellKey) -> bytes:
    """["footfall.place","day","2026-01-01","mall.coco_park"]"""
    period = format_period(key.grain, key.period)
    return _encode((key.measure.name, GRAIN_NAMES[key.grain], period, *key.dimensions))


def cell_rows(
    measure: Measure, grain: Grain, totals: Mapping[tuple[int, tuple[str, ...]], Vector]
) -> list[Row]:
    """The rows that publish `totals`, given by (period, dimension values)."""
    name, grain_name = measure.name, GRAIN_NAMES[grain]
    periods = {period: format_period(grain, period) for period in {period for period, _ in totals}}
    return [
        Row(Kind.CELL, _encode((name, grain_name, periods[period], *dimensions)), _encode(total))
        for (period, dimensions), total in totals.items()
    ]


def key_prefix(*parts: str) -> bytes:
    """The common beginning of the encoded keys of cells or latest values whose first parts are these."""
    return _encode(parts)[:-1]


def add_vectors(vectors: Iterable[Vector]) -> Vector:
    """The sum by component; empty for no vectors. Raises ValueError for unequal lengths."""
    return tuple(map(sum, zip(*vectors, strict=True)))


class DeadLetter(msgspec.Struct, frozen=True):
    """A record that was not accepted: its position, the reason, and its bytes (base64 in JSON)."""

    partition: int
    offset: int
    arrival_ms: int
    reason: str
    detail: str
    raw: bytes


def dead_key(offset: int) -> bytes:
    """The key of a dead letter; keys sort by offset."""
    return b"%020d" % offset
