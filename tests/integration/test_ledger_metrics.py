"""The metrics of a ledger worker while it follows a log."""

import asyncio
import re
from collections.abc import Sequence
from contextlib import nullcontext
from pathlib import Path

import pytest

from tests.servers.ports import HOST, free_port
from tests.servers.web import WebServer
from tests.support.commands import TIDEMARK
from tests.support.events import IDENTITY
from tests.support.folding import NOON, count
from tests.support.promtool import check_metrics
from tidemark.services.defaults import wall_clock
from tidemark.services.ledger import app
from tidemark.services.ledger.app import catch_up, serve, serve_metrics
from tidemark.services.ledger.metrics import (
    HELD_CELLS,
    HELD_IDS,
    PUBLISH,
    RESTORING,
    LedgerMetrics,
)
from tidemark.services.ledger.settings import LedgerSettings
from tidemark.streams.contracts.family import Stream
from tidemark.streams.families.codec import encode
from tidemark.streams.ledger import worker
from tidemark.streams.log import create_log
from tidemark.streams.log.port import Entry

SCRAPES = 5_000


class Ledger(WebServer):
    """`tidemark ledger` with metrics."""

    def __init__(self, folder: Path, log: str) -> None:
        super().__init__(folder, "ledger", "/health")
        self._url = log

    def command(self) -> Sequence[str]:
        return [str(TIDEMARK), "ledger", "--log", self._url, "--metrics-port", str(self.port)]


@pytest.fixture
async def log_of_two(tmp_path: Path) -> str:
    url = f"sqlite:///{tmp_path}/x.db"
    log = await create_log(url, IDENTITY, wall_clock)
    await log.append(Stream.FACTS, [Entry(0, encode(count(f"e{n}", NOON))) for n in range(2)])
    await log.close()
    return url


def read_value(text: str, name: str) -> float:
    match = re.search(rf"^{name} (\S+)$", text, re.MULTILINE)
    assert match is not None, name
    return float(match[1])


def test_a_worker_exposes_what_it_holds_and_how_long_publishing_took(tmp_path: Path, log_of_two: str) -> None:
    with Ledger(tmp_path / "ledger", log_of_two) as ledger:
        texts = (ledger.get("/metrics").text for _ in range(SCRAPES))
        text = next(text for text in texts if read_value(text, f"{PUBLISH}_count"))
    assert (read_value(text, RESTORING), read_value(text, HELD_IDS)) == (0, 2)
    assert read_value(text, HELD_CELLS) > 0
    assert check_metrics(text.encode()) == (0, "")


async def test_without_a_port_nothing_listens_and_a_port_in_use_is_named() -> None:
    async with serve_metrics(LedgerMetrics(), HOST, None):
        pass
    taken = free_port()
    async with serve_metrics(LedgerMetrics(), HOST, taken):
        with pytest.raises(OSError, match=str(taken)):
            async with serve_metrics(LedgerMetrics(), HOST, taken):
                pass


async def test_a_ledger_that_is_cancelled_publishes_what_it_folded(
    log_of_two: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    metrics = LedgerMetrics()
    monkeypatch.setattr(app, "LedgerMetrics", lambda: metrics)
    monkeypatch.setattr(app, "calm_collector", lambda: None)
    monkeypatch.setattr(worker, "FLUSH_CAUGHT_UP_S", float("inf"))
    settings = LedgerSettings(_env_file=None, log=log_of_two)
    serving = asyncio.create_task(serve(settings))
    while metrics.registry.get_sample_value(HELD_IDS) != 2:
        await asyncio.sleep(0.01)
        assert not serving.done()
    assert metrics.registry.get_sample_value(f"{PUBLISH}_count") == 0
    serving.cancel()
    with pytest.raises(asyncio.CancelledError):
        await serving
    folded = await catch_up(settings, lambda _records: nullcontext(lambda _folded: None))
    assert (folded.records, folded.sizes["ids"]) == (0, 2)
