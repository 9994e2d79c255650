"""Only reads and counts: the floor for every Python program on aiokafka."""

import asyncio
import time

from aiokafka import AIOKafkaConsumer
from job import arguments

COMMIT_S = 0.1
"""Short, since it reads a topic in seconds and the bench measures from commit to commit."""


async def main() -> None:
    """Read until terminated; commit the offsets reached."""
    given = arguments()
    consumer = AIOKafkaConsumer(
        given.topic,
        bootstrap_servers=given.broker,
        group_id=given.group,
        auto_offset_reset="earliest",
        enable_auto_commit=False,
    )
    await consumer.start()
    try:
        count, committed, next_commit = 0, 0, time.monotonic()
        while True:
            for records in (await consumer.getmany(timeout_ms=100)).values():
                count += len(records)
            if count > committed and time.monotonic() >= next_commit:
                await consumer.commit()
                committed, next_commit = count, time.monotonic() + COMMIT_S
    finally:
        await consumer.stop()


if __name__ == "__main__":
    asyncio.run(main())
