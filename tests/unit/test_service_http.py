"""What all HTTP services share: bodies, tokens, problems, and the endpoints for health and metrics."""

import asyncio
from collections.abc import AsyncIterator

import httpx
import pytest
from fastapi import FastAPI, Request, Response
from prometheus_client import CollectorRegistry, Counter

from tidemark.services.http import (
    BodyTooLarge,
    Kind,
    Problem,
    create_plain_app,
    expose,
    open_listener,
    read_bearer_token,
    read_body,
    retry_after,
)
from tidemark.services.ledger.app import create_app as create_ledger_app
from tidemark.services.ledger.metrics import LedgerMetrics

TIRED = Kind("tired", 503, "It rests", retry_after(7))


def client_of(app: FastAPI) -> httpx.AsyncClient:
    return httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://service")


def request_of(**headers: str) -> Request:
    pairs = [(name.encode(), value.encode()) for name, value in headers.items()]
    return Request({"type": "http", "headers": pairs})


@pytest.mark.parametrize(
    ("header", "token"),
    [
        ("Bearer abc", "abc"),
        ("bearer  abc ", "abc"),
        ("Basic abc", ""),
        ("abc", ""),
        ("Bearer", ""),
        ("", ""),
    ],
)
def test_a_token_is_read_from_a_bearer_header_only(header: str, token: str) -> None:
    assert read_bearer_token(request_of(authorization=header)) == token
    assert read_bearer_token(request_of()) == ""


def create_reading_app(max_bytes: int, timeout_s: float) -> FastAPI:
    """An app that responds with the body's length, 413 or 408; `state.held` has the sizes of its parts."""
    app = FastAPI()
    app.state.held = []

    @app.post("/")
    async def read(request: Request) -> Response:
        try:
            body = await read_body(request, max_bytes, timeout_s, app.state.held.append)
        except BodyTooLarge:
            return Response(status_code=413)
        except TimeoutError:
            return Response(status_code=408)
        return Response(str(len(body)))

    return app


async def test_a_body_is_read_up_to_its_limit_and_held_part_by_part() -> None:
    async def parts(*sizes: int) -> AsyncIterator[bytes]:
        for size in sizes:
            yield b"x" * size

    app = create_reading_app(8, 5)
    async with client_of(app) as client:
        assert (await client.post("/", content=parts(5, 3))).text == "8"
        assert sum(app.state.held) == 8
        assert (await client.post("/", content=parts(5, 3, 1))).status_code == 413
        assert sum(app.state.held) == 16
        announced = await client.post("/", content=b"x" * 9)
    assert announced.status_code == 413
    assert sum(app.state.held) == 16, "what is announced as too large is not read"


async def test_a_body_that_stalls_ends_at_the_time_limit() -> None:
    async def stall() -> AsyncIterator[bytes]:
        yield b"x"
        await asyncio.Event().wait()

    async with client_of(create_reading_app(8, 0.01)) as client:
        assert (await client.post("/", content=stall())).status_code == 408


async def test_a_service_that_is_not_ready_responds_with_a_problem_and_counts_it() -> None:
    registry = CollectorRegistry()
    refused = Counter("refused_total", "Refused", ["reason"], registry=registry)

    async def check_ready() -> None:
        raise Problem(TIRED, "it sleeps", "wait", "bed")

    async with client_of(create_plain_app("x", check_ready, expose(registry), refused)) as client:
        health, ready = await client.get("/health"), await client.get("/ready")
        metrics = await client.get("/metrics")
    assert (health.status_code, health.json()) == (200, {"status": "alive"})
    assert (ready.status_code, ready.headers["retry-after"]) == (503, "7")
    assert ready.headers["content-type"] == "application/problem+json"
    assert ready.content == (
        b'{"type":"urn:tidemark:problem:tired","title":"It rests","status":503,'
        b'"detail":"it sleeps","remedy":"wait","field":"bed"}'
    )
    assert metrics.headers["content-type"] == "text/plain; version=0.0.4; charset=utf-8"
    assert 'refused_total{reason="tired"} 1.0' in metrics.text


async def test_a_service_without_metrics_or_documentation_has_neither() -> None:
    async def check_ready() -> None:
        return

    async with client_of(create_plain_app("x", check_ready)) as client:
        assert (await client.get("/ready")).json() == {"status": "ready"}
        for path in ("/metrics", "/docs", "/openapi.json"):
            assert (await client.get(path)).status_code == 404


def test_a_port_that_is_taken_is_named() -> None:
    with open_listener("x", "127.0.0.1", 0) as listener:
        port = listener.getsockname()[1]
        with pytest.raises(OSError, match=f":{port}: cannot listen"), open_listener("y", "127.0.0.1", port):
            pass


async def test_a_ledger_is_alive_and_not_ready_before_its_partitions_are_restored() -> None:
    class Worker:
        restoring = 1

    metrics, worker = LedgerMetrics(), Worker()
    async with client_of(create_ledger_app(metrics)) as client:
        assert (await client.get("/health")).status_code == 200
        for _ in range(2):
            answer = await client.get("/ready")
            assert (answer.status_code, answer.json()["type"]) == (503, "urn:tidemark:problem:not-ready")
            metrics.watch(worker)  # type: ignore[arg-type]
        worker.restoring = 0
        assert (await client.get("/ready")).json() == {"status": "ready"}
