"""Topics of the bench: the facts that all peers read, and the totals that each publishes."""

import asyncio
import json
from collections.abc import Callable, Iterable

from aiokafka import AIOKafkaConsumer, AIOKafkaProducer, TopicPartition
from aiokafka.admin import AIOKafkaAdminClient
from aiokafka.producer.message_accumulator import BatchBuilder

from tests.bench.peers.facts import Totals, Truth
from tidemark.streams.log.kafka.topics import Topics
from tidemark.streams.log.port import Entry

BATCH_BYTES = 128 * 1024
READ_MS = 500
GONE_TRIES, GONE_PAUSE_S = 100, 0.2

Row = Callable[[bytes, bytes], tuple[str, int]]
"""Decodes a published key and value into the name of a total and its value."""


async def delete_topics(admin: AIOKafkaAdminClient, mark: str, but: str = "") -> None:
    """Delete all topics whose name contains `mark`, except `but`, and wait for it. Raises TimeoutError."""
    topics = Topics(admin)
    for _ in range(GONE_TRIES):
        names = [name for name in await topics.names() if mark in name and name != but]
        if not names:
            return
        await topics.delete(names)
        await asyncio.sleep(GONE_PAUSE_S)
    raise TimeoutError(f"{', '.join(names)}: still listed after deletion; delete them by hand")


async def fill_topic(broker: str, topic: str, entries: Iterable[Entry]) -> Totals:
    """Write the entries, with their arrival as timestamp, and return their totals."""
    truth = Truth()
    producer = AIOKafkaProducer(
        bootstrap_servers=broker, compression_type="lz4", max_batch_size=BATCH_BYTES, acks="all"
    )
    await producer.start()
    try:
        batches: dict[int, BatchBuilder] = {}
        for entry in entries:
            event = json.loads(entry.value)
            truth.add(event)
            key = event["data"]["sensor_id"].encode()
            batch = batches.setdefault(entry.partition, producer.create_batch())
            if batch.append(key=key, value=entry.value, timestamp=entry.arrival_ms) is None:
                await producer.send_batch(batch, topic, partition=entry.partition)
                batch = batches[entry.partition] = producer.create_batch()
                batch.append(key=key, value=entry.value, timestamp=entry.arrival_ms)
        for partition, batch in batches.items():
            await producer.send_batch(batch, topic, partition=partition)
        await producer.flush()
    finally:
        await producer.stop()
    return dict(truth.totals)


async def read_totals(broker: str, admin: AIOKafkaAdminClient, mark: str, row: Row) -> Totals:
    """The totals in the topics whose name contains `mark`: the last values of each partition, summed."""
    topics = await admin.describe_topics([name for name in await admin.list_topics() if mark in name])
    partitions = [TopicPartition(t["topic"], p["partition"]) for t in topics for p in t["partitions"]]
    consumer = AIOKafkaConsumer(
        bootstrap_servers=broker, isolation_level="read_committed", enable_auto_commit=False
    )
    await consumer.start()
    try:
        latest = await _latest(consumer, partitions)
    finally:
        await consumer.stop()
    totals: Totals = {}
    for (_, key), value in latest.items():
        name, total = row(key, value)
        totals[name] = totals.get(name, 0) + total
    return totals


async def _latest(
    consumer: AIOKafkaConsumer, partitions: list[TopicPartition]
) -> dict[tuple[TopicPartition, bytes], bytes]:
    """The last value of each key of each partition, up to the present ends."""
    ends = await consumer.end_offsets(partitions)
    begins = await consumer.beginning_offsets(partitions)
    consumer.assign(partitions)
    for partition in partitions:
        consumer.seek(partition, begins[partition])
    latest: dict[tuple[TopicPartition, bytes], bytes] = {}
    while any([await consumer.position(partition) < ends[partition] for partition in partitions]):
        for partition, records in (await consumer.getmany(timeout_ms=READ_MS)).items():
            for record in records:
                if record.value is None:
                    latest.pop((partition, record.key), None)
                else:
                    latest[partition, record.key] = record.value
    return latest
