"""A stand-in for Grafana 12: its documented HTTP API over a socket, with the failures that tests ask for."""

import asyncio
import threading
from collections.abc import Awaitable, Callable, Iterator, MutableMapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any, Literal

import uvicorn
from fastapi.responses import HTMLResponse, JSONResponse
from starlette.types import Receive, Scope, Send

from tests.servers.grafana_routes import documented_routes
from tests.servers.grafana_store import Annotations, Dashboards, Refusal
from tests.servers.ports import HOST, free_port
from tidemark.services.http import listen

TOKEN = "glsa_the_right_one"  # noqa: S105  of no real Grafana
STOP_S = 10.0

How = Literal["refuse", "cut", "cut after", "stall", "page"]


@dataclass
class Fault:
    """What becomes of the next `times` calls of a method to paths that begin so: they are refused with a
    status, or the connection is cut before or after the call is carried out, or no answer comes, or a
    page to log in at."""

    method: str
    path: str
    how: How
    times: int = 1
    refusal: Refusal = field(default_factory=lambda: Refusal(500, "Internal server error"))

    def takes(self, scope: Scope) -> bool:
        return self.times > 0 and scope["method"] == self.method and scope["path"].startswith(self.path)


class StandInGrafana:
    """What it holds, what it was asked, and what is to go wrong. `before` is called ahead of each call."""

    def __init__(self, url: str) -> None:
        self.url = url
        self.dashboards = Dashboards()
        self.annotations = Annotations()
        self.calls: list[tuple[str, str]] = []
        self.faults: list[Fault] = []
        self.before: Callable[[str, str], None] = lambda _method, _path: None

    def fail(self, method: str, path: str, how: How = "refuse", **more: Any) -> None:
        self.faults.append(Fault(method, path, how, **more))

    def writes(self) -> list[tuple[str, str]]:
        """The calls that were no reading."""
        return [call for call in self.calls if call[0] != "GET"]


@contextmanager
def stand_in_grafana() -> Iterator[StandInGrafana]:
    """One that listens until the end of the block."""
    port = free_port()
    grafana = StandInGrafana(f"http://{HOST}:{port}")
    app = _Faults(_Tokens(documented_routes(grafana.dashboards, grafana.annotations)), grafana)
    server = uvicorn.Server(uvicorn.Config(app, log_config=None, lifespan="off", timeout_graceful_shutdown=0))
    with listen(HOST, port) as socket:
        # Connections wait in the socket's queue until the thread takes them.
        thread = threading.Thread(target=server.run, args=([socket],), name="grafana")
        thread.start()
        try:
            yield grafana
        finally:
            server.should_exit = True
            thread.join(STOP_S)
    assert not thread.is_alive()


App = Callable[[Scope, Receive, Send], Awaitable[None]]


class _Faults:
    """Lets calls fail as told."""

    def __init__(self, app: App, grafana: StandInGrafana) -> None:
        self._app = app
        self._grafana = grafana

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        self._grafana.before(scope["method"], scope["path"])
        self._grafana.calls.append((scope["method"], scope["path"]))
        fault = next((one for one in self._grafana.faults if one.takes(scope)), None)
        if fault is None:
            await self._app(scope, receive, send)
            return
        fault.times -= 1
        if fault.how == "refuse":
            await JSONResponse(fault.refusal.body, fault.refusal.code)(scope, receive, send)
        elif fault.how == "page":
            await HTMLResponse("Please log in")(scope, receive, send)
        elif fault.how == "stall":
            await asyncio.Event().wait()
        else:
            if fault.how == "cut after":
                await self._app(scope, receive, _unheard)
            await _cut(send)


async def _unheard(_message: MutableMapping[str, Any]) -> None:
    """The answer is lost."""


async def _cut(send: Send) -> None:
    """An answer that ends before it is whole, whereupon uvicorn closes the connection."""
    headers = [(b"content-type", b"application/json"), (b"content-length", b"1000")]
    await send({"type": "http.response.start", "status": 200, "headers": headers})
    await send({"type": "http.response.body", "body": b"{", "more_body": True})


class _Tokens:
    """Lets only the right token in."""

    def __init__(self, app: App) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if dict(scope["headers"]).get(b"authorization") == f"Bearer {TOKEN}".encode():
            await self._app(scope, receive, send)
        else:
            await JSONResponse({"message": "Unauthorized"}, 401)(scope, receive, send)
