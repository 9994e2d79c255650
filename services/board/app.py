"""The board's wiring."""

import asyncio

from fastapi import FastAPI

from tidemark.services.background import OneThread, check_complete, follow
from tidemark.services.defaults import wall_clock
from tidemark.services.http import create_plain_app, open_listener, run_server
from tidemark.services.plan import read_plan
from tidemark.streams.contracts.civil import Civil
from tidemark.streams.log import open_readers
from tidemark.streams.log.port import EventLog, StateReader
from tidemark.streams.view.follower import Follower
from tidemark.streams.view.totals import totals_reach
from tidemark.streams.view.view import View

from .live import Live
from .routes import create_router
from .runbooks import Runbooks
from .settings import BoardSettings
from .showing import Showing


def create_app(showing: Showing, live: Live) -> FastAPI:
    """The HTTP application over snapshots that are taken elsewhere."""

    async def check_ready() -> None:
        check_complete(showing.newest is not None)

    app = create_plain_app("Tidemark board", check_ready)
    app.include_router(create_router(showing, live, Runbooks()))
    return app


async def serve(settings: BoardSettings) -> None:
    """Open the log and its state and show them until cancelled.

    Raises LogError, CatalogueInvalid, or OSError when the board cannot listen on its address.
    """
    async with open_readers(settings.log, wall_clock) as (event_log, reader):
        await run(event_log, reader, settings)


async def run(event_log: EventLog, reader: StateReader, settings: BoardSettings) -> None:
    """Show an open log's state until cancelled."""
    view = View(Civil(event_log.identity.zone), totals_reach())
    follower = Follower(view, reader, event_log, wall_clock)
    thread = OneThread()
    showing = Showing(follower, event_log.identity, read_plan().refund_shops, thread, wall_clock)
    live = Live(settings.board_screens)
    try:
        with open_listener("board", settings.board_host, settings.board_port) as listener:
            async with asyncio.TaskGroup() as group:
                group.create_task(follow(follower, thread, settings.board_refresh_s))
                group.create_task(showing.run(live))
                group.create_task(run_server(create_app(showing, live), listener))
    finally:
        thread.close()
