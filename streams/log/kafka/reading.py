"""Committed records of a topic's partitions, from any offset on.

One consumer without a group serves all partitions of a topic. It stores nothing: positions belong to the
callers, who keep them with what they made of the records, so a crash here loses nothing.

Guarantee of `TopicReader.read`: records in order, without those of aborted or open transactions; an empty
answer only if nothing is left up to the last end looked up or announced. A caller that has seen an end can
therefore rely on reaching it, and "no records" never means "not fetched yet".

- All partitions are assigned but paused; reading one resumes it, and aiokafka fetches ahead in the background
  from then on. `until` pauses it again. Fetches are short (_POLL_MS), because a broker answers one fetch of a
  connection at a time: one that waits for a quiet partition would hold up a partition resumed meanwhile.
- A seek discards what was fetched ahead, so it happens only when a caller asks for another offset than the
  one that follows its last read (`_next`).
- Offsets have gaps: transaction markers, aborted records, compaction, retention. The consumer's position
  moves past them, which is why `next` is taken from it and not from the last record. It may reach the end
  without any record.
- Until records come or the position reaches the end, `read` polls for at most the request timeout, then
  raises LogUnavailable. The end is the greatest one seen: a later answer may be smaller, and a commit shows
  a moment after it is acknowledged (`expect`).
- There is no reset policy (`auto_offset_reset="none"`), because a reset could overtake a seek and skip
  records silently. An offset that is out of range is either before the first record kept, then reading goes
  on there, or beyond the end, then the topic was created again and its totals are wrong: LogCorrupt.
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
"""How long a broker may keep a fetch open: while it does, aiokafka sends it no other one."""
_MANY = 20_000

ConsumerRecord = Any


class Chunk(NamedTuple):
    """Records in order, the offset to go on from, and whether more were known to follow."""

    records: list[ConsumerRecord]
    next: int
    more: bool


class TopicReader:
    """One consumer without a group; transactions that were aborted or are open are not seen.

    Partitions are fetched from the first time they are read. Positions are always set to
    explicit offsets: a reset policy could overtake a seek.
    """

    def __init__(
        self, address: KafkaAddress, consumer: AIOKafkaConsumer, places: list[TopicPartition]
    ) -> None:
        self._address = address
        self._consumer = consumer
        self._places = places
        self._next = [0] * len(places)
        self._ends = [0] * len(places)
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
            places = [TopicPartition(topic, partition) for partition in range(partitions)]
            try:
                await connect(address, consumer)
                if topic not in await consumer.topics():
                    raise UnknownTopicOrPartitionError(topic)
                consumer.assign(places)
                consumer.pause(*places)
                for place in places:
                    consumer.seek(place, 0)
                reader = cls(address, consumer, places)
                await reader.ends()
            except BaseException:
                await stop_consumer(consumer)
                raise
            return reader

    async def ends(self) -> list[int]:
        """For each partition the end of what is committed, looked up now."""
        with translate_errors(self._address):
            ends = await self._consumer.end_offsets(self._places)
        self._ends = [
            max(before, ends[place]) for before, place in zip(self._ends, self._places, strict=True)
        ]
        return list(self._ends)

    def expect(self, partition: int, end: int) -> None:
        """Say that records up to this end have been acknowledged."""
        self._ends[partition] = max(self._ends[partition], end)

    async def read(self, partition: int, start: int, limit: int) -> Chunk:
        """At most `limit` records; none only where none is left up to the end last looked up.

        Raises LogUnavailable when there should be some but none comes, LogCorrupt when the
        topic no longer holds that offset.
        """
        place = self._places[partition]
        async with self._turn:
            if self._next[partition] != start:
                self._consumer.seek(place, start)
            self._consumer.resume(place)
            for wait_ms in (0, *[_WAIT_MS] * (REQUEST_TIMEOUT_MS // _WAIT_MS)):
                with translate_errors(self._address):
                    fetched = await self._fetch(place, wait_ms, limit)
                    position = await self._consumer.position(place)
                self._next[partition] = position
                end = max(self._ends[partition], self._consumer.last_stable_offset(place) or 0)
                if fetched or position >= end:
                    return Chunk(fetched.get(place, []), position, position < end)
        raise LogUnavailable(
            f"{self._address.servers}: partition {partition} of {place.topic} ends at {end:,} but nothing "
            f"came after {position:,} for {REQUEST_TIMEOUT_MS // 1000} s; see that Kafka runs"
        )

    async def starts(self) -> list[int]:
        """For each partition the offset of the first record that is still kept."""
        with translate_errors(self._address):
            firsts = await self._consumer.beginning_offsets(self._places)
        return [firsts[place] for place in self._places]

    async def _fetch(
        self, place: TopicPartition, wait_ms: int, limit: int
    ) -> dict[TopicPartition, list[ConsumerRecord]]:
        """What came; where retention has removed the beginning, it goes on after the gap."""
        try:
            return await self._consumer.getmany(place, timeout_ms=wait_ms, max_records=limit)  # type: ignore[no-any-return]
        except OffsetOutOfRangeError as error:
            first = (await self._consumer.beginning_offsets([place]))[place]
            if await self._consumer.position(place) >= first:
                raise LogCorrupt(
                    f"{self._address.servers}: partition {place.partition} of {place.topic} ends before an "
                    "offset that was read from it; it was made anew, so `tidemark rebuild` the totals"
                ) from error
            self._consumer.seek(place, first)
            return {}

    async def until(self, partition: int, start: int, end: int) -> AsyncIterator[list[ConsumerRecord]]:
        """All records from `start` up to an end that was looked up; then nothing more is fetched."""
        while start < end:
            chunk = await self.read(partition, start, _MANY)
            yield [record for record in chunk.records if record.offset < end]
            start = chunk.next
        self._consumer.pause(self._places[partition])

    async def close(self) -> None:
        """Disconnect. May be called twice."""
        await stop_consumer(self._consumer)


async def stop_consumer(consumer: AIOKafkaConsumer) -> None:
    """Disconnect, within a limit; consumers commit nothing, so nothing is lost by it.

    While no broker answers, `stop` alone ends with the cancellation of its own fetch.
    """
    stopping = asyncio.create_task(consumer.stop())
    await asyncio.wait([stopping], timeout=STOP_TIMEOUT_S)
    if not stopping.done() or stopping.cancelled() or stopping.exception():
        stopping.cancel()
        await consumer._client.close()
