"""What the ledger publishes and every reader understands: heads, cells, records, dead letters."""

from collections.abc import Iterable, Mapping
from enum import IntEnum
from typing import Generic, NamedTuple, TypeVar

import msgspec

from tidemark.streams.contracts.family import Measure

from .civil import GRAIN_NAMES, Grain, format_period


class Kind(IntEnum):
    """What a row of published state is. The head holds the position the others stand for."""

    HEAD = 0
    CELL = 1
    LATEST = 2
    ENTITY = 3
    DEAD = 4


class Row(NamedTuple):
    """One entry of a partition's state, a map (kind, key) → value; without a value it is deleted."""

    kind: Kind
    key: bytes
    value: bytes | None


class Feed(msgspec.Struct):
    """What became of one family's records in a partition, counted since the log began.

    `newest_ms`: the greatest event time accepted, 0 before the first. Of the accepted, `late`
    came later than usual and `expired` missed a period that is no longer kept.
    """

    newest_ms: int = 0
    accepted: int = 0
    duplicate: int = 0
    late: int = 0
    expired: int = 0
    future: int = 0


class Head(msgspec.Struct):
    """The position that a partition's cells and records stand for, and the counts beside it.

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
    """A fact in a record: when it was, what it was about, and its payload.

    The record of an activity or a figure is the latest of its facts.
    """

    time_ms: int
    subject: str
    data: T


class Timeline(msgspec.Struct, Generic[T]):
    """The record of an entity with a history: its facts by the day they hold from, oldest first."""

    timeline: list[LatestFact[T]]


class CellKey(NamedTuple):
    """Which running sum: dimension values stand in the measure's order."""

    measure: Measure
    grain: Grain
    period: int
    dimensions: tuple[str, ...]


Vector = tuple[int, ...]

HEAD_KEY = b"head"
NO_VALUE = b"null"
"""The value of a record whose facts were all retracted: readers are told values, not deletions."""

_encode = msgspec.json.Encoder().encode
encode_vector = encode_head = _encode
"""[12,9,1,60]; a head as JSON."""
decode_vector = msgspec.json.Decoder(Vector).decode
decode_head = msgspec.json.Decoder(Head).decode


def encode_key(key: CellKey) -> bytes:
    """["footfall.place","day","2026-01-01","mall.coco_park"]"""
    period = format_period(key.grain, key.period)
    return _encode((key.measure.name, GRAIN_NAMES[key.grain], period, *key.dimensions))


def cell_rows(
    measure: Measure, grain: Grain, totals: Mapping[tuple[int, tuple[str, ...]], Vector]
) -> list[Row]:
    """The rows that publish totals by (period, dimension values)."""
    name, grain_name = measure.name, GRAIN_NAMES[grain]
    periods = {period: format_period(grain, period) for period in {period for period, _ in totals}}
    return [
        Row(Kind.CELL, _encode((name, grain_name, periods[period], *dimensions)), _encode(total))
        for (period, dimensions), total in totals.items()
    ]


def key_prefix(*parts: str) -> bytes:
    """What the keys of all cells or records that begin with these parts begin with."""
    return _encode(parts)[:-1]


def add_vectors(vectors: Iterable[Vector]) -> Vector:
    """The sum, component by component; empty for no vectors. Raises ValueError for unequal lengths."""
    return tuple(map(sum, zip(*vectors, strict=True)))


class DeadLetter(msgspec.Struct, frozen=True):
    """A record that was not accepted: where it lies, why, and its bytes (base64 in JSON)."""

    partition: int
    offset: int
    arrival_ms: int
    reason: str
    detail: str
    raw: bytes


def dead_key(offset: int) -> bytes:
    """Keys of dead letters sort by offset."""
    return b"%020d" % offset
