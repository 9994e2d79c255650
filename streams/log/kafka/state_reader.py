"""The reading side of the published state on Kafka.

A row is a message: its key is the kind as a byte, then the row's key; a deleted row has no value.
"""

import asyncio
from collections.abc import Iterable
from typing import Self

from tidemark.streams.contracts.published import Kind, Row
from tidemark.streams.log.port import Page, close_after

from .address import KafkaAddress
from .control import Control, close_on_failure
from .reading import ConsumerRecord, TopicReader

_KINDS = {bytes([kind]): kind for kind in Kind}
_POLLED = (Kind.HEAD, Kind.CELL, Kind.LATEST)


class KafkaStateReader:
    """A StateReader that reads each partition of the state topic once, and then only what is added.

    A page ends at the last stable offset that each partition had when the page was requested,
    which is never inside a transaction.
    """

    def __init__(self, address: KafkaAddress, control: Control) -> None:
        self._address = address
        self._control = control
        self._partitions = control.require_identity().partitions
        self._generation = 0
        self._reader: TopicReader | None = None
        self._marks: dict[int, list[int]] = {}
        self._version = 0
        self._turn = asyncio.Lock()

    @classmethod
    async def open(cls, address: KafkaAddress) -> Self:
        """Connect. Raises LogError."""
        control = await Control.open(address)
        async with close_on_failure(control):
            return cls(address, control)

    async def poll(self, generation: int, version: int) -> Page:
        async with self._turn:
            reader = await self._follow()
            marks = self._marks.get(version) if generation == self._generation else None
            starts = marks or [0] * self._partitions
            ends = await reader.ends()
            if ends == marks:
                return Page(self._generation, version, [])
            rows = [
                (partition, row)
                for partition, lane in enumerate(await self._read(reader, starts, ends))
                for row in (lane if marks else latest_rows(lane).values())
                if row.kind in _POLLED and row.value is not None
            ]
            self._version += 1
            self._marks = {self._version: ends, **({version: marks} if marks else {})}
            return Page(self._generation, self._version, rows)

    async def rows(self, kind: Kind, prefix: bytes = b"") -> list[tuple[int, Row]]:
        async with self._turn:
            await self._follow()
            what = "dead" if kind is Kind.DEAD else "state"
            topic = self._address.topic(what, self._generation)
            async with close_after(await TopicReader.open(self._address, topic, self._partitions)) as reader:
                lanes = await self._read(reader, [0] * self._partitions, await reader.ends())
        return [
            (partition, row)
            for partition, lane in enumerate(lanes)
            for row in sorted(
                latest_rows(row for row in lane if row.kind is kind and row.key.startswith(prefix)).values()
            )
        ]

    async def close(self) -> None:
        await self._control.close()
        if self._reader is not None:
            await self._reader.close()

    async def _follow(self) -> TopicReader:
        """A reader of the generation being served."""
        await self._control.refresh()
        if self._reader is None or self._control.generation != self._generation:
            generation = self._control.generation
            reader = await TopicReader.open(
                self._address, self._address.topic("state", generation), self._partitions
            )
            if self._reader is not None:
                await self._reader.close()
            self._reader, self._generation, self._marks = reader, generation, {}
        return self._reader

    async def _read(self, reader: TopicReader, starts: list[int], ends: list[int]) -> list[list[Row]]:
        lanes: list[list[Row]] = []
        for partition, (start, end) in enumerate(zip(starts, ends, strict=True)):
            lane: list[Row] = []
            async for records in reader.read_until(partition, start, end):
                lane += map(row_of, records)
                await asyncio.sleep(0)
            lanes.append(lane)
        return lanes


def row_of(record: ConsumerRecord) -> Row:
    """The row in a message of a state topic."""
    return Row(_KINDS[record.key[:1]], record.key[1:], record.value)


def latest_rows(rows: Iterable[Row]) -> dict[tuple[Kind, bytes], Row]:
    """The last row of every key, without those that were deleted."""
    latest: dict[tuple[Kind, bytes], Row] = {}
    for row in rows:
        if row.value is None:
            latest.pop((row.kind, row.key), None)
        else:
            latest[row.kind, row.key] = row
    return latest
