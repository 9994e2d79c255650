"""The brokers' own view: leaders, and open transactions."""

from collections.abc import AsyncIterator, Awaitable, Callable, Collection
from contextlib import asynccontextmanager

from aiokafka import AIOKafkaConsumer, TopicPartition
from aiokafka.admin import AIOKafkaAdminClient

IsOpen = Callable[[Collection[int]], Awaitable[bool]]


async def find_leader(address: str, topic: str, partition: int) -> int:
    """The number of the node that leads a partition."""
    admin = AIOKafkaAdminClient(bootstrap_servers=address)
    await admin.start()
    try:
        [described] = await admin.describe_topics([topic])
    finally:
        await admin.close()
    return next(int(each["leader"]) for each in described["partitions"] if each["partition"] == partition)


@asynccontextmanager
async def watch_transactions(address: str, topic: str) -> AsyncIterator[IsOpen]:
    """A function that checks whether a transaction is open in any of some partitions of a topic."""
    async with (
        AIOKafkaConsumer(bootstrap_servers=address) as uncommitted,
        AIOKafkaConsumer(bootstrap_servers=address, isolation_level="read_committed") as committed,
    ):

        async def is_open(partitions: Collection[int]) -> bool:
            sources = [TopicPartition(topic, partition) for partition in partitions]
            if not sources:
                return False
            return bool(await committed.end_offsets(sources) != await uncommitted.end_offsets(sources))

        yield is_open
