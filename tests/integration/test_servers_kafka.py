"""The brokers that tests get: real, of one's own, and hard to break by accident."""

import asyncio
from pathlib import Path

import pytest
from aiokafka import AIOKafkaConsumer, AIOKafkaProducer, TopicPartition
from aiokafka.errors import KafkaError

from tests.servers.kafka import KafkaServer
from tests.servers.kafka_client import new_topic, producing, stored
from tests.servers.kafka_properties import node_on_free_ports
from tests.servers.ports import free_port
from tests.servers.process import ServerFailed
from tests.servers.proxy import Proxy


async def test_what_is_sent_to_the_runs_broker_is_read_back(kafka: str) -> None:
    topic = await new_topic(kafka)
    async with producing(kafka) as producer:
        await producer.send_and_wait(topic, b"a")
    assert await stored(kafka, topic) == [b"a"]


async def test_a_topic_nobody_made_is_not_made_by_asking_for_it(kafka: str) -> None:
    async with AIOKafkaConsumer(bootstrap_servers=kafka) as consumer:
        consumer.assign([TopicPartition("nobody-made-this", 0)])
        assert "nobody-made-this" not in await consumer.topics()


async def test_what_is_acknowledged_outlives_stop_kill_and_pause(tmp_path: Path) -> None:
    with KafkaServer(tmp_path) as server:
        address, topic = server.address, await new_topic(server.address)
        async with producing(address) as producer:
            await producer.send_and_wait(topic, b"before")
            await asyncio.to_thread(server.restart)
            await producer.send_and_wait(topic, b"stopped")
            server.kill()
            assert not server.running
            assert not server.live_nodes()
            await asyncio.to_thread(server.start)
            await producer.send_and_wait(topic, b"killed")
            server.pause()
            waiting = asyncio.create_task(producer.send_and_wait(topic, b"paused"))
            assert not await asyncio.to_thread(server.live_nodes)
            assert not waiting.done()
            server.resume()
            await waiting
        assert server.address == address
        assert await stored(address, topic) == [b"before", b"stopped", b"killed", b"paused"]


async def test_clients_reach_a_broker_through_the_proxy_it_advertises(tmp_path: Path) -> None:
    proxied = node_on_free_ports(advertised_port=free_port())
    with KafkaServer(tmp_path, node=proxied) as server:
        async with Proxy(proxied.advertised_port, proxied.port) as proxy:
            topic = await new_topic(server.address)
            async with producing(server.address) as producer:
                await producer.send_and_wait(topic, b"a")
                proxy.refuse()
                assert proxy.cut() >= 1
                waiting = asyncio.create_task(producer.send_and_wait(topic, b"b"))
                with pytest.raises(KafkaError):
                    await new_topic(server.address)
                assert not waiting.done()
                await proxy.accept()
                await waiting
            assert await stored(server.address, topic) == [b"a", b"b"]


async def test_properties_win_over_the_tests_own(tmp_path: Path) -> None:
    login = 'org.apache.kafka.common.security.plain.PlainLoginModule required user_gateway="secret";'
    secured = {
        "listener.security.protocol.map": "CLIENT:SASL_PLAINTEXT,INTERNAL:PLAINTEXT,CONTROLLER:PLAINTEXT",
        "listener.name.client.sasl.enabled.mechanisms": "PLAIN",
        "listener.name.client.plain.sasl.jaas.config": login,
    }
    with KafkaServer(tmp_path, secured) as server:
        for password, good in (("secret", True), ("guess", False)):
            producer = AIOKafkaProducer(
                bootstrap_servers=server.address,
                security_protocol="SASL_PLAINTEXT",
                sasl_mechanism="PLAIN",
                sasl_plain_username="gateway",
                sasl_plain_password=password,
            )
            try:
                await producer.start()
            except KafkaError:
                assert not good
            else:
                assert good
            finally:
                await producer.stop()


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
