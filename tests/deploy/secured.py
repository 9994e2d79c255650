"""A broker that requires authentication and grants rights only by ACL."""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import NamedTuple

from tests.servers.kafka import KafkaServer

ADMIN = "admin"
NAME = "tidemark"
_PASSWORD = "of no use elsewhere"  # noqa: S105


class Secured(NamedTuple):
    """A running broker, and the URLs of its users."""

    address: str
    password_file: Path

    def url(self, user: str) -> str:
        """The log's URL for a Kafka user."""
        return f"kafka://{self.address}/{NAME}?sasl=PLAIN&user={user}&password_file={self.password_file}"

    def url_of(self, part: str) -> str:
        """The log's URL for a part of the table."""
        return self.url(f"{NAME}-{part}")


@contextmanager
def run_secured_broker(folder: Path, parts: Iterable[str]) -> Iterator[Secured]:
    """A broker with Kafka's own authorizer; its users are an admin, a stranger, and one for each part."""
    password = folder / "password"
    password.write_text(_PASSWORD)
    users = [ADMIN, "stranger", *(f"{NAME}-{part}" for part in parts)]
    passwords = " ".join(f'user_{user}="{_PASSWORD}"' for user in users)
    plain = "org.apache.kafka.common.security.plain.PlainLoginModule"
    properties = {
        "listener.security.protocol.map": "CLIENT:SASL_PLAINTEXT,INTERNAL:PLAINTEXT,CONTROLLER:PLAINTEXT",
        "listener.name.client.sasl.enabled.mechanisms": "PLAIN",
        "listener.name.client.plain.sasl.jaas.config": f"{plain} required {passwords};",
        "authorizer.class.name": "org.apache.kafka.metadata.authorizer.StandardAuthorizer",
        "super.users": f"User:{ADMIN};User:ANONYMOUS",
    }
    with KafkaServer(folder / "kafka", properties) as broker:
        yield Secured(broker.address, password)
