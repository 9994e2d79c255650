"""The URLs that name a log."""

import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tidemark.streams.contracts.identity import LogIdentity
from tidemark.streams.log import engine_of
from tidemark.streams.log.errors import LogAddressInvalid
from tidemark.streams.log.kafka.address import parse_kafka
from tidemark.streams.log.sqlite import SqliteEngine


def test_three_slashes_are_relative_and_four_absolute():
    for url, path in (("sqlite:///var/x.db", "var/x.db"), ("sqlite:////srv/x.db", "/srv/x.db")):
        engine = engine_of(url)
        assert isinstance(engine, SqliteEngine)
        assert engine.path == Path(path)


def test_a_kafka_address_names_brokers_and_the_beginning_of_the_topics():
    address = parse_kafka("kafka://a:9092,b:9093/futian")
    assert address.servers == "a:9092,b:9093"
    assert address.topic("state", 3) == "futian.state.3"
    assert parse_kafka("kafka://a:9092").topic("facts") == "tidemark.facts"


def test_a_kafka_address_configures_encryption_and_authentication(tmp_path):
    password = tmp_path / "password"
    password.write_text("secret\n")
    address = parse_kafka(
        f"kafka://a:9092/x?tls=on&sasl=SCRAM-SHA-512&user=ledger&password_file={password}&compression=zstd"
    )
    settings = address.client_settings()
    assert settings["security_protocol"] == "SASL_SSL"
    assert settings["sasl_plain_password"] == password.read_text().strip()
    assert "secret" not in repr(address)
    assert parse_kafka("kafka://a:9092").client_settings()["security_protocol"] == "PLAINTEXT"


@pytest.mark.parametrize(
    ("url", "named"),
    [
        ("kafka://", "host:port"),
        ("kafka://a", "host:port"),
        ("kafka://a:9092,/x", "host:port"),
        ("kafka://a:9092/a/b", "topic's name"),
        ("kafka://a:9092/x?sasl=MAGIC", "SCRAM-SHA-512"),
        ("kafka://a:9092/x?sasl=PLAIN", "password_file"),
        ("kafka://a:9092/x?user=me", "sasl="),
        ("kafka://a:9092/x?cert_file=c.pem", "key_file"),
        ("kafka://a:9092/x?colour=red", "ca_file"),
    ],
)
def test_a_wrong_kafka_address_is_refused_with_what_is_wrong(url, named):
    with pytest.raises(LogAddressInvalid, match=re.escape(named)):
        engine_of(url)


def test_a_secret_that_cannot_be_read_is_named(tmp_path):
    missing = tmp_path / "missing"
    with pytest.raises(LogAddressInvalid, match="password_file"):
        parse_kafka(f"kafka://a:9092/x?sasl=PLAIN&user=u&password_file={missing}").client_settings()
    with pytest.raises(LogAddressInvalid, match="ca_file"):
        parse_kafka(f"kafka://a:9092/x?ca_file={missing}").client_settings()


@pytest.mark.parametrize(
    "url", ["", "x.db", "sqlite://x.db", "sqlite:///", "sqlite:///x.sqlite", "http://a/x.db"]
)
def test_anything_else_is_refused_with_an_example(url):
    with pytest.raises(LogAddressInvalid, match=r"write it like sqlite:///var/x\.db"):
        engine_of(url)


@pytest.mark.parametrize(
    "call",
    [
        lambda url: engine_of(url).back_up(Path("backup"), lambda *_: None),
        lambda url: engine_of(url).restore(Path("backup")),
    ],
)
def test_a_log_on_kafka_has_no_file_to_back_up(call: Callable[[str], Any]):
    with pytest.raises(
        LogAddressInvalid,
        match="kafka://a:9092: is not a file; copy the log into one with `tidemark log copy`",
    ):
        call("kafka://a:9092")


async def test_a_log_in_a_file_has_no_topics_and_no_users():
    engine = engine_of("sqlite:///x.db")
    for work in (engine.apply_topics(LogIdentity(), dry_run=True), engine.apply_topics(LogIdentity())):
        with pytest.raises(LogAddressInvalid, match="is a file and has no topics; `tidemark log create`"):
            await work
    with pytest.raises(LogAddressInvalid, match="is a file and has no users"):
        await engine.apply_rights({}, dry_run=True)


def test_only_a_log_in_a_file_has_a_disk_and_may_be_made_by_a_service():
    assert engine_of("kafka://a:9092").free_bytes() is None
    assert not engine_of("kafka://a:9092").made_by_services
    assert (engine_of("sqlite:///none/x.db").free_bytes() or 0) > 0
    assert engine_of("sqlite:///none/x.db").made_by_services
