"""The topics of a log on Kafka: what they must be, and how the missing ones are created."""

import asyncio
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from typing import Any

from aiokafka.admin import AIOKafkaAdminClient, NewTopic
from aiokafka.admin.config_resource import ConfigResource, ConfigResourceType
from aiokafka.errors import TopicAlreadyExistsError, UnknownTopicOrPartitionError, for_code

from tidemark.streams.contracts.identity import Content, LogIdentity
from tidemark.streams.log.engine import Topic
from tidemark.streams.log.errors import LogUnavailable, TopicsDiffer

from .address import KafkaAddress
from .client import connect, translate_errors
from .producing import MAX_MESSAGE_BYTES

SIGNALS_RETENTION_MS = 7 * 86_400_000
_FOREVER = "-1"
_ANY_TIME = str((1 << 63) - 1)
_TRIES, _PAUSE_S = 100, 0.1
_MANY_REPLICAS = 3

GIVEN_ARRIVAL = {"message.timestamp.type": "CreateTime", "message.timestamp.after.max.ms": _ANY_TIME}

_COMPACTED = {
    "cleanup.policy": "compact",
    "max.message.bytes": str(MAX_MESSAGE_BYTES),
    "segment.bytes": str(64 << 20),
    "min.cleanable.dirty.ratio": "0.2",
}


def log_topics(address: KafkaAddress, identity: LogIdentity) -> list[Topic]:
    """The topics for facts, kept for ever, for signals, kept for a week, and the control topic."""
    arrival = arrival_settings(identity.content)
    return [
        Topic(
            address.topic("facts"),
            identity.partitions,
            {"cleanup.policy": "delete", "retention.ms": _FOREVER, "retention.bytes": _FOREVER, **arrival},
        ),
        Topic(
            address.topic("signals"),
            identity.partitions,
            {"cleanup.policy": "delete", "retention.ms": str(SIGNALS_RETENTION_MS), **arrival},
        ),
        Topic(address.topic("control"), 1, _COMPACTED),
    ]


def state_topics(address: KafkaAddress, partitions: int, generation: int) -> list[Topic]:
    """One generation of the published state and its dead letters."""
    return [Topic(address.topic(what, generation), partitions, _COMPACTED) for what in ("state", "dead")]


def arrival_settings(content: Content) -> dict[str, str]:
    """The broker's clock sets the arrival time of real events, the sender's clock that of others."""
    return {"message.timestamp.type": "LogAppendTime"} if content == "real" else GIVEN_ARRIVAL


@asynccontextmanager
async def open_topics(address: KafkaAddress) -> AsyncIterator["Topics"]:
    """The cluster's topics. Raises LogError."""
    with translate_errors(address):
        admin = AIOKafkaAdminClient(**address.client_settings())
        try:
            await connect(address, admin)
            yield Topics(admin)
        finally:
            await admin.close()


class Topics:
    """The cluster's topics, through a connected admin client."""

    def __init__(self, admin: AIOKafkaAdminClient) -> None:
        self._admin = admin

    async def find_missing(self, required: list[Topic]) -> list[Topic]:
        """The required topics that do not exist. Raises TopicsDiffer when an existing one differs."""
        existing = {topic["topic"]: topic for topic in await self._admin.describe_topics()}
        settings = await self._read_settings([topic.name for topic in required if topic.name in existing])
        differing = [
            difference
            for topic in required
            if topic.name in existing
            for difference in _find_differences(
                topic, len(existing[topic.name]["partitions"]), settings[topic.name]
            )
        ]
        if differing:
            raise TopicsDiffer(
                "; ".join(differing) + ". Change the topic (kafka-configs), or choose another name in the URL"
            )
        return [topic for topic in required if topic.name not in existing]

    async def create(self, topics: list[Topic], replication: int | None = None) -> None:
        """Create topics and wait until every partition has a leader. Existing topics stay as they are."""
        if not topics:
            return
        copies = replication or min(_MANY_REPLICAS, len((await self._admin.describe_cluster())["brokers"]))
        in_sync = str(2 if copies >= _MANY_REPLICAS else 1)
        response = await self._admin.create_topics(
            [
                NewTopic(name, partitions, copies, topic_configs={**settings, "min.insync.replicas": in_sync})
                for name, partitions, settings in topics
            ]
        )
        _raise_first(response.topic_errors, TopicAlreadyExistsError)
        await self._wait_for_leaders([topic.name for topic in topics])

    async def delete(self, names: list[str]) -> None:
        """Remove topics; those that do not exist are skipped."""
        if names:
            _raise_first(
                (await self._admin.delete_topics(names)).topic_error_codes, UnknownTopicOrPartitionError
            )

    async def names(self) -> list[str]:
        """All topics of the cluster that this client may see."""
        return await self._admin.list_topics()  # type: ignore[no-any-return]

    async def _read_settings(self, names: list[str]) -> dict[str, dict[str, str]]:
        """Every setting of these topics, defaults included."""
        settings = {}
        for name in names:
            [answer] = await self._admin.describe_configs([ConfigResource(ConfigResourceType.TOPIC, name)])
            settings[name] = {entry[0]: entry[1] for resource in answer.resources for entry in resource[4]}
        return settings

    async def _wait_for_leaders(self, names: list[str]) -> None:
        for _ in range(_TRIES):
            described = {t["topic"]: t for t in await self._admin.describe_topics()}
            if all(name in described and _has_leader(described[name]) for name in names):
                return
            await asyncio.sleep(_PAUSE_S)
        raise LogUnavailable(
            f"{', '.join(names)}: no leader after {_TRIES * _PAUSE_S:.0f} s; check the brokers' logs"
        )


def _has_leader(topic: Mapping[str, Any]) -> bool:
    return not topic["error_code"] and all(
        not partition["error_code"] and partition["leader"] >= 0 for partition in topic["partitions"]
    )


def _find_differences(required: Topic, partitions: int, settings: Mapping[str, str]) -> list[str]:
    differing = [
        f"{required.name}: {name} is {settings.get(name)}, not {value}"
        for name, value in required.settings.items()
        if settings.get(name) != value
    ]
    if partitions != required.partitions:
        differing.append(f"{required.name}: has {partitions} partitions, not {required.partitions}")
    return differing


def _raise_first(answers: Any, accepted: type[Exception]) -> None:
    for name, code, *message in answers:
        error = for_code(code)
        if code and error is not accepted:
            raise error(f"{name}: {next(filter(None, message), error.__name__)}")
