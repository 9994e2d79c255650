"""What the servers' own tests do with a broker."""

import asyncio
import uuid
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from aiokafka import AIOKafkaConsumer, AIOKafkaProducer, TopicPartition
from aiokafka.admin import AIOKafkaAdminClient, NewTopic


async def new_topic(address: str, replicas: int = 1) -> str:
    """A topic of one partition, by a name that no other test has."""
    name = f"servers-{uuid.uuid4().hex}"
    admin = AIOKafkaAdminClient(bootstrap_servers=address)
    await admin.start()
    try:
        await admin.create_topics([NewTopic(name, 1, replicas)])
    finally:
        await admin.close()
    return name


@asynccontextmanager
async def producing(address: str) -> AsyncIterator[AIOKafkaProducer]:
    """An idempotent producer, for a minute at most."""
    async with asyncio.timeout(60):
        async with AIOKafkaProducer(
            bootstrap_servers=address,
            acks="all",
            enable_idempotence=True,
            request_timeout_ms=5_000,
            retry_backoff_ms=50,
        ) as producer:
            yield producer


async def stored(address: str, topic: str) -> list[bytes]:
    """All values of the topic's only partition."""
    place = TopicPartition(topic, 0)
    async with asyncio.timeout(60), AIOKafkaConsumer(bootstrap_servers=address) as consumer:
        consumer.assign([place])
        end = (await consumer.end_offsets([place]))[place]
        consumer.seek(place, 0)
        return [(await consumer.getone()).value for _ in range(end)]
