"""Records in a log on Kafka: the origin of their arrival times, and dead letters of invalid records."""

import base64
import json
import time
from collections.abc import Sequence
from pathlib import Path

import pytest
from aiokafka import AIOKafkaProducer

from tests.support.commands import succeed, tidemark
from tests.support.events import IDENTITY
from tests.support.folding import NOON, count
from tests.support.kafka_logs import ARRIVAL_MS, append, check_rows, fold, make_log, opened_log
from tests.support.log_contents import partition_of_log
from tests.support.log_engines import kafka_url
from tests.support.watching import open_watch
from tidemark.streams.contracts.civil import Grain
from tidemark.streams.contracts.family import Stream
from tidemark.streams.contracts.identity import LogIdentity
from tidemark.streams.families.codec import encode
from tidemark.streams.families.footfall import FOOTFALL_PLACE
from tidemark.streams.log.kafka.address import parse_kafka
from tidemark.streams.log.port import Entry

REAL = LogIdentity(partitions=1, content="real")
LARGEST = 1_000_000
"""The limit of the facts topic is Kafka's default: 1,048,588 bytes, including the batch around a record."""


@pytest.fixture
def url(kafka: str) -> str:
    return kafka_url(kafka)


async def arrivals(url: str) -> list[int]:
    async with opened_log(url) as log:
        return [record.arrival_ms for record in await partition_of_log(log, Stream.FACTS, 0)]


async def test_in_a_real_log_the_broker_sets_arrival_times(url: str) -> None:
    await make_log(url, REAL)
    before_ms = time.time_ns() // 1_000_000
    async with opened_log(url) as log:
        await log.append(Stream.FACTS, [Entry(0, b"a", 7), Entry(0, b"b")])
    after_ms = time.time_ns() // 1_000_000
    assert [before_ms <= arrival_ms <= after_ms for arrival_ms in await arrivals(url)] == [True, True]


async def test_in_a_simulated_log_the_sender_sets_arrival_times_in_any_year(url: str) -> None:
    await make_log(url)
    years_ahead = ARRIVAL_MS + 10 * 365 * 86_400_000
    async with opened_log(url) as log:
        await log.append(Stream.FACTS, [Entry(0, b"a", 7), Entry(0, b"b"), Entry(0, b"c", years_ahead)])
    assert await arrivals(url) == [7, ARRIVAL_MS, years_ahead]


async def send_with_a_plain_client(url: str, values: Sequence[bytes | None]) -> None:
    address = parse_kafka(url)
    async with AIOKafkaProducer(bootstrap_servers=address.servers, max_request_size=2 << 20) as producer:
        for value in values:
            await producer.send_and_wait(address.topic("facts"), value, b"key", 0, ARRIVAL_MS)


async def visitors(url: str) -> int:
    async with open_watch(url, (FOOTFALL_PLACE, Grain.DAY)) as screen:
        return await screen.look()


def list_dead_letters(url: str) -> list[dict[str, str]]:
    letters: list[dict[str, str]] = json.loads(succeed("dead-letters", "list", "--log", url, "--json"))
    return letters


async def test_bytes_that_are_not_an_event_become_dead_letters_and_the_rest_is_counted(url: str) -> None:
    """Also for an empty value and for no value at all, which Kafka allows."""
    poison = [b"", None, b"\xff\x00", b"{}", b"x" * LARGEST]
    await make_log(url)
    await send_with_a_plain_client(url, [*poison, encode(count("e1", NOON, 5))])
    await fold(url)
    await check_rows(url)
    letters = list_dead_letters(url)
    assert [base64.b64decode(letter["raw_base64"]) for letter in letters] == [raw or b"" for raw in poison]
    assert [letter["at"] for letter in letters] == [f"0:{offset}" for offset in range(len(poison))]
    assert all(letter["reason"] and letter["detail"] for letter in letters)
    assert await visitors(url) == 5


async def test_a_dead_letter_is_repaired_and_sent_again_once(url: str, tmp_path: Path) -> None:
    event = count("e2", NOON, 7)
    await make_log(url, IDENTITY)
    await append(url, count("e1", NOON, 5))
    await send_with_a_plain_client(url, [encode(event).replace(b'"entered":7', b'"entered":-7')])
    await fold(url)
    (letter,) = list_dead_letters(url)
    repaired = tmp_path / "repaired.json"
    repaired.write_bytes(encode(event))
    resend = ("dead-letters", "resend", letter["at"], "--log", url, "--edited", repaired)
    assert "was appended" in succeed(*resend)
    refused = tidemark(*resend)
    assert refused.returncode == 2
    assert "--again" in refused.stderr
    await fold(url)
    await check_rows(url)
    assert list_dead_letters(url)[0]["sent_again"]
    assert await visitors(url) == 12
