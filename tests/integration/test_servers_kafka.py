"""The brokers of the tests: no topic is created by accident, and failures show the broker's log."""

from pathlib import Path

import pytest
from aiokafka import AIOKafkaConsumer, TopicPartition

from tests.servers.kafka import KafkaServer
from tests.servers.process import ServerFailed


async def test_a_missing_topic_is_not_created_by_reading_it(kafka: str) -> None:
    async with AIOKafkaConsumer(bootstrap_servers=kafka) as consumer:
        consumer.assign([TopicPartition("nobody-made-this", 0)])
        assert "nobody-made-this" not in await consumer.topics()


def test_a_broker_that_cannot_start_shows_its_log(tmp_path: Path) -> None:
    server = KafkaServer(tmp_path, {"num.io.threads": "none"})
    with pytest.raises(ServerFailed, match=r"broker\.log(.|\n)*num\.io\.threads"):
        server.start()
    assert not server.running


def test_an_error_in_the_block_names_the_log(tmp_path: Path) -> None:
    server = KafkaServer(tmp_path)
    error = ValueError("something else")
    server.__exit__(ValueError, error, None)
    assert error.__notes__ == [f"the broker's log: {tmp_path / 'broker.log'}"]
