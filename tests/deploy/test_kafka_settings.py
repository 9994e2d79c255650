"""deploy/kafka/server.properties against a broker of the same version."""

from aiokafka.admin import AIOKafkaAdminClient
from aiokafka.admin.config_resource import ConfigResource, ConfigResourceType

from tests.support.commands import ROOT

FILE = ROOT / "deploy/kafka/server.properties"


def read_settings() -> dict[str, str]:
    lines = FILE.read_text("utf-8").splitlines()
    return dict(line.split("=", 1) for line in lines if line and not line.startswith("#"))


async def list_supported(address: str) -> set[str]:
    """The names of all settings of the broker."""
    admin = AIOKafkaAdminClient(bootstrap_servers=address)
    await admin.start()
    try:
        [answer] = await admin.describe_configs([ConfigResource(ConfigResourceType.BROKER, "1")])
    finally:
        await admin.close()
    return {entry[0] for resource in answer.resources for entry in resource[4]}


async def test_the_broker_supports_every_setting(kafka: str) -> None:
    """Kafka accepts a misspelt setting without an error."""
    supported = await list_supported(kafka)
    assert set(read_settings()) <= supported
    assert "auto.create.topic.enable" not in supported


def test_kafkas_own_topics_are_made_with_one_broker() -> None:
    factors = {name: value for name, value in read_settings().items() if name.endswith("replication.factor")}
    assert len(factors) == 3
    assert set(factors.values()) == {"1"}
