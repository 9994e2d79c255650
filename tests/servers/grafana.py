"""A stand-in for Grafana 12: its documented HTTP API over a socket, with failures that tests choose."""

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
    """The fate of the next `times` calls of a method to paths with this prefix: they are refused with a
    status, the connection is cut before or after the call is carried out, there is no answer, or the
    answer is a login page."""

    method: str
    path: str
    how: How
    times: int = 1
    refusal: Refusal = field(default_factory=lambda: Refusal(500, "Internal server error"))

    def applies_to(self, scope: Scope) -> bool:
        return self.times > 0 and scope["method"] == self.method and scope["path"].startswith(self.path)


class StandInGrafana:
    """Its contents, the calls it received, and the faults to come. `before` is called before each call."""

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
        """The calls that were not reads."""
        return [call for call in self.calls if call[0] != "GET"]


@contextmanager
def stand_in_grafana() -> Iterator[StandInGrafana]:
    """A stand-in that listens until the end of the block."""
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
    """Makes calls fail as the test has set."""

    def __init__(self, app: App, grafana: StandInGrafana) -> None:
        self._app = app
        self._grafana = grafana

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        self._grafana.before(scope["method"], scope["path"])
        self._grafana.calls.append((scope["method"], scope["path"]))
        fault = next((fault for fault in self._grafana.faults if fault.applies_to(scope)), None)
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
                await self._app(scope, receive, _discard)
            await _cut(send)


async def _discard(_message: MutableMapping[str, Any]) -> None:
    """Lose the answer."""


async def _cut(send: Send) -> None:
    """Send an incomplete answer, whereupon uvicorn closes the connection."""
    headers = [(b"content-type", b"application/json"), (b"content-length", b"1000")]
    await send({"type": "http.response.start", "status": 200, "headers": headers})
    await send({"type": "http.response.body", "body": b"{", "more_body": True})


class _Tokens:
    """Refuses calls without the right token."""

    def __init__(self, app: App) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if dict(scope["headers"]).get(b"authorization") == f"Bearer {TOKEN}".encode():
            await self._app(scope, receive, send)
        else:
            await JSONResponse({"message": "Unauthorized"}, 401)(scope, receive, send)
