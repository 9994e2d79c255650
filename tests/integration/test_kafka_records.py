"""Records in a log on Kafka: who says when they arrived, and what becomes of those that are no event."""

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
"""What the topic of facts takes is Kafka's own default, 1,048,588 bytes with the batch around it."""


@pytest.fixture
def url(kafka: str) -> str:
    return kafka_url(kafka)


async def arrivals(url: str) -> list[int]:
    async with opened_log(url) as log:
        return [record.arrival_ms for record in await partition_of_log(log, Stream.FACTS, 0)]


async def test_in_a_real_log_the_broker_says_when_a_record_arrived(url: str) -> None:
    await make_log(url, REAL)
    before_ms = time.time_ns() // 1_000_000
    async with opened_log(url) as log:
        await log.append(Stream.FACTS, [Entry(0, b"a", 7), Entry(0, b"b")])
    after_ms = time.time_ns() // 1_000_000
    assert [before_ms <= found <= after_ms for found in await arrivals(url)] == [True, True]


async def test_in_a_simulated_log_the_sender_says_it_up_to_any_year(url: str) -> None:
    await make_log(url)
    years_ahead = ARRIVAL_MS + 10 * 365 * 86_400_000
    async with opened_log(url) as log:
        await log.append(Stream.FACTS, [Entry(0, b"a", 7), Entry(0, b"b"), Entry(0, b"c", years_ahead)])
    assert await arrivals(url) == [7, ARRIVAL_MS, years_ahead]


async def send_with_a_client_of_ones_own(url: str, values: Sequence[bytes | None]) -> None:
    address = parse_kafka(url)
    async with AIOKafkaProducer(bootstrap_servers=address.servers, max_request_size=2 << 20) as producer:
        for value in values:
            await producer.send_and_wait(address.topic("facts"), value, b"key", 0, ARRIVAL_MS)


async def visitors(url: str) -> int:
    async with open_watch(url, (FOOTFALL_PLACE, Grain.DAY)) as screen:
        return await screen.look()


def letters(url: str) -> list[dict[str, str]]:
    found: list[dict[str, str]] = json.loads(succeed("dead-letters", "list", "--log", url, "--json"))
    return found


async def test_bytes_that_are_no_event_become_dead_letters_and_the_rest_is_counted(url: str) -> None:
    """No bytes and no value at all among them: Kafka allows both."""
    poison = [b"", None, b"\xff\x00", b"{}", b"x" * LARGEST]
    await make_log(url)
    await send_with_a_client_of_ones_own(url, [*poison, encode(count("e1", NOON, 5))])
    await fold(url)
    await check_rows(url)
    found = letters(url)
    assert [base64.b64decode(letter["raw_base64"]) for letter in found] == [raw or b"" for raw in poison]
    assert [letter["at"] for letter in found] == [f"0:{offset}" for offset in range(len(poison))]
    assert all(letter["reason"] and letter["detail"] for letter in found)
    assert await visitors(url) == 5


async def test_a_dead_letter_is_repaired_and_sent_again_once(url: str, tmp_path: Path) -> None:
    event = count("e2", NOON, 7)
    await make_log(url, IDENTITY)
    await append(url, count("e1", NOON, 5))
    await send_with_a_client_of_ones_own(url, [encode(event).replace(b'"entered":7', b'"entered":-7')])
    await fold(url)
    (letter,) = letters(url)
    repaired = tmp_path / "repaired.json"
    repaired.write_bytes(encode(event))
    resend = ("dead-letters", "resend", letter["at"], "--log", url, "--edited", repaired)
    assert "was appended" in succeed(*resend)
    refused = tidemark(*resend)
    assert refused.returncode == 2
    assert "--again" in refused.stderr
    await fold(url)
    await check_rows(url)
    assert letters(url)[0]["sent_again"]
    assert await visitors(url) == 12
