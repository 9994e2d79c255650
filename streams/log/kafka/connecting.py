"""Connecting a client. Where aiokafka only says that it could not, the reason is looked up."""

from typing import Protocol

from aiokafka.conn import collect_hosts, create_conn
from aiokafka.errors import KafkaConnectionError, KafkaError

from .address import KafkaAddress


class Client(Protocol):
    """A consumer or an admin client."""

    async def start(self) -> None:
        """Connect to the first broker that answers."""
        ...


async def connect(address: KafkaAddress, client: Client) -> None:
    """Start a client. Raises what keeps it from its brokers: KafkaError, OSError."""
    try:
        await client.start()
    except KafkaConnectionError as error:
        raise await _reason(address) or error from error


async def _reason(address: KafkaAddress) -> Exception | None:
    """What a connection to a broker fails with; None where all can be made."""
    settings = address.client_settings()
    for host, port, _ in collect_hosts(settings.pop("bootstrap_servers")):
        try:
            connection = await create_conn(host, port, **settings)
        except (KafkaError, OSError) as error:
            return error
        connection.close()
    return None
