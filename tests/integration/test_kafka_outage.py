"""No Kafka, no log, or a broker that goes away: every command ends or waits, and says why."""

import asyncio
import signal
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.servers.kafka import KafkaServer
from tests.servers.ports import HOST, free_port
from tests.support.commands import LIMIT_S, tidemark
from tests.support.folding import NOON, count
from tests.support.imports import MAPPINGS, MELBOURNE
from tests.support.kafka_logs import all_published, append, check_rows, make_log, running_ledger
from tests.support.log_engines import kafka_url

MAPPING = str(MAPPINGS / "melbourne-pedestrians.toml")
COMMANDS = [
    ("totals",),
    ("log", "show"),
    ("dead-letters", "list"),
    ("ledger",),
    ("rebuild",),
    ("exporter",),
]
IMPORT = ("import", str(MELBOURNE), "--mapping", MAPPING)
SIMULATE = ("simulate", "--from", "2026-01-01", "--to", "2026-01-02")
MOST_LINES = 40
"""Of what a ledger may say through an outage of a few seconds."""


@pytest.mark.parametrize(
    "command",
    [*COMMANDS, IMPORT, SIMULATE, ("gateway",), ("topics", "apply")],
    ids=lambda command: " ".join(command[:2]),
)
def test_without_kafka_a_command_ends_and_names_host_and_remedy(command: tuple[str, ...]) -> None:
    address = f"{HOST}:{free_port()}"
    done = tidemark(*command, "--log", f"kafka://{address}/x")
    told = " ".join(done.stderr.split())
    assert done.returncode == 1, told
    assert address in told
    assert "check that Kafka runs there" in told
    assert len(told) < 300


@pytest.mark.parametrize(
    "command",
    COMMANDS,
    ids=lambda command: " ".join(command[:2]),
)
def test_without_a_log_a_command_is_wrong_use_and_names_the_command_that_makes_one(
    kafka: str, command: tuple[str, ...]
) -> None:
    done = tidemark(*command, "--log", kafka_url(kafka))
    told = " ".join(done.stderr.split())
    assert done.returncode == 2, told
    assert "tidemark topics apply" in told
    assert len(told) < 300


@pytest.fixture
def broker(tmp_path: Path) -> Iterator[KafkaServer]:
    with KafkaServer(tmp_path / "kafka") as server:
        yield server


async def test_a_ledger_goes_on_after_an_outage_of_which_it_says_little(
    broker: KafkaServer, tmp_path: Path
) -> None:
    url, told = kafka_url(broker.address), tmp_path / "ledger.log"
    await make_log(url)
    await append(url, count("e1", NOON, 1))
    with running_ledger(url, told) as process:
        await all_published(url)
        broker.kill()
        await asyncio.to_thread(broker.start)
        await append(url, count("e2", NOON, 10))
        await all_published(url)
        process.send_signal(signal.SIGTERM)
        assert await asyncio.to_thread(process.wait, LIMIT_S) == 0
    assert len(told.read_text().splitlines()) < MOST_LINES
    await check_rows(url)


async def test_a_ledger_told_to_stop_during_an_outage_stops(broker: KafkaServer, tmp_path: Path) -> None:
    url, told = kafka_url(broker.address), tmp_path / "ledger.log"
    await make_log(url)
    await append(url, count("e1", NOON, 1))
    with running_ledger(url, told) as process:
        await all_published(url)
        broker.kill()
        process.send_signal(signal.SIGTERM)
        assert await asyncio.to_thread(process.wait, LIMIT_S) == 0
    assert len(told.read_text().splitlines()) < MOST_LINES
