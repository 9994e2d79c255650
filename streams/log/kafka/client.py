"""Connects clients and translates aiokafka's errors into those of the port.

Where aiokafka only reports that it could not connect, the reason is looked up.
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
    """Start a client. Raises the reason why it cannot reach its brokers: KafkaError, OSError."""
    try:
        await client.start()
    except kafka.KafkaConnectionError as error:
        raise await _find_reason(address) or error from error


async def _find_reason(address: KafkaAddress) -> Exception | None:
    """The error of the first broker that refuses a connection; None if none does."""
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
    """Turn the client's errors into LogError, with the remedy."""
    try:
        yield
    except (kafka.KafkaError, TransactionLost, TimeoutError, OSError) as error:
        raise translate_error(address, error) from error


def translate_error(address: KafkaAddress, error: BaseException) -> LogError:
    """The LogError that a client's error means."""
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
    ((kafka.UnknownTopicOrPartitionError,), LogMissing, "create the topics with `tidemark topics apply`"),
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
        "send a smaller record, or raise max.message.bytes of the topic",
    ),
    (
        (kafka.UnsupportedVersionError, kafka.IncompatibleBrokerVersion),
        LogUnsafe,
        "use brokers of Apache Kafka 4",
    ),
    ((kafka.UnsupportedSaslMechanismError,), LogForbidden, "see sasl= in the log's URL"),
    ((ssl.SSLError,), LogForbidden, "see tls=, ca_file= and cert_file= in the log's URL"),
    (
        (kafka.KafkaConnectionError, kafka.NodeNotReadyError, OSError),
        LogUnavailable,
        "check that Kafka runs there, and whether it needs tls= or sasl= in the log's URL",
    ),
)
