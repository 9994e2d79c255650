"""Reads the committed records of a topic's partitions, from any offset.

One consumer without a group serves all partitions of a topic. It stores nothing: positions belong to the
callers, who keep them with the results of the records, so a crash here loses nothing.

Guarantee of `TopicReader.read`: records in order, without those of aborted or open transactions; an empty
answer only if nothing is left up to the last end looked up or announced. A caller that has seen an end can
therefore rely on reaching it, and "no records" never means "not fetched yet".

- All partitions are assigned but paused; reading one resumes it, and aiokafka fetches ahead in the background
  from then on. `read_until` pauses it again. Fetches are short (_POLL_MS), because a broker answers one fetch
  of a connection at a time: a fetch that waits for a quiet partition would hold up one that is resumed then.
- A seek discards what was fetched ahead, so it happens only when a caller asks for another offset than the
  one that follows its last read (`_next`).
- Offsets have gaps: transaction markers, aborted records, compaction, retention. The consumer's position
  moves past them, which is why `next` is taken from it and not from the last record. It may reach the end
  without any record.
- Until records come or the position reaches the end, `read` polls for at most the request timeout, then
  raises LogUnavailable. The end is the greatest end seen: a later answer may be smaller, and a commit becomes
  visible a moment after it is acknowledged (`expect`).
- There is no reset policy (`auto_offset_reset="none"`), because a reset could overtake a seek and skip
  records silently. An offset that is out of range is either before the first record still in the topic, then
  reading continues there, or beyond the end, then the topic was created again and the totals are wrong:
  LogCorrupt.
- Reads take turns (`_turn`): seek, resume, fetch and position belong together.
"""

import asyncio
from collections.abc import AsyncIterator
from typing import Any, NamedTuple, Self

from aiokafka import AIOKafkaConsumer, TopicPartition
from aiokafka.errors import OffsetOutOfRangeError, UnknownTopicOrPartitionError

from tidemark.streams.log.errors import LogCorrupt, LogUnavailable

from .address import REQUEST_TIMEOUT_MS, KafkaAddress
from .client import connect, translate_errors
from .producing import STOP_TIMEOUT_S

_WAIT_MS = 50
_POLL_MS = 50
"""How long a broker may keep a fetch open; until it answers, aiokafka does not send it another."""
_PAGE_SIZE = 20_000

ConsumerRecord = Any


class Chunk(NamedTuple):
    """Records in order, the offset to continue from, and whether more are known to follow."""

    records: list[ConsumerRecord]
    next: int
    more: bool


class TopicReader:
    """One consumer without a group; records of aborted or open transactions are not seen.

    A partition is fetched once it is read for the first time.
    """

    def __init__(
        self, address: KafkaAddress, consumer: AIOKafkaConsumer, topic_partitions: list[TopicPartition]
    ) -> None:
        self._address = address
        self._consumer = consumer
        self._topic_partitions = topic_partitions
        self._next = [0] * len(topic_partitions)
        self._ends = [0] * len(topic_partitions)
        self._turn = asyncio.Lock()

    @classmethod
    async def open(cls, address: KafkaAddress, topic: str, partitions: int) -> Self:
        """Connect. Raises LogError."""
        with translate_errors(address):
            consumer = AIOKafkaConsumer(
                **address.client_settings(),
                isolation_level="read_committed",
                auto_offset_reset="none",
                enable_auto_commit=False,
                fetch_max_wait_ms=_POLL_MS,
            )
            topic_partitions = [TopicPartition(topic, partition) for partition in range(partitions)]
            try:
                await connect(address, consumer)
                if topic not in await consumer.topics():
                    raise UnknownTopicOrPartitionError(topic)
                consumer.assign(topic_partitions)
                consumer.pause(*topic_partitions)
                for topic_partition in topic_partitions:
                    consumer.seek(topic_partition, 0)
                reader = cls(address, consumer, topic_partitions)
                await reader.ends()
            except BaseException:
                await stop_consumer(consumer)
                raise
            return reader

    async def ends(self) -> list[int]:
        """For each partition, the end of the committed records, looked up now."""
        with translate_errors(self._address):
            ends = await self._consumer.end_offsets(self._topic_partitions)
        self._ends = [
            max(before, ends[source])
            for before, source in zip(self._ends, self._topic_partitions, strict=True)
        ]
        return list(self._ends)

    def expect(self, partition: int, end: int) -> None:
        """Make reads wait for the records up to this end, which have been acknowledged."""
        self._ends[partition] = max(self._ends[partition], end)

    async def read(self, partition: int, start: int, limit: int) -> Chunk:
        """At most `limit` records; empty only if there are no more before the end last looked up.

        Raises LogUnavailable when there should be records but none comes, LogCorrupt when the
        topic ends before that offset.
        """
        source = self._topic_partitions[partition]
        async with self._turn:
            if self._next[partition] != start:
                self._consumer.seek(source, start)
            self._consumer.resume(source)
            for wait_ms in (0, *[_WAIT_MS] * (REQUEST_TIMEOUT_MS // _WAIT_MS)):
                with translate_errors(self._address):
                    fetched = await self._fetch(source, wait_ms, limit)
                    position = await self._consumer.position(source)
                self._next[partition] = position
                end = max(self._ends[partition], self._consumer.last_stable_offset(source) or 0)
                if fetched or position >= end:
                    return Chunk(fetched.get(source, []), position, position < end)
        raise LogUnavailable(
            f"{self._address.servers}: partition {partition} of {source.topic} ends at {end:,} but nothing "
            f"came after {position:,} for {REQUEST_TIMEOUT_MS // 1000} s; check that Kafka runs"
        )

    async def starts(self) -> list[int]:
        """For each partition, the offset of the first record that the topic still has."""
        with translate_errors(self._address):
            firsts = await self._consumer.beginning_offsets(self._topic_partitions)
        return [firsts[topic_partition] for topic_partition in self._topic_partitions]

    async def _fetch(
        self, source: TopicPartition, wait_ms: int, limit: int
    ) -> dict[TopicPartition, list[ConsumerRecord]]:
        """The next records; where retention has removed the offset, seek to the first record still there."""
        try:
            return await self._consumer.getmany(source, timeout_ms=wait_ms, max_records=limit)  # type: ignore[no-any-return]
        except OffsetOutOfRangeError as error:
            first = (await self._consumer.beginning_offsets([source]))[source]
            if await self._consumer.position(source) >= first:
                raise LogCorrupt(
                    f"{self._address.servers}: partition {source.partition} of {source.topic} ends before an "
                    "offset that was read from it, so the topic was created again; rebuild the totals with "
                    "`tidemark rebuild`"
                ) from error
            self._consumer.seek(source, first)
            return {}

    async def read_until(self, partition: int, start: int, end: int) -> AsyncIterator[list[ConsumerRecord]]:
        """All records from `start` up to an end that was looked up; then fetching pauses."""
        while start < end:
            chunk = await self.read(partition, start, _PAGE_SIZE)
            yield [record for record in chunk.records if record.offset < end]
            start = chunk.next
        self._consumer.pause(self._topic_partitions[partition])

    async def close(self) -> None:
        """Disconnect. May be called twice."""
        await stop_consumer(self._consumer)


async def stop_consumer(consumer: AIOKafkaConsumer) -> None:
    """Disconnect, within a limit; consumers commit nothing, so nothing is lost.

    While no broker answers, `stop` itself is cancelled together with its pending fetch.
    """
    stopping = asyncio.create_task(consumer.stop())
    await asyncio.wait([stopping], timeout=STOP_TIMEOUT_S)
    if not stopping.done() or stopping.cancelled() or stopping.exception():
        stopping.cancel()
        await consumer._client.close()
