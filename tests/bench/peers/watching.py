"""Reads the state of a consumer group from the broker."""

from aiokafka.admin import AIOKafkaAdminClient
from aiokafka.errors import KafkaError


async def is_assigned(admin: AIOKafkaAdminClient, group: str) -> bool:
    """Whether the group's members have their partitions."""
    try:
        answers = await admin.describe_consumer_groups([group])
    except KafkaError:  # the group has no coordinator yet
        return False
    return any(answer_group[2] == "Stable" for answer in answers for answer_group in answer.groups)


async def count_committed(admin: AIOKafkaAdminClient, group: str, topic: str) -> int:
    """The number of events of the topic that the group has committed."""
    try:
        offsets = await admin.list_consumer_group_offsets(group)
    except KafkaError:
        return 0
    return sum(max(place.offset, 0) for partition, place in offsets.items() if partition.topic == topic)
