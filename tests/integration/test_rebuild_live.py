"""A rebuild beside a running ledger, which switches to the new generation and continues."""

import asyncio
import json
import signal
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path
from typing import IO

import pytest

from tests.support.commands import LIMIT_S, TIDEMARK, succeed
from tests.support.events import IDENTITY
from tests.support.folding import NOON, count, ms
from tidemark.streams.contracts.family import Stream
from tidemark.streams.families.codec import encode
from tidemark.streams.log import create_log, engine_of
from tidemark.streams.log.port import Entry


async def append(url: str, event_id: str, entered: int) -> None:
    log = await engine_of(url).open_log(lambda: ms(NOON) + 90_000, min_free_bytes=0)
    await log.append(Stream.FACTS, [Entry(0, encode(count(event_id, NOON, entered)))])
    await log.close()


async def fill(url: str) -> None:
    await (await create_log(url, IDENTITY, lambda: 0, min_free_bytes=0)).close()
    await append(url, "before", 1)


@pytest.fixture
def url(tmp_path: Path) -> str:
    address = f"sqlite:///{tmp_path}/x.db"
    asyncio.run(fill(address))
    return address


@pytest.fixture
def ledger(url: str) -> Iterator[subprocess.Popen[str]]:
    with subprocess.Popen([TIDEMARK, "ledger", "--log", url], stderr=subprocess.PIPE, text=True) as process:
        yield process
        process.kill()


def wait_for(lines: IO[str] | None, event: str) -> None:
    assert lines is not None
    for line in lines:
        if json.loads(line)["event"].startswith(event):
            return
    raise AssertionError(f"the ledger ended before it logged {event!r}")


def read_entered(url: str) -> int:
    lines = json.loads(succeed("totals", "--log", url, "--measure", "footfall.place", "--json"))
    return int(lines[0]["values"]["entered"]) if lines else 0


def test_a_running_ledger_switches_to_the_promoted_generation_and_loses_nothing(
    url: str, ledger: subprocess.Popen[str]
) -> None:
    wait_for(ledger.stderr, "ledger follows")
    succeed("rebuild", "--log", url)
    asyncio.run(append(url, "after", 10))
    wait_for(ledger.stderr, "another generation")
    wait_for(ledger.stderr, "ledger follows")
    for _ in range(LIMIT_S):
        if read_entered(url) == 11:
            break
        time.sleep(0.1)
    assert read_entered(url) == 11
    ledger.send_signal(signal.SIGTERM)
    assert ledger.wait(LIMIT_S) == 0
    assert "0 differences" in succeed("verify", "--log", url)
