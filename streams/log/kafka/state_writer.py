"""Publishing on Kafka: the published state's writing side, one transactional producer per partition.

Guarantees: an update of a partition (rows, dead letters, and the head with the position) becomes visible as
a whole or not at all; and of several workers that believe they hold a partition, only the last that loaded
it can publish. Rows are absolute totals in a compacted topic: the state is the last row of each key.

Loading a partition, in this order:
1. Start a producer under the partition's `transactional.id`. The broker ends the open transaction of the
   previous owner and refuses that producer from then on.
2. Look up the end and read the state up to it. The previous owner can no longer commit, so what is read is
   complete. In the reverse order, a commit between the two steps would be lost.

Publishing, in this order:
1. Refuse if a newer generation is served (StateSuperseded).
2. In one transaction per partition, all partitions at the same time: the rows, the dead letters, and the
   position for the consumer group, which only Kafka's own tools read.
3. Even when the caller is cancelled, wait until every transaction has ended one way or the other.

How a transaction can fail:
- Aborted, and the abort was acknowledged: nothing is visible, the same producer may send the update again.
- Refused, or its outcome is unknown (TransactionLost): it may be visible or not. The producer is dropped and
  the partition lost (PartitionsLost); the next owner reads what was committed.
- The process dies: the broker aborts the transaction after its timeout, or when the next owner loads.

Never give a partition a new producer without loading its state: that would fence the true owner and let a
worker that slept publish totals that are out of date (decision 0013). Readers use the last stable offset as
the end of a page (`state_reader`), so they never see part of an update.
"""

import asyncio
from collections.abc import Iterable, Iterator, Sequence
from typing import Any, Self

from aiokafka import AIOKafkaProducer, TopicPartition
from aiokafka.errors import KafkaError
from aiokafka.structs import OffsetAndMetadata

from tidemark.streams.contracts.published import Kind, Row
from tidemark.streams.log.errors import LogError, PartitionsLost, StateSuperseded
from tidemark.streams.log.port import Update

from .address import KafkaAddress
from .client import translate_error, translate_errors
from .control import GENERATION, Control, close_on_failure, write_control
from .producing import (
    DELIVERY_TIMEOUT_S,
    TransactionLost,
    await_delivery,
    start_producer,
    stop_producer,
    transaction,
)
from .reading import TopicReader
from .state_reader import latest_rows, row_of
from .topics import open_topics, state_topics

_PREFIX = {kind: bytes([kind]) for kind in Kind}


class KafkaStateWriter:
    """The StateWriter of one generation; made by `open` and `rebuild`.

    With a `group`, every publish also commits the position to that consumer group, so that
    Kafka's own tools show the lag.
    """

    def __init__(
        self, address: KafkaAddress, control: Control, generation: int, reader: TopicReader, group: str | None
    ) -> None:
        self._address = address
        self._control = control
        self._generation = generation
        self._reader = reader
        self._group = group
        self._producers: dict[int, AIOKafkaProducer] = {}

    @classmethod
    async def open(cls, address: KafkaAddress) -> Self:
        """Write to the generation being served. Raises LogError."""
        control = await Control.open(address)
        async with close_on_failure(control):
            return await cls._create(address, control, control.generation, address.topic("ledger"))

    @classmethod
    async def rebuild(cls, address: KafkaAddress) -> Self:
        """Begin a new generation, empty, beside the one being served. Raises LogError."""
        control = await Control.open(address)
        async with close_on_failure(control):
            partitions = control.require_identity().partitions
            async with open_topics(address) as topics:
                existing = [_parse_generation(name, address) for name in await topics.names()]
                generation = max([control.generation, *existing]) + 1
                await topics.create(state_topics(address, partitions, generation))
            return await cls._create(address, control, generation, None)

    @classmethod
    async def _create(
        cls, address: KafkaAddress, control: Control, generation: int, group: str | None
    ) -> Self:
        partitions = control.require_identity().partitions
        reader = await TopicReader.open(address, address.topic("state", generation), partitions)
        return cls(address, control, generation, reader, group)

    async def load(self, partition: int) -> list[Row]:
        await self.release(partition)
        with translate_errors(self._address):
            name = self._address.topic("state", self._generation, partition)
            self._producers[partition] = await start_producer(self._address, name)
        end = (await self._reader.ends())[partition]
        rows = [row_of(r) async for records in self._reader.read_until(partition, 0, end) for r in records]
        return list(latest_rows(rows).values())

    async def publish(self, updates: Sequence[Update]) -> None:
        await self._refuse_superseded()
        publishing = asyncio.gather(*map(self._publish, updates), return_exceptions=True)
        try:
            results = await asyncio.shield(publishing)
        except asyncio.CancelledError:
            await publishing
            raise
        lost = [error.partitions for error in results if isinstance(error, PartitionsLost)]
        if lost:
            raise PartitionsLost(frozenset().union(*lost))
        for error in results:
            if isinstance(error, BaseException):
                raise error

    async def release(self, partition: int) -> None:
        producer = self._producers.pop(partition, None)
        if producer is not None:
            await stop_producer(producer)

    async def promote(self) -> None:
        """Serve this generation from now on; the previous one is kept, older ones are removed."""
        await self._refuse_superseded()
        await write_control(self._address, {GENERATION: b"%d" % self._generation})
        async with open_topics(self._address) as topics:
            names = await topics.names()
            await topics.delete(
                [n for n in names if 0 < _parse_generation(n, self._address) < self._generation - 1]
            )

    async def close(self) -> None:
        for partition in list(self._producers):
            await self.release(partition)
        await self._reader.close()
        await self._control.close()

    async def _publish(self, update: Update) -> None:
        producer = self._producers.get(update.partition)
        if producer is None:
            raise PartitionsLost(frozenset({update.partition}))
        try:
            async with transaction(producer):
                await self._send(producer, update)
        except TransactionLost as error:
            await self.release(update.partition)
            raise PartitionsLost(frozenset({update.partition})) from error
        except (KafkaError, TimeoutError, LogError) as error:
            raise translate_error(self._address, error) from error

    async def _send(self, producer: AIOKafkaProducer, update: Update) -> None:
        partition, _, position = update
        await await_delivery(
            producer.send_batch(batch, self._address.topic(what, self._generation), partition=partition)
            for what, rows in _split_by_topic(update).items()
            for batch in _make_batches(producer, rows)
        )
        if self._group is not None:
            facts = TopicPartition(self._address.topic("facts"), partition)
            offsets = {facts: OffsetAndMetadata(position, "")}
            sending = producer.send_offsets_to_transaction(offsets, self._group)
            await asyncio.wait_for(sending, DELIVERY_TIMEOUT_S)

    async def _refuse_superseded(self) -> None:
        await self._control.refresh()
        if self._control.generation > self._generation:
            raise StateSuperseded(
                f"{self._address.name}: generation {self._control.generation} is served now; "
                "restart this ledger to take it over"
            )


def _parse_generation(topic: str, address: KafkaAddress) -> int:
    """The generation that a topic's name ends with; 0 for topics without one."""
    for what in ("state", "dead"):
        number = topic.removeprefix(address.topic(what, ""))
        if number != topic and number.isdecimal():
            return int(number)
    return 0


def _make_batches(producer: AIOKafkaProducer, rows: Iterable[Row]) -> Iterator[Any]:
    """The rows in as few of the producer's batches as possible, a third of the cost of single sends."""
    batch = producer.create_batch()
    for kind, key, value in rows:
        message = {"key": _PREFIX[kind] + key, "value": value, "timestamp": None}
        if batch.append(**message) is None:
            yield batch
            batch = producer.create_batch()
            batch.append(**message)
    if batch.record_count():
        yield batch


def _split_by_topic(update: Update) -> dict[str, list[Row]]:
    """The rows for each of the generation's topics."""
    lanes: dict[str, list[Row]] = {"state": [], "dead": []}
    for row in update.rows:
        lanes["dead" if row.kind is Kind.DEAD else "state"].append(row)
    return lanes
