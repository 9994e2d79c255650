"""Rows of the published state as messages: the kind's byte before the key, no value for deleted."""

from collections.abc import Iterable, Iterator
from typing import Any

from aiokafka import AIOKafkaProducer

from tidemark.streams.contracts.published import Kind, Row
from tidemark.streams.log.state import Update

from .reading import ConsumerRecord

_PREFIX = {kind: bytes([kind]) for kind in Kind}
_KINDS = {bytes([kind]): kind for kind in Kind}


def row_of(record: ConsumerRecord) -> Row:
    """The row that a message of a state topic holds."""
    return Row(_KINDS[record.key[:1]], record.key[1:], record.value)


def kept(rows: Iterable[Row]) -> dict[tuple[Kind, bytes], Row]:
    """The last row of every key, without those that were deleted."""
    latest: dict[tuple[Kind, bytes], Row] = {}
    for row in rows:
        if row.value is None:
            latest.pop((row.kind, row.key), None)
        else:
            latest[row.kind, row.key] = row
    return latest


def batches(producer: AIOKafkaProducer, rows: Iterable[Row]) -> Iterator[Any]:
    """The rows in as few batches of the producer as hold them, a third of the cost of single sends."""
    batch = producer.create_batch()
    for kind, key, value in rows:
        message = {"key": _PREFIX[kind] + key, "value": value, "timestamp": None}
        if batch.append(**message) is None:
            yield batch
            batch = producer.create_batch()
            batch.append(**message)
    if batch.record_count():
        yield batch


def split(update: Update) -> dict[str, list[Row]]:
    """What goes to which topic of the generation."""
    lanes: dict[str, list[Row]] = {"state": [], "dead": []}
    for row in update.rows:
        lanes["dead" if row.kind is Kind.DEAD else "state"].append(row)
    return lanes
