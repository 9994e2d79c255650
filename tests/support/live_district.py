"""A simulated district, live in this process: ledger, exporter, gateway and notifier, each with a port,
over a log that holds the preceding months."""

import asyncio
import threading
import time
from collections.abc import Coroutine, Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from typing import Any

from tests.servers.ports import HOST, free_port
from tidemark.services.cli.demo_feed import DemoFeed, Past
from tidemark.services.defaults import wall_clock
from tidemark.services.exporter.app import serve as serve_exporter
from tidemark.services.exporter.settings import ExporterSettings
from tidemark.services.gateway.app import serve as serve_gateway
from tidemark.services.gateway.settings import GatewaySettings
from tidemark.services.ledger.app import serve_metrics
from tidemark.services.ledger.metrics import LedgerMetrics
from tidemark.services.notifier.app import serve as serve_notifier
from tidemark.services.notifier.settings import NotifierSettings
from tidemark.services.simulator.simulation import MODEL
from tidemark.streams.contracts.civil import instant
from tidemark.streams.contracts.family import Stream
from tidemark.streams.contracts.identity import LogIdentity
from tidemark.streams.ledger.worker import Worker
from tidemark.streams.log import create_log, engine_of
from tidemark.streams.log.port import Entry, EventLog, WholeLog

SEED = 7
EVENING = 21
TICK_S = 0.2
FILLED_WITHIN_S = 240.0
SECRET = "a secret of sixteen letters and more"  # noqa: S105  made up
CHANNELS = """[[channel]]
name = "nowhere"
audiences = ["bureau", "district", "port", "tax", "platform"]
url = "json://127.0.0.1:9"
"""


class LiveDistrict:
    """Runs in a thread; `ports` by job. In `zone` it is between 21:00 and 22:00 now: the district's events
    depend on the hour, the test's results must not."""

    def __init__(self, folder: Path, days: int) -> None:
        self.folder = folder
        self.url = f"sqlite:///{folder}/x.db"
        self.ports = {job: free_port() for job in ("exporter", "gateway", "ledger", "notifier")}
        self.zone = zone_at(EVENING, instant(wall_clock()).hour)
        self._days = days
        self._filled = threading.Event()
        self._over = threading.Event()
        self._error: Exception | None = None

    @contextmanager
    def run(self) -> Iterator["LiveDistrict"]:
        """Fill the district and keep it live for the length of the block. Raises what ended it early."""
        thread = threading.Thread(target=self._run)
        thread.start()
        try:
            if not self._filled.wait(FILLED_WITHIN_S):
                raise TimeoutError("the district's past is not filled yet; fill fewer days")
            yield self
        finally:
            self._over.set()
            thread.join()
            if self._error is not None:
                raise self._error

    def _run(self) -> None:
        asyncio.run(self._until_over())

    async def _until_over(self) -> None:
        living = asyncio.create_task(self._live())
        try:
            while not self._over.is_set() and not living.done():
                await asyncio.wait([living], timeout=TICK_S)
            living.cancel()
            await living
        except asyncio.CancelledError:
            return
        except Exception as error:
            self._error = error
        finally:
            self._filled.set()

    async def _live(self) -> None:
        log = await create_log(self.url, LogIdentity(content="simulated", zone=self.zone), wall_clock)
        state = await engine_of(self.url).open_state_writer()
        metrics = LedgerMetrics()
        worker = Worker(
            log, metrics.time_publishing(state), WholeLog(log.identity.partitions), time.monotonic
        )
        metrics.watch(worker)
        try:
            await worker.restore()
            feed = self._feed(log)
            await log.append(Stream.FACTS, [Entry(0, b"no event", wall_clock())])
            while await feed.send_until(wall_clock()) is not None:
                await worker.step()
            await worker.catch_up()
            async with serve_metrics(metrics, HOST, self.ports["ledger"]), asyncio.TaskGroup() as group:
                group.create_task(worker.run(asyncio.Event()))
                group.create_task(_send(feed))
                for service in self._services():
                    group.create_task(service)
                self._filled.set()
        finally:
            await state.close()
            await log.close()

    def _feed(self, log: EventLog) -> DemoFeed:
        now_ms = wall_clock()
        start = (instant(now_ms) - timedelta(days=self._days)).date()
        return DemoFeed(log, Past(SEED, start, [], 0, 0, MODEL), now_ms)

    def _services(self) -> Iterator[Coroutine[Any, Any, None]]:
        (self.folder / "secret").write_text(SECRET)
        (self.folder / "channels.toml").write_text(CHANNELS)
        for file in ("secret", "channels.toml"):
            (self.folder / file).chmod(0o600)
        yield serve_exporter(ExporterSettings(log=self.url, exporter_port=self.ports["exporter"]))
        # A log of its own, so that the events it receives do not mix with the simulation.
        gate = f"sqlite:///{self.folder}/gateway.db"
        yield serve_gateway(GatewaySettings(log=gate, gateway_port=self.ports["gateway"]))
        yield serve_notifier(
            NotifierSettings(
                notifier_port=self.ports["notifier"],
                notifier_outbox=self.folder / "notifier.db",
                notifier_secret_file=self.folder / "secret",
                notifier_channels=self.folder / "channels.toml",
            )
        )


def zone_at(hour: int, utc_hour: int) -> str:
    """A zone without summer time in which it is this hour. The signs of such zones are inverted."""
    ahead = (hour - utc_hour + 11) % 24 - 11
    return f"Etc/GMT{-ahead:+d}"


async def _send(feed: DemoFeed) -> None:
    while True:
        await feed.send_until(wall_clock())
        await asyncio.sleep(TICK_S)
