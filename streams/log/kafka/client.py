"""Connecting a client, and what aiokafka raises, said as the ports say it.

Where aiokafka only says that it could not connect, the reason is looked up.
"""

import ssl
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Protocol

from aiokafka import errors as kafka
from aiokafka.conn import collect_hosts, create_conn

from tidemark.streams.log.errors import (
    LogError,
    LogForbidden,
    LogMissing,
    LogUnavailable,
    LogUnsafe,
    RecordTooLarge,
)

from .address import KafkaAddress
from .producing import TransactionLost


class Client(Protocol):
    """A consumer or an admin client."""

    async def start(self) -> None:
        """Connect to the first broker that answers."""
        ...


async def connect(address: KafkaAddress, client: Client) -> None:
    """Start a client. Raises what keeps it from its brokers: KafkaError, OSError."""
    try:
        await client.start()
    except kafka.KafkaConnectionError as error:
        raise await _reason(address) or error from error


async def _reason(address: KafkaAddress) -> Exception | None:
    """What a connection to a broker fails with; None where all can be made."""
    settings = address.client_settings()
    for host, port, _ in collect_hosts(settings.pop("bootstrap_servers")):
        try:
            connection = await create_conn(host, port, **settings)
        except (kafka.KafkaError, OSError) as error:
            return error
        connection.close()
    return None


@contextmanager
def translate_errors(address: KafkaAddress) -> Iterator[None]:
    """Turn what the client raises into LogError, with the remedy."""
    try:
        yield
    except (kafka.KafkaError, TransactionLost, TimeoutError, OSError) as error:
        raise translate_error(address, error) from error


def translate_error(address: KafkaAddress, error: BaseException) -> LogError:
    """The LogError that an error of the client means."""
    if isinstance(error, LogError):
        return error
    name, text = type(error).__name__, str(error)
    if name not in text:
        text = f"{name}: {text}" if text else name
    kind, remedy = next(
        ((kind, remedy) for causes, kind, remedy in _MEANINGS if isinstance(error, causes)),
        (LogUnavailable, "trying again is safe"),
    )
    return kind(f"{address.servers}, {address.name}: {text}; {remedy}")


_MEANINGS: tuple[tuple[tuple[type[BaseException], ...], type[LogError], str], ...] = (
    ((kafka.UnknownTopicOrPartitionError,), LogMissing, "`tidemark topics apply` makes the topics"),
    (
        (
            kafka.TopicAuthorizationFailedError,
            kafka.GroupAuthorizationFailedError,
            kafka.ClusterAuthorizationFailedError,
            kafka.TransactionalIdAuthorizationFailed,
        ),
        LogForbidden,
        "deploy/kafka/acls.toml lists the rights that each service needs",
    ),
    (
        (kafka.AuthenticationFailedError, kafka.SaslAuthenticationFailed),
        LogForbidden,
        "see user= and password_file= in the log's URL",
    ),
    (
        (kafka.MessageSizeTooLargeError, kafka.RecordListTooLargeError),
        RecordTooLarge,
        "send a smaller one, or raise max.message.bytes of the topic",
    ),
    (
        (kafka.UnsupportedVersionError, kafka.IncompatibleBrokerVersion),
        LogUnsafe,
        "Tidemark is for Apache Kafka 4",
    ),
    ((kafka.UnsupportedSaslMechanismError,), LogForbidden, "see sasl= in the log's URL"),
    ((ssl.SSLError,), LogForbidden, "see tls=, ca_file= and cert_file= in the log's URL"),
    (
        (kafka.KafkaConnectionError, kafka.NodeNotReadyError, OSError),
        LogUnavailable,
        "see that Kafka runs there, and whether it asks for tls= or sasl= in the log's URL",
    ),
)
