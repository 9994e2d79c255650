"""What HTTP services share: problem details, bounded bodies, bearer tokens, the endpoints for
health, readiness and metrics, and the server.

A service builds its application with `create_plain_app` (or, with a described API of its own, from
`add_endpoints` and `answer_problems`), opens its port with `open_listener` before anything else,
so that a port in use is an error of its own, and serves with `run_server` until cancelled.
"""

import asyncio
import socket
from collections.abc import Awaitable, Callable, Iterator, Mapping
from contextlib import contextmanager
from typing import Any, NamedTuple

import h11
import msgspec
import structlog
import uvicorn
from fastapi import FastAPI, Request, Response
from prometheus_client import CONTENT_TYPE_PLAIN_0_0_4, CollectorRegistry, Counter, generate_latest
from uvicorn.protocols.http.h11_impl import H11Protocol

from .framing import Framing

log = structlog.get_logger()

PROBLEM_MEDIA_TYPE = "application/problem+json"
DRAIN_S = 5
"""Default time in seconds that a stopping server waits for requests in progress."""
_BACKLOG = 2048

CheckReady = Callable[[], Awaitable[None]]
"""Returns if the service can do its work, else raises Problem."""
ReadMetrics = Callable[[], Awaitable[bytes]]
"""Returns the metrics in Prometheus' text format. Raises Problem while there are none."""


def retry_after(seconds: int) -> tuple[tuple[str, str], ...]:
    """The header that says when to retry."""
    return (("Retry-After", str(seconds)),)


CLOSE = ("Connection", "close")
"""The header of an answer after which the rest of the request is not read."""


class Kind(NamedTuple):
    """A kind of problem, `urn:tidemark:problem:<name>`, with its title, status and headers."""

    name: str
    status: int
    title: str
    headers: tuple[tuple[str, str], ...] = ()

    @property
    def is_temporary(self) -> bool:
        """Whether the same request may succeed later."""
        return self.status == 429 or self.status >= 500


INVALID_HTTP = Kind("invalid-http", 400, "The request is not valid HTTP/1.1", (CLOSE,))


class Problem(Exception):
    """A refusal (RFC 9457): what is wrong, with which field, and what to do about it."""

    def __init__(self, kind: Kind, detail: str, remedy: str, field: str = "") -> None:
        super().__init__(f"{field or kind.title}: {detail}; {remedy}")
        self.kind = kind
        self.detail = detail
        self.remedy = remedy
        self.field = field

    def members(self) -> dict[str, Any]:
        """The members of the problem object."""
        members: dict[str, Any] = {
            "type": f"urn:tidemark:problem:{self.kind.name}",
            "title": self.kind.title,
            "status": self.kind.status,
            "detail": self.detail,
            "remedy": self.remedy,
        }
        if self.field:
            members["field"] = self.field
        return members


def respond(problem: Problem, extra: Mapping[str, Any] | None = None) -> Response:
    """The problem as an HTTP response, with optional extension members."""
    body = msgspec.json.encode(problem.members() | dict(extra or {}))
    return Response(body, problem.kind.status, dict(problem.kind.headers), PROBLEM_MEDIA_TYPE)


def answer_problems(app: FastAPI, refused: Counter | None = None) -> None:
    """Answer every Problem that a route raises; `refused` counts them by the kind's name."""

    @app.exception_handler(Problem)
    async def on_problem(_request: Request, problem: Problem) -> Response:
        if refused is not None:
            refused.labels(problem.kind.name).inc()
        return respond(problem)


class BodyTooLarge(Exception):
    """The body has more bytes than allowed."""


async def read_body(
    request: Request, max_bytes: int, timeout_s: float, hold: Callable[[int], None] | None = None
) -> bytes:
    """The request's body; `hold` is called with the size of each part before the part is kept.

    Raises BodyTooLarge, TimeoutError when the body takes too long to arrive, ClientDisconnect when
    the client disconnects, and what `hold` raises.
    """
    announced = request.headers.get("content-length", "")
    if announced.isdecimal() and int(announced) > max_bytes:
        raise BodyTooLarge
    body = bytearray()
    async with asyncio.timeout(timeout_s):
        async for part in request.stream():
            if len(body) + len(part) > max_bytes:
                raise BodyTooLarge
            if hold is not None:
                hold(len(part))
            body += part
    return bytes(body)


def read_bearer_token(request: Request) -> str:
    """The bearer token of the Authorization header; empty without one."""
    scheme, _, token = request.headers.get("authorization", "").partition(" ")
    return token.strip() if scheme.lower() == "bearer" else ""


def create_plain_app(
    title: str,
    check_ready: CheckReady,
    read_metrics: ReadMetrics | None = None,
    refused: Counter | None = None,
) -> FastAPI:
    """An application with the common endpoints, counted problems and no documentation pages."""
    app = FastAPI(title=title, docs_url=None, redoc_url=None, openapi_url=None)
    add_endpoints(app, check_ready, read_metrics)
    answer_problems(app, refused)
    return app


def expose(registry: CollectorRegistry) -> ReadMetrics:
    """A function that reads the metrics of the registry."""

    async def read_metrics() -> bytes:
        return generate_latest(registry)

    return read_metrics


def add_endpoints(
    app: FastAPI,
    check_ready: CheckReady,
    read_metrics: ReadMetrics | None = None,
    documents: Mapping[str, Mapping[str, Any]] | None = None,
) -> None:
    """Add `/health`, `/ready` and, if there are metrics, `/metrics`; `documents` describes them by path."""

    async def health() -> Response:
        return Response(b'{"status":"alive"}', media_type="application/json")

    async def ready() -> Response:
        await check_ready()
        return Response(b'{"status":"ready"}', media_type="application/json")

    routes: list[tuple[str, Callable[[], Awaitable[Response]]]] = [("/health", health), ("/ready", ready)]
    if read_metrics is not None:
        routes.append(("/metrics", _create_metrics_route(read_metrics)))
    for path, route in routes:
        app.add_api_route(path, route, response_class=Response, **(documents or {}).get(path, {}))


def _create_metrics_route(read_metrics: ReadMetrics) -> Callable[[], Awaitable[Response]]:
    async def metrics() -> Response:
        return Response(await read_metrics(), media_type=CONTENT_TYPE_PLAIN_0_0_4)

    return metrics


def listen(host: str, port: int) -> socket.socket:
    """A listening socket. Raises OSError, for example when the port is in use.

    asyncio sets TCP_NODELAY only on sockets whose protocol is given as TCP. Sockets of
    `socket.create_server` lack it, and every answer would wait 40 ms for an acknowledgement.
    """
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    listener = socket.socket(family, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    try:
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.bind((host, port))
        listener.listen(_BACKLOG)
    except OSError as error:
        listener.close()
        raise OSError(
            f"{host}:{port}: cannot listen ({error.strerror}); choose another or stop the process on it"
        ) from error
    return listener


@contextmanager
def open_listener(service: str, host: str, port: int, **facts: object) -> Iterator[socket.socket]:
    """A listening socket, closed after the block; its address and the facts are logged.

    Raises OSError when the service cannot listen on the address.
    """
    with listen(host, port) as listener:
        bound_host, bound_port, *_ = listener.getsockname()
        log.info(f"{service} listens", host=bound_host, port=bound_port, **facts)
        yield listener


class _Protocol(H11Protocol):
    """Refuses ambiguous requests (`framing`), and answers invalid HTTP with a problem too."""

    def __init__(self, *arguments: Any, **options: Any) -> None:
        super().__init__(*arguments, **options)
        self.conn: Framing = Framing(h11.SERVER)

    def send_400_response(self, msg: str) -> None:  # noqa: ARG002  uvicorn's own text
        """Answer the connection's error, unless an answer has begun, and close."""
        error = self.conn.error
        if error is not None and self.conn.our_state in (h11.IDLE, h11.SEND_RESPONSE):
            answer = respond(Problem(INVALID_HTTP, error.detail, error.remedy))
            head = h11.Response(
                status_code=answer.status_code, headers=answer.raw_headers, reason=b"Bad Request"
            )
            for event in (head, h11.Data(data=bytes(answer.body)), h11.EndOfMessage()):
                self.transport.write(self.conn.send(event))
        self.transport.close()


class _Server(uvicorn.Server):
    """Leaves signals to the process: uvicorn would raise them again before the event log is closed."""

    @contextmanager
    def capture_signals(self) -> Iterator[None]:
        yield


async def run_server(app: FastAPI, listener: socket.socket, drain_timeout_s: float = DRAIN_S) -> None:
    """Serve until cancelled; then finish the requests in progress within `drain_timeout_s` seconds.

    Forwarding headers are ignored: any client could write them.
    """
    config = uvicorn.Config(
        app,
        http=_Protocol,
        log_config=None,
        access_log=False,
        proxy_headers=False,
        server_header=False,
        lifespan="on",
        timeout_graceful_shutdown=round(drain_timeout_s),
    )
    server = _Server(config)
    serving = asyncio.create_task(server.serve(sockets=[listener]), name="server")
    try:
        await asyncio.shield(serving)
    except asyncio.CancelledError:
        server.should_exit = True
        await serving
        raise
