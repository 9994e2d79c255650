"""The HTTP routes: the page, its snapshots, and the runbooks."""

from functools import partial

import msgspec
from fastapi import APIRouter, Response
from fastapi.responses import FileResponse, HTMLResponse

from tidemark.services.background import check_complete
from tidemark.services.http import Kind, Problem, retry_after
from tidemark.services.resources import BOARD_PAGE

from .live import Live, TooManyScreens
from .runbooks import Runbooks
from .showing import Showing

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
_TOO_MANY_SCREENS = Kind("too-many-screens", 503, "Too many screens are connected", retry_after(1))


def create_router(showing: Showing, live: Live, runbooks: Runbooks) -> APIRouter:
    """The routes over snapshots that are taken elsewhere."""
    router = APIRouter()

    @router.get("/api/totals")
    async def totals() -> Response:
        check_complete(showing.newest is not None)
        body = msgspec.json.encode(showing.newest)
        return Response(body, media_type="application/json", headers={"Cache-Control": "no-store"})

    @router.get("/api/live")
    async def stream() -> Response:
        try:
            return live.open_stream()
        except TooManyScreens:
            raise Problem(
                _TOO_MANY_SCREENS,
                f"{live.screens} screens are connected, the maximum",
                "close a screen, or raise TIDEMARK_BOARD_SCREENS",
            ) from None

    @router.get("/runbooks")
    async def index() -> HTMLResponse:
        return HTMLResponse(runbooks.render_index(), headers=_HEADERS)

    @router.get("/runbooks/{alert}")
    async def runbook(alert: str) -> HTMLResponse:
        page = runbooks.render_page(alert)
        if page is None:
            return HTMLResponse(runbooks.render_index(missing=alert), 404, headers=_HEADERS)
        return HTMLResponse(page, headers=_HEADERS)

    for path, name in _FILES.items():
        router.add_api_route(path, partial(_send_file, name), response_class=FileResponse)
    return router


async def _send_file(name: str) -> FileResponse:
    return FileResponse(BOARD_PAGE / name, headers=_HEADERS)
