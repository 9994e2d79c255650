"""What the brokers themselves know: leaders, and transactions that are open."""

from collections.abc import AsyncIterator, Awaitable, Callable, Collection
from contextlib import asynccontextmanager

from aiokafka import AIOKafkaConsumer, TopicPartition
from aiokafka.admin import AIOKafkaAdminClient

IsOpen = Callable[[Collection[int]], Awaitable[bool]]


async def leader_of(address: str, topic: str, partition: int) -> int:
    """The number of the node that leads it."""
    admin = AIOKafkaAdminClient(bootstrap_servers=address)
    await admin.start()
    try:
        [described] = await admin.describe_topics([topic])
    finally:
        await admin.close()
    return next(int(each["leader"]) for each in described["partitions"] if each["partition"] == partition)


@asynccontextmanager
async def transactions_seen(address: str, topic: str) -> AsyncIterator[IsOpen]:
    """A look that says whether a transaction is open in one of some partitions of a topic."""
    async with (
        AIOKafkaConsumer(bootstrap_servers=address) as all_seen,
        AIOKafkaConsumer(bootstrap_servers=address, isolation_level="read_committed") as committed,
    ):

        async def is_open(partitions: Collection[int]) -> bool:
            places = [TopicPartition(topic, partition) for partition in partitions]
            if not places:
                return False
            return bool(await committed.end_offsets(places) != await all_seen.end_offsets(places))

        yield is_open
