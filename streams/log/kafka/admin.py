"""confluent-kafka's client, for calls that aiokafka does not have: access rights, single settings of topics.

It is an optional extra, so this module and rights.py are imported only where they are used (decision 0029).
"""

import asyncio
import ssl
from collections.abc import AsyncIterator, Iterable, Mapping
from concurrent.futures import Future
from contextlib import asynccontextmanager
from typing import Any

from aiokafka.errors import KafkaConnectionError, for_code
from confluent_kafka import KafkaException
from confluent_kafka.admin import AdminClient, AlterConfigOpType, ConfigEntry, ConfigResource

from .address import REQUEST_TIMEOUT_MS, KafkaAddress
from .client import translate_errors
from .topics import open_topics

_ANSWER_LIMIT_S = 2 * REQUEST_TIMEOUT_MS / 1_000
"""librdkafka gives up a request after REQUEST_TIMEOUT_MS; this limit is for the case that it does not."""


@asynccontextmanager
async def connect_admin(address: KafkaAddress) -> AsyncIterator[AdminClient]:
    """A client of the cluster, closed at the end. Raises LogError, also for KafkaException in the block."""
    async with open_topics(address):
        pass  # aiokafka reports why a client cannot connect; librdkafka would only time out
    with translate_errors(address):
        try:
            with AdminClient(_client_settings(address)) as client:
                yield client
        except KafkaException as failure:
            error = failure.args[0]
            kind = for_code(error.code()) if error.code() > 0 else KafkaConnectionError
            raise kind(error.str()) from failure


async def wait_for(*answers: "Future[Any]") -> list[Any]:
    """The brokers' answers. Raises KafkaException for the first request that failed, TimeoutError."""
    async with asyncio.timeout(_ANSWER_LIMIT_S):
        return [await asyncio.wrap_future(answer) for answer in answers]


async def change_settings(address: KafkaAddress, topics: Iterable[str], settings: Mapping[str, str]) -> None:
    """Change these settings of the topics, leaving their other settings alone. Raises LogError."""
    changes = [ConfigEntry(*item, incremental_operation=AlterConfigOpType.SET) for item in settings.items()]
    resources = [ConfigResource("topic", topic, incremental_configs=changes) for topic in topics]
    async with connect_admin(address) as client:
        await wait_for(*client.incremental_alter_configs(resources).values())


def _client_settings(address: KafkaAddress) -> dict[str, str | int | float | bool]:
    """librdkafka's settings, from those of aiokafka; its own logging is off. Raises LogAddressInvalid."""
    shared, options = address.client_settings(), address.options
    authorities = options.ca_file or ssl.get_default_verify_paths().cafile
    settings = {
        "bootstrap.servers": shared["bootstrap_servers"],
        "socket.timeout.ms": shared["request_timeout_ms"],
        "security.protocol": shared["security_protocol"],
        "sasl.mechanism": shared.get("sasl_mechanism"),
        "sasl.username": shared.get("sasl_plain_username"),
        "sasl.password": shared.get("sasl_plain_password"),
        "ssl.ca.location": authorities if options.encrypted else None,
        "ssl.certificate.location": options.cert_file,
        "ssl.key.location": options.key_file,
        "log_level": 0,
    }
    return {name: value for name, value in settings.items() if value is not None}
