"""The exporter's wiring."""

import asyncio
import gc
from collections.abc import Callable
from importlib.metadata import version

from fastapi import FastAPI

from tidemark.services.background import OneThread, check_complete, follow
from tidemark.services.defaults import wall_clock
from tidemark.services.http import create_plain_app, open_listener, run_server
from tidemark.services.plan import Plan, read_plan
from tidemark.streams.contracts.civil import Civil
from tidemark.streams.log import engine_of, open_readers
from tidemark.streams.log.port import EventLog, StateReader
from tidemark.streams.view.follower import Follower, Work
from tidemark.streams.view.view import View

from .exposition import Exposition
from .rendering import Rendering, build_exporter_reach
from .settings import ExporterSettings


def create_app(follower: Follower, exposition: Exposition) -> FastAPI:
    """The HTTP application over a view that is kept up to date elsewhere."""

    async def check_ready() -> None:
        check_complete(follower.ready)

    async def read_metrics() -> bytes:
        check_complete(follower.ready)
        return await exposition.read_text()

    return create_plain_app("Tidemark exporter", check_ready, read_metrics)


def create_exposition(
    follower: Follower,
    work: Work,
    clock: Callable[[], int],
    free_disk: Callable[[], int | None],
    label_budget: int,
    plan: Plan,
) -> Exposition:
    """The exposition of a follower's view; `work` is the thread that also merges the view."""
    rendering = Rendering(follower.view, plan, label_budget)
    return Exposition(follower, rendering, work, clock, free_disk, version("tidemark"))


async def serve(settings: ExporterSettings) -> None:
    """Open the log and its state and export them until cancelled.

    Raises LogError, CatalogueInvalid, or OSError when the exporter cannot listen on its address.
    """
    # A full collection over all loaded modules takes half as long as a rendering.
    gc.freeze()
    async with open_readers(settings.log, wall_clock) as (event_log, reader):
        await run(event_log, reader, settings)


async def run(event_log: EventLog, reader: StateReader, settings: ExporterSettings) -> None:
    """Export an open log's state until cancelled."""
    view = View(Civil(event_log.identity.zone), build_exporter_reach())
    follower = Follower(view, reader, event_log, wall_clock)
    thread = OneThread()
    plan = read_plan(settings.declarations)
    exposition = create_exposition(
        follower, thread, wall_clock, engine_of(settings.log).free_bytes, settings.exporter_label_budget, plan
    )
    try:
        with open_listener("exporter", settings.exporter_host, settings.exporter_port) as listener:
            async with asyncio.TaskGroup() as group:
                group.create_task(follow(follower, thread, settings.exporter_refresh_s))
                group.create_task(run_server(create_app(follower, exposition), listener))
    finally:
        thread.close()
