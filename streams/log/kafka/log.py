"""The event log on Apache Kafka: `NAME.facts`, `NAME.signals` and `NAME.control`."""

from collections.abc import Callable, Sequence
from typing import Self

from tidemark.streams.contracts.family import Stream
from tidemark.streams.contracts.identity import LogIdentity
from tidemark.streams.log.errors import LogCorrupt
from tidemark.streams.log.port import Batch, Entry, Receipt, Record

from .address import KafkaAddress
from .append import Appender
from .control import Control
from .reading import TopicReader


class KafkaLog:
    """An EventLog in topics that exist."""

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
            identity = control.known_identity()
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
            self._check(entry.partition)
        if not entries and receipt is None:
            return []
        topic = self._address.topic(stream.value)
        places, control_end = await self._appender.append(topic, entries, receipt)
        for place in places:
            self._readers[stream].expect(place.partition, place.offset + 1)
        self._control.expect(control_end)
        return [place.offset for place in places]

    async def read(self, stream: Stream, partition: int, start: int, limit: int) -> Batch:
        self._check(partition)
        chunk = await self._readers[stream].read(partition, start, limit)
        records = [Record(found.offset, found.timestamp, found.value or b"") for found in chunk.records]
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

    def _check(self, partition: int) -> None:
        if not 0 <= partition < self.identity.partitions:
            raise ValueError(f"partition: {partition} is not one of 0 to {self.identity.partitions - 1}")

    async def _refuse_truncated(self) -> None:
        """Totals are made from all facts; a topic that forgets its beginning cannot give them."""
        for partition, first in enumerate(await self._readers[Stream.FACTS].starts()):
            if first > 0:
                raise LogCorrupt(
                    f"{self._address.topic('facts')}: partition {partition} begins at {first:,}, the facts "
                    "before are gone; bring them back from a copy (`tidemark log copy`) under another name"
                )


async def _close(control: Control, readers: dict[Stream, TopicReader]) -> None:
    for reader in readers.values():
        await reader.close()
    await control.close()
