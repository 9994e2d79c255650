"""A gateway in the test's own process, events to send to it, and logs that misbehave."""

import asyncio
import json
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from typing import Any

import httpx
from fastapi import FastAPI

from tidemark.services.gateway.app import create_app
from tidemark.services.gateway.content import BATCH, STRUCTURED
from tidemark.services.gateway.settings import GatewaySettings
from tidemark.services.gateway.sources import Sources
from tidemark.streams.contracts.family import Stream
from tidemark.streams.contracts.identity import Content, LogIdentity
from tidemark.streams.log.memory import MemoryLog
from tidemark.streams.log.port import Entry, EventLog, Receipt

from .log_contents import partition_of_log

NOW_MS = 1_767_225_600_000
"""2026-01-01T00:00:00Z"""


def clock() -> int:
    return NOW_MS


def footfall(event_id: str = "e1", **changes: Any) -> dict[str, Any]:
    """A valid footfall event; `changes` replace attributes of the envelope or of data."""
    event: dict[str, Any] = {
        "specversion": "1.0",
        "id": event_id,
        "source": "/counters/gw-03",
        "type": "tidemark.footfall.counted.v1",
        "time": "2026-01-01T08:00:00+08:00",
        "subject": "mall.coco_park",
        "data": {
            "sensor_id": "sensor-1",
            "window_start": "2026-01-01T07:59:00+08:00",
            "window_s": 60,
            "entered": 12,
            "exited": 9,
        },
    }
    for name, value in changes.items():
        (event["data"] if name in event["data"] else event)[name] = value
    return event


def density(event_id: str = "s1") -> dict[str, Any]:
    """A valid signal."""
    data = {
        "zone_id": "zone-1",
        "persons": 40,
        "area_cm2": 10**7,
        "max_cell_millipersons_m2": 900,
        "inflow_per_min": 3,
        "outflow_per_min": 2,
    }
    return footfall(event_id) | {"type": "tidemark.crowd.density_observed.v1", "data": data}


def memory_log(content: Content = "real") -> MemoryLog:
    return MemoryLog(LogIdentity(content=content), clock)


def limits(**values: Any) -> GatewaySettings:
    """Settings of a gateway whose log is not a file, so that no free space is required."""
    return GatewaySettings(_env_file=None, log="kafka://localhost:9092/none", **values)


@asynccontextmanager
async def client_of(app: FastAPI, host: str = "127.0.0.1") -> AsyncIterator[httpx.AsyncClient]:
    """A client at that address, while the app runs from start to shutdown."""
    transport = httpx.ASGITransport(app, raise_app_exceptions=False, client=(host, 50_000))
    async with (
        app.router.lifespan_context(app),
        httpx.AsyncClient(transport=transport, base_url="http://localhost") as client,
    ):
        yield client


@asynccontextmanager
async def gateway(
    event_log: EventLog, settings: GatewaySettings | None = None, sources: Sources | None = None
) -> AsyncIterator[httpx.AsyncClient]:
    app = create_app(event_log, settings or limits(), sources or Sources(), clock)
    async with client_of(app) as client:
        yield client


async def send(client: httpx.AsyncClient, event: Any, **headers: str) -> httpx.Response:
    """Send an event in structured mode; bytes are sent unchanged."""
    content = event if isinstance(event, bytes) else json.dumps(event)
    return await client.post("/v1/events", content=content, headers={"content-type": STRUCTURED} | headers)


async def send_batch(client: httpx.AsyncClient, events: Any, **headers: str) -> httpx.Response:
    content = events if isinstance(events, bytes) else json.dumps(events)
    return await client.post("/v1/events", content=content, headers={"content-type": BATCH} | headers)


async def read_stored(event_log: EventLog, stream: Stream = Stream.FACTS) -> list[bytes]:
    """Every value of a stream, partition by partition."""
    return [
        record.value
        for partition in range(event_log.identity.partitions)
        for record in await partition_of_log(event_log, stream, partition)
    ]


class GatedLog(MemoryLog):
    """Appends only while the gate is open, and counts the calls."""

    def __init__(self) -> None:
        super().__init__(LogIdentity(), clock)
        self.gate = asyncio.Event()
        self.reached = asyncio.Event()
        self.appends = 0

    async def append(
        self, stream: Stream, entries: Sequence[Entry], receipt: Receipt | None = None
    ) -> list[int]:
        self.appends += 1
        self.reached.set()
        await self.gate.wait()
        return await super().append(stream, entries, receipt)


class FailingLog(MemoryLog):
    """Raises `error`, if set, instead of appending to `stream`."""

    def __init__(self) -> None:
        super().__init__(LogIdentity(), clock)
        self.error: Exception | None = None
        self.stream = Stream.FACTS

    async def append(
        self, stream: Stream, entries: Sequence[Entry], receipt: Receipt | None = None
    ) -> list[int]:
        if self.error is not None and stream is self.stream:
            raise self.error
        return await super().append(stream, entries, receipt)
