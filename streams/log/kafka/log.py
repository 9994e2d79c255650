"""The event log on Apache Kafka: `NAME.facts`, `NAME.signals` and `NAME.control`."""

import asyncio
from collections.abc import Callable, Sequence
from hashlib import sha256
from typing import NamedTuple, Self

from aiokafka import AIOKafkaProducer
from aiokafka.structs import RecordMetadata

from tidemark.streams.contracts.envelope import key_of
from tidemark.streams.contracts.family import Stream
from tidemark.streams.contracts.identity import LogIdentity
from tidemark.streams.families.codec import InvalidEvent, decode
from tidemark.streams.log.errors import LogCorrupt
from tidemark.streams.log.port import Batch, Entry, Receipt, Record

from .address import KafkaAddress
from .client import translate_errors
from .control import Control, receipt_entry, send_control
from .producing import await_delivery, start_producer, stop_producer, transaction
from .reading import TopicReader


class KafkaLog:
    """An EventLog in existing topics."""

    def __init__(
        self,
        address: KafkaAddress,
        control: Control,
        readers: dict[Stream, TopicReader],
        clock: Callable[[], int],
        identity: LogIdentity,
    ) -> None:
        self.identity = identity
        self._address = address
        self._control = control
        self._readers = readers
        self._appender = Appender(address, clock)

    @classmethod
    async def open(cls, address: KafkaAddress, clock: Callable[[], int]) -> Self:
        """Connect. Raises LogMissing, LogCorrupt, LogError."""
        control = await Control.open(address)
        readers: dict[Stream, TopicReader] = {}
        try:
            identity = control.require_identity()
            for stream in Stream:
                readers[stream] = await TopicReader.open(
                    address, address.topic(stream.value), identity.partitions
                )
            log = cls(address, control, readers, clock, identity)
            await log._refuse_truncated()
        except BaseException:
            await _close(control, readers)
            raise
        return log

    async def append(
        self, stream: Stream, entries: Sequence[Entry], receipt: Receipt | None = None
    ) -> list[int]:
        for entry in entries:
            self._check_partition(entry.partition)
        if not entries and receipt is None:
            return []
        topic = self._address.topic(stream.value)
        appended, control_end = await self._appender.append(topic, entries, receipt)
        for metadata in appended:
            self._readers[stream].expect(metadata.partition, metadata.offset + 1)
        self._control.expect(control_end)
        return [metadata.offset for metadata in appended]

    async def read(self, stream: Stream, partition: int, start: int, limit: int) -> Batch:
        self._check_partition(partition)
        chunk = await self._readers[stream].read(partition, start, limit)
        records = [Record(record.offset, record.timestamp, record.value or b"") for record in chunk.records]
        return Batch(records, chunk.next, chunk.more)

    async def ends(self, stream: Stream) -> list[int]:
        return await self._readers[stream].ends()

    async def receipt(self, name: str) -> str | None:
        await self._appender.claim(name)
        await self._control.refresh()
        return self._control.receipts.get(name)

    async def receipts(self) -> list[Receipt]:
        await self._control.refresh()
        return [Receipt(name, value) for name, value in sorted(self._control.receipts.items())]

    async def close(self) -> None:
        await self._appender.close()
        await _close(self._control, self._readers)

    def _check_partition(self, partition: int) -> None:
        if not 0 <= partition < self.identity.partitions:
            raise ValueError(f"partition: {partition} is not one of 0 to {self.identity.partitions - 1}")

    async def _refuse_truncated(self) -> None:
        """Refuse a topic that has lost its beginning, since totals are computed from all facts."""
        for partition, first in enumerate(await self._readers[Stream.FACTS].starts()):
            if first > 0:
                raise LogCorrupt(
                    f"{self._address.topic('facts')}: partition {partition} begins at offset {first:,}, "
                    "earlier facts are gone; bring the log back from a copy (`tidemark log copy`)"
                )


async def _close(control: Control, readers: dict[Stream, TopicReader]) -> None:
    for reader in readers.values():
        await reader.close()
    await control.close()


class Appended(NamedTuple):
    """The partition and offset of each entry, and the end to expect of the control topic."""

    entries: list[RecordMetadata]
    control_end: int = 0


class Appender:
    """Idempotent sends; with a receipt, one transaction over the records and the receipt.

    A producer that failed is replaced: its records may or may not have arrived. When they are
    sent again, the ledger counts each event once by its id.
    """

    def __init__(self, address: KafkaAddress, clock: Callable[[], int]) -> None:
        self._address = address
        self._clock = clock
        self._producers: dict[str | None, AIOKafkaProducer] = {}
        self._turn = asyncio.Lock()

    async def append(self, topic: str, entries: Sequence[Entry], receipt: Receipt | None) -> Appended:
        """Send, and return when all replicas have the records. Raises LogError."""
        name = receipt and self._transactional_id(receipt.name)
        with translate_errors(self._address):
            try:
                producer = await self._get_producer(name)
                if receipt is None:
                    return Appended(await self._send(producer, topic, entries))
                async with transaction(producer):
                    appended = await self._send(producer, topic, entries)
                    end = await send_control(producer, self._address, *receipt_entry(*receipt))
                return Appended(appended, end)
            except BaseException:
                await self._discard(name)
                raise

    async def claim(self, receipt_name: str) -> None:
        """End the transaction that a dead writer of the receipt left open, so that its value is final."""
        with translate_errors(self._address):
            await self._get_producer(self._transactional_id(receipt_name))

    async def close(self) -> None:
        """Disconnect. May be called twice."""
        for name in list(self._producers):
            await self._discard(name)

    def _transactional_id(self, receipt_name: str) -> str:
        return self._address.topic("append", sha256(receipt_name.encode()).hexdigest()[:16])

    async def _get_producer(self, name: str | None) -> AIOKafkaProducer:
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
        return await await_delivery(
            producer.send(topic, value, _key(value), partition, now_ms if arrival_ms is None else arrival_ms)
            for partition, value, arrival_ms in entries
        )


def _key(value: bytes) -> bytes | None:
    """The entity's key, so that other consumers can join topics by it; None for what is not an event."""
    try:
        return key_of(decode(value)).encode()
    except InvalidEvent:
        return None
