"""What aiokafka raises, said as the ports say it."""

import ssl
from collections.abc import Iterator
from contextlib import contextmanager

from aiokafka import errors as kafka

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


@contextmanager
def translated(address: KafkaAddress) -> Iterator[None]:
    """Turn what the client raises into LogError, with the remedy."""
    try:
        yield
    except (kafka.KafkaError, TransactionLost, TimeoutError, OSError) as error:
        raise said(address, error) from error


def said(address: KafkaAddress, error: BaseException) -> LogError:
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
    (
        (kafka.UnsupportedSaslMechanismError,),
        LogForbidden,
        "see sasl= in the log's URL",
    ),
    ((ssl.SSLError,), LogForbidden, "see tls=, ca_file= and cert_file= in the log's URL"),
    (
        (kafka.KafkaConnectionError, kafka.NodeNotReadyError, OSError),
        LogUnavailable,
        "see that Kafka runs there, and whether it asks for tls= or sasl= in the log's URL",
    ),
)
