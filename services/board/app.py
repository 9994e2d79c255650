"""The board's wiring."""

import asyncio
from functools import partial

import msgspec
import structlog
from fastapi import FastAPI, Response
from fastapi.responses import FileResponse, HTMLResponse

from tidemark.services.background import DRAIN_S, OneThread, follow, not_ready, problem
from tidemark.services.clock import wall_clock
from tidemark.services.http import listen, run_server
from tidemark.services.plan import read_plan
from tidemark.services.resources import BOARD_PAGE
from tidemark.streams.contracts.civil import Civil
from tidemark.streams.log import opened
from tidemark.streams.log.port import EventLog
from tidemark.streams.log.state import StateReader
from tidemark.streams.view.follower import Follower
from tidemark.streams.view.totals import totals_reach
from tidemark.streams.view.view import View

from .live import Live, TooManyScreens
from .runbooks import Runbooks
from .settings import BoardSettings
from .showing import Showing

log = structlog.get_logger()

_FILES = {
    "/": "index.html",
    "/board.css": "board.css",
    "/board.js": "board.js",
    "/words.js": "words.js",
    "/runbooks.css": "runbooks.css",
    "/explain": "explain.html",
}
_HEADERS = {
    "Content-Security-Policy": (
        "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; img-src data:; "
        "base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
    ),
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cache-Control": "no-cache",
}


def create_app(showing: Showing, live: Live) -> FastAPI:
    """The HTTP application over snapshots that somebody else takes."""
    app = FastAPI(title="Tidemark board", docs_url=None, redoc_url=None, openapi_url=None)

    @app.get("/health")
    async def health() -> dict[str, str]:
        return {"status": "alive"}

    @app.get("/ready", response_model=None)
    async def ready() -> Response | dict[str, str]:
        return {"status": "ready"} if showing.newest else not_ready()

    @app.get("/api/totals")
    async def totals() -> Response:
        if showing.newest is None:
            return not_ready()
        body = msgspec.json.encode(showing.newest)
        return Response(body, media_type="application/json", headers={"Cache-Control": "no-store"})

    @app.get("/api/live")
    async def stream() -> Response:
        try:
            return live.stream()
        except TooManyScreens:
            return problem(
                "too-many-screens",
                503,
                "Too many screens are connected",
                f"{live.screens} screens are being served",
                "close one, or raise TIDEMARK_BOARD_SCREENS",
            )

    _serve_runbooks(app, Runbooks())
    for path, name in _FILES.items():
        app.add_api_route(path, partial(_file, name), response_class=FileResponse)
    return app


def _serve_runbooks(app: FastAPI, runbooks: Runbooks) -> None:
    @app.get("/runbooks")
    async def index() -> HTMLResponse:
        return HTMLResponse(runbooks.index(), headers=_HEADERS)

    @app.get("/runbooks/{alert}")
    async def runbook(alert: str) -> HTMLResponse:
        page = runbooks.page(alert)
        if page is None:
            return HTMLResponse(runbooks.index(missing=alert), 404, headers=_HEADERS)
        return HTMLResponse(page, headers=_HEADERS)


async def _file(name: str) -> FileResponse:
    return FileResponse(BOARD_PAGE / name, headers=_HEADERS)


async def serve(settings: BoardSettings) -> None:
    """Open the log and its state and show them until cancelled.

    Raises LogError, CatalogueInvalid, or OSError when the address cannot be listened on.
    """
    async with opened(settings.log, wall_clock) as (event_log, reader):
        await run(event_log, reader, settings)


async def run(event_log: EventLog, reader: StateReader, settings: BoardSettings) -> None:
    """Show an open log's state until cancelled."""
    view = View(Civil(event_log.identity.zone), totals_reach())
    follower = Follower(view, reader, event_log, wall_clock)
    thread = OneThread()
    showing = Showing(follower, event_log.identity, read_plan().refund_shops, thread, wall_clock)
    live = Live(settings.board_screens)
    try:
        with listen(settings.board_host, settings.board_port) as listener:
            host, port, *_ = listener.getsockname()
            log.info("board listens", host=host, port=port)
            async with asyncio.TaskGroup() as group:
                group.create_task(follow(follower, thread, settings.board_refresh_s))
                group.create_task(showing.run(live))
                group.create_task(run_server(create_app(showing, live), listener, DRAIN_S))
    finally:
        thread.close()
