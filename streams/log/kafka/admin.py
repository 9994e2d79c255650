"""confluent-kafka's client, for what aiokafka's has no calls for: access rights, single settings of topics.

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
"""librdkafka gives a request up after REQUEST_TIMEOUT_MS; this is for the case that it does not."""


@asynccontextmanager
async def connect_admin(address: KafkaAddress) -> AsyncIterator[AdminClient]:
    """A client of the cluster, closed at the end. Raises LogError, also for KafkaException in the block."""
    async with open_topics(address):
        pass  # aiokafka says what keeps a client out; librdkafka would only time out
    with translate_errors(address):
        try:
            with AdminClient(_client_settings(address)) as client:
                yield client
        except KafkaException as failure:
            error = failure.args[0]
            kind = for_code(error.code()) if error.code() > 0 else KafkaConnectionError
            raise kind(error.str()) from failure


async def wait_for(*answers: "Future[Any]") -> list[Any]:
    """What the brokers answer. Raises KafkaException for the first request that failed, TimeoutError."""
    async with asyncio.timeout(_ANSWER_LIMIT_S):
        return [await asyncio.wrap_future(answer) for answer in answers]


async def change_settings(address: KafkaAddress, topics: Iterable[str], settings: Mapping[str, str]) -> None:
    """Change these settings of topics and leave their others. Raises LogError."""
    changes = [ConfigEntry(*item, incremental_operation=AlterConfigOpType.SET) for item in settings.items()]
    resources = [ConfigResource("topic", topic, incremental_configs=changes) for topic in topics]
    async with connect_admin(address) as client:
        await wait_for(*client.incremental_alter_configs(resources).values())


def _client_settings(address: KafkaAddress) -> dict[str, str | int | float | bool]:
    """How librdkafka connects: as aiokafka does, without a log of its own. Raises LogAddressInvalid."""
    given, options = address.client_settings(), address.options
    authorities = options.ca_file or ssl.get_default_verify_paths().cafile
    settings = {
        "bootstrap.servers": given["bootstrap_servers"],
        "socket.timeout.ms": given["request_timeout_ms"],
        "security.protocol": given["security_protocol"],
        "sasl.mechanism": given.get("sasl_mechanism"),
        "sasl.username": given.get("sasl_plain_username"),
        "sasl.password": given.get("sasl_plain_password"),
        "ssl.ca.location": authorities if options.encrypted else None,
        "ssl.certificate.location": options.cert_file,
        "ssl.key.location": options.key_file,
        "log_level": 0,
    }
    return {name: value for name, value in settings.items() if value is not None}
