"""Appending to a log on Kafka."""

import asyncio
from collections.abc import Callable, Sequence
from hashlib import sha256
from typing import NamedTuple

from aiokafka import AIOKafkaProducer
from aiokafka.structs import RecordMetadata

from tidemark.streams.contracts.codec import InvalidEvent, decode
from tidemark.streams.contracts.envelope import key_of
from tidemark.streams.log.port import Entry, Receipt

from .address import KafkaAddress
from .control import receipt_entry, send_control
from .errors import translated
from .producing import delivered, start_producer, stop_producer, transaction


class Appended(NamedTuple):
    """Where each entry came to lie, and the end to expect of the control topic."""

    places: list[RecordMetadata]
    control_end: int = 0


class Appender:
    """Idempotent sends; with a receipt one transaction over the records and the receipt.

    A producer that failed is replaced: its records may or may not have arrived, which is what
    the ledger's memory of ids is for.
    """

    def __init__(self, address: KafkaAddress, clock: Callable[[], int]) -> None:
        self._address = address
        self._clock = clock
        self._producers: dict[str | None, AIOKafkaProducer] = {}
        self._turn = asyncio.Lock()

    async def append(self, topic: str, entries: Sequence[Entry], receipt: Receipt | None) -> Appended:
        """Send, and come back when all replicas have it. Raises LogError."""
        name = receipt and self._transactional_id(receipt.name)
        with translated(self._address):
            try:
                producer = await self._producer(name)
                if receipt is None:
                    return Appended(await self._send(producer, topic, entries))
                async with transaction(producer):
                    places = await self._send(producer, topic, entries)
                    end = await send_control(producer, self._address, *receipt_entry(*receipt))
                return Appended(places, end)
            except BaseException:
                await self._discard(name)
                raise

    async def claim(self, receipt_name: str) -> None:
        """End what a dead writer of that receipt left open, so that the receipt can be relied on."""
        with translated(self._address):
            await self._producer(self._transactional_id(receipt_name))

    async def close(self) -> None:
        """Disconnect. May be called twice."""
        for name in list(self._producers):
            await self._discard(name)

    def _transactional_id(self, receipt_name: str) -> str:
        return self._address.topic("append", sha256(receipt_name.encode()).hexdigest()[:16])

    async def _producer(self, name: str | None) -> AIOKafkaProducer:
        async with self._turn:
            if name not in self._producers:
                self._producers[name] = await start_producer(self._address, name)
            return self._producers[name]

    async def _discard(self, name: str | None) -> None:
        producer = self._producers.pop(name, None)
        if producer is not None:
            await stop_producer(producer)

    async def _send(
        self, producer: AIOKafkaProducer, topic: str, entries: Sequence[Entry]
    ) -> list[RecordMetadata]:
        now_ms = self._clock()
        return await delivered(
            producer.send(topic, value, _key(value), partition, now_ms if arrival_ms is None else arrival_ms)
            for partition, value, arrival_ms in entries
        )


def _key(value: bytes) -> bytes | None:
    """The entity's key, for readers of one's own who join topics by it; none where there is no event."""
    try:
        return key_of(decode(value)).encode()
    except InvalidEvent:
        return None
