"""TLS and SCRAM on a real broker: access with the right settings, and messages about wrong ones."""

import asyncio
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import pytest
from aiokafka.admin import AIOKafkaAdminClient
from aiokafka.admin.config_resource import ConfigResource, ConfigResourceType

from tests.servers.kafka import KafkaServer
from tests.support.commands import succeed, tidemark
from tests.support.events import IDENTITY
from tests.support.folding import NOON, count
from tests.support.kafka_logs import append, check_rows, make_log
from tests.support.secured_kafka import PASSWORD, USER, Login, add_user, tls_and_scram
from tests.support.watching import open_watch
from tidemark.streams.contracts.civil import Grain
from tidemark.streams.families.footfall import FOOTFALL_PLACE
from tidemark.streams.log import engine_of
from tidemark.streams.log.kafka.address import parse_kafka
from tidemark.streams.log.kafka.admin import change_settings

pytestmark = pytest.mark.xdist_group("kafka-secured")


class Secured(NamedTuple):
    """A running broker, and the login of its clients."""

    address: str
    login: Login

    def url(self, **changed: str | Path | None) -> str:
        """The log's URL with the right settings, except those that are changed, or omitted with None."""
        right = {
            "ca_file": self.login.ca_file,
            "sasl": "SCRAM-SHA-512",
            "user": USER,
            "password_file": self.login.password_file,
        }
        given = {name: value for name, value in {**right, **changed}.items() if value is not None}
        return f"kafka://{self.address}/secured?" + "&".join(f"{k}={v}" for k, v in given.items())


@pytest.fixture(scope="module")
def broker(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Secured]:
    folder = tmp_path_factory.mktemp("secured")
    properties, login = tls_and_scram(folder)
    with KafkaServer(folder / "kafka", properties) as server:
        add_user(server)
        yield Secured(server.address, login)


async def test_a_log_is_created_filled_folded_and_read_over_tls_with_a_password(broker: Secured) -> None:
    url = broker.url()
    await make_log(url)
    await append(url, count("e1", NOON, 5))
    succeed("ledger", "--log", url, "--until-caught-up")
    async with open_watch(url, (FOOTFALL_PLACE, Grain.DAY)) as screen:
        assert await screen.look() == 5
    await check_rows(url)


@pytest.mark.parametrize("authority", ["file", "system"])
async def test_the_admin_client_uses_the_same_login_and_changes_only_the_given_setting(
    broker: Secured, monkeypatch: pytest.MonkeyPatch, authority: str
) -> None:
    if authority == "system":
        monkeypatch.setenv("SSL_CERT_FILE", str(broker.login.ca_file))
    url = broker.url() if authority == "file" else broker.url(ca_file=None, tls="on")
    await engine_of(url).apply_topics(IDENTITY)
    address = parse_kafka(url)
    before = await describe_topic(url, address.topic("signals"))
    await change_settings(address, [address.topic("signals")], {"retention.ms": "1000"})
    async with asyncio.timeout(30):
        while (after := await describe_topic(url, address.topic("signals"))) == before:
            pass
    assert after == before | {"retention.ms": "1000"}
    await change_settings(address, [address.topic("signals")], {"retention.ms": before["retention.ms"]})


async def describe_topic(url: str, topic: str) -> dict[str, str]:
    """A topic's settings as seen by the log's client."""
    admin = AIOKafkaAdminClient(**parse_kafka(url).client_settings())
    await admin.start()
    try:
        [answer] = await admin.describe_configs([ConfigResource(ConfigResourceType.TOPIC, topic)])
    finally:
        await admin.close()
    return {entry[0]: entry[1] for resource in answer.resources for entry in resource[4]}


def expect_refusal(url: str, code: int = 1) -> str:
    done = tidemark("log", "show", "--log", url)
    message = " ".join(done.stderr.split())
    assert done.returncode == code, message
    assert len(message) < 600
    return message


def test_a_wrong_password_ends_a_command_and_is_not_printed(broker: Secured, tmp_path: Path) -> None:
    wrong = tmp_path / "wrong"
    wrong.write_text("battery staple")
    message = expect_refusal(broker.url(password_file=wrong))
    assert "see user= and password_file= in the log's URL" in message
    assert "battery" not in message
    assert PASSWORD not in message


@pytest.mark.parametrize(
    ("changed", "code", "remedy"),
    [
        ({"user": "nobody"}, 1, "user= and password_file="),
        ({"sasl": "PLAIN"}, 1, "sasl="),
        ({"ca_file": None, "tls": "on"}, 1, "ca_file="),
        ({"ca_file": None}, 1, "tls="),
        ({"sasl": None, "user": None, "password_file": None}, 1, "sasl="),
        ({"password_file": "nowhere"}, 2, "password_file"),
    ],
    ids=["user", "mechanism", "authority", "no tls", "no login", "no such password"],
)
def test_a_wrong_login_is_refused_with_the_name_of_the_setting(
    broker: Secured, changed: dict[str, str | None], code: int, remedy: str
) -> None:
    assert remedy in expect_refusal(broker.url(**changed), code)
