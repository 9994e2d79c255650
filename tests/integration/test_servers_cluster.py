"""Three brokers of which one may fail."""

import asyncio
from pathlib import Path

from aiokafka.admin import AIOKafkaAdminClient

from tests.servers.kafka_client import new_topic, producing, stored
from tests.servers.kafka_cluster import KafkaCluster


async def leader_of(address: str, topic: str) -> int:
    """The leading node of the topic's partition, as soon as it has one that its clients know of."""
    admin = AIOKafkaAdminClient(bootstrap_servers=address)
    await admin.start()
    try:
        async with asyncio.timeout(20):
            while True:
                (described,) = await admin.describe_topics([topic])
                for partition in described["partitions"]:
                    if partition["leader"] >= 0:
                        return int(partition["leader"])
    finally:
        await admin.close()


async def test_what_is_acknowledged_outlives_the_leader(tmp_path: Path) -> None:
    with KafkaCluster(tmp_path) as cluster:
        topic = await new_topic(cluster.address, replicas=3)
        leader = cluster.server(await leader_of(cluster.address, topic))
        survivors = {server.node.id for server in cluster.servers} - {leader.node.id}
        async with producing(cluster.address) as producer:
            await producer.send_and_wait(topic, b"before")
            leader.kill()
            await producer.send_and_wait(topic, b"without it")
            assert await leader_of(cluster.address, topic) in survivors
            assert not cluster.running
            await asyncio.to_thread(leader.start)
            await producer.send_and_wait(topic, b"after")
        assert await stored(leader.address, topic) == [b"before", b"without it", b"after"]
