"""The identity, generation and receipts of a log on Kafka: a compacted topic with one partition."""

from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from typing import Self

import msgspec
from aiokafka import AIOKafkaProducer

from tidemark.streams.contracts.identity import LogIdentity
from tidemark.streams.log.errors import LogCorrupt, LogMissing
from tidemark.streams.log.port import close_after

from .address import KafkaAddress
from .client import translate_errors
from .producing import await_delivery, start_producer, stop_producer, transaction
from .reading import TopicReader

IDENTITY = b"identity"
GENERATION = b"generation"
_RECEIPT = b"receipt/"


class Control:
    """The control topic, key → latest value, read to its end whenever it is refreshed."""

    def __init__(self, address: KafkaAddress, reader: TopicReader) -> None:
        self._address = address
        self._reader = reader
        self._values: dict[bytes, bytes] = {}
        self._position = 0

    @classmethod
    async def open(cls, address: KafkaAddress) -> Self:
        """Connect and read. Raises LogError; LogMissing when there is no such log."""
        control = cls(address, await TopicReader.open(address, address.topic("control"), 1))
        async with close_on_failure(control):
            await control.refresh()
        return control

    def expect(self, end: int) -> None:
        """Make the next refresh read up to this end: a commit shows a moment after it is acknowledged."""
        self._reader.expect(0, end)

    async def refresh(self) -> None:
        """Read what was written since the last refresh. Raises LogError."""
        [end] = await self._reader.ends()
        async for records in self._reader.read_until(0, self._position, end):
            self._values.update((record.key, record.value) for record in records)
        self._position = end

    @property
    def identity(self) -> LogIdentity | None:
        """The identity that the log was created with; None while it is being created. Raises LogCorrupt."""
        stored = self._values.get(IDENTITY)
        try:
            return None if stored is None else msgspec.json.decode(stored, type=LogIdentity)
        except msgspec.DecodeError as error:
            raise LogCorrupt(
                f"{self._address.topic('control')}: the log's identity is damaged ({error}); bring the log "
                "back from a copy (`tidemark log copy`) under another name"
            ) from error

    @property
    def generation(self) -> int:
        """The generation of the state that is served; 0 before the first."""
        return int(self._values.get(GENERATION, b"0"))

    @property
    def receipts(self) -> dict[str, str]:
        """The latest value of every receipt."""
        return {
            key.removeprefix(_RECEIPT).decode(): value.decode()
            for key, value in self._values.items()
            if key.startswith(_RECEIPT)
        }

    def require_identity(self) -> LogIdentity:
        """The identity of a finished log. Raises LogMissing."""
        identity = self.identity
        if identity is None:
            raise LogMissing(
                f"{self._address.name}: the creation of the log was not finished; run `tidemark topics apply`"
            )
        return identity

    async def close(self) -> None:
        """Disconnect. May be called twice."""
        await self._reader.close()


@asynccontextmanager
async def close_on_failure(control: Control) -> AsyncIterator[None]:
    """Close it if the block fails."""
    try:
        yield
    except BaseException:
        await control.close()
        raise


def receipt_entry(name: str, value: str) -> tuple[bytes, bytes]:
    """The key and value of a receipt in the control topic."""
    return _RECEIPT + name.encode(), value.encode()


async def send_control(producer: AIOKafkaProducer, address: KafkaAddress, key: bytes, value: bytes) -> int:
    """Write one value; returns the end to expect once its transaction is committed."""
    [metadata] = await await_delivery([producer.send(address.topic("control"), value, key, partition=0)])
    return int(metadata.offset) + 1


async def write_control(address: KafkaAddress, values: Mapping[bytes, bytes]) -> None:
    """Write values in one transaction, and wait until readers see them. Raises LogError."""
    end = 0
    with translate_errors(address):
        producer = await start_producer(address, address.topic("control"))
        try:
            async with transaction(producer):
                for key, value in values.items():
                    end = await send_control(producer, address, key, value)
        finally:
            await stop_producer(producer)
    async with close_after(await Control.open(address)) as control:
        control.expect(end)
        await control.refresh()
