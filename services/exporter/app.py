"""The exporter's wiring."""

import asyncio
import gc
from collections.abc import Callable
from functools import partial
from importlib.metadata import version

import structlog
from fastapi import FastAPI, Response
from prometheus_client import CONTENT_TYPE_PLAIN_0_0_4

from tidemark.services.plan import Plan, read_plan
from tidemark.services.serving import DRAIN_S, OneThread, follow, not_ready
from tidemark.services.web import listen, run_server, wall_clock
from tidemark.streams.contracts.civil import Civil
from tidemark.streams.log import free_bytes, opened
from tidemark.streams.log.port import EventLog
from tidemark.streams.log.state import StateReader
from tidemark.streams.view.follower import Follower, Work
from tidemark.streams.view.view import View

from .exposition import Exposition
from .rendering import Rendering, exporter_reach
from .settings import ExporterSettings

log = structlog.get_logger()


def create_app(follower: Follower, exposition: Exposition) -> FastAPI:
    """The HTTP application over a view that somebody else keeps up to date."""
    app = FastAPI(title="Tidemark exporter", docs_url=None, redoc_url=None, openapi_url=None)

    @app.get("/health")
    async def health() -> dict[str, str]:
        return {"status": "alive"}

    @app.get("/ready", response_model=None)
    async def ready() -> Response | dict[str, str]:
        return {"status": "ready"} if follower.ready else not_ready()

    @app.get("/metrics")
    async def metrics() -> Response:
        if not follower.ready:
            return not_ready()
        return Response(await exposition.text(), media_type=CONTENT_TYPE_PLAIN_0_0_4)

    return app


def create_exposition(
    follower: Follower,
    work: Work,
    clock: Callable[[], int],
    free_disk: Callable[[], int | None],
    label_budget: int,
    plan: Plan,
) -> Exposition:
    """The exposition of a follower's view; `work` is what the follower merges with too."""
    rendering = Rendering(follower.view, plan, label_budget)
    return Exposition(follower, rendering, work, clock, free_disk, version("tidemark"))


async def serve(settings: ExporterSettings) -> None:
    """Open the log and its state and export them until cancelled.

    Raises LogError, CatalogueInvalid, or OSError when the address cannot be listened on.
    """
    # A full collection that visits all loaded modules takes as long as half a rendering.
    gc.freeze()
    async with opened(settings.log, wall_clock) as (event_log, reader):
        await run(event_log, reader, settings)


async def run(event_log: EventLog, reader: StateReader, settings: ExporterSettings) -> None:
    """Export an open log's state until cancelled."""
    view = View(Civil(event_log.identity.zone), exporter_reach())
    follower = Follower(view, reader, event_log, wall_clock)
    thread = OneThread()
    plan = read_plan(settings.declarations)
    exposition = create_exposition(
        follower, thread, wall_clock, partial(free_bytes, settings.log), settings.exporter_label_budget, plan
    )
    try:
        with listen(settings.exporter_host, settings.exporter_port) as listener:
            host, port, *_ = listener.getsockname()
            log.info("exporter listens", host=host, port=port)
            async with asyncio.TaskGroup() as group:
                group.create_task(follow(follower, thread, settings.exporter_refresh_s))
                group.create_task(run_server(create_app(follower, exposition), listener, DRAIN_S))
    finally:
        thread.close()
