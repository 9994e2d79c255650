"""Every refusal names the problem, the field and the remedy, and appends nothing."""

import asyncio
import json
from collections.abc import AsyncIterator
from typing import Any

import pytest

from tests.support.gateways import (
    FailingLog,
    footfall,
    gateway,
    limits,
    memory_log,
    read_stored,
    send,
    send_batch,
)
from tidemark.services.gateway import problems
from tidemark.services.gateway.content import BATCH, STRUCTURED
from tidemark.services.http import Kind

STRAY = {"surprise": 1}


def check(answer: Any, status: int, name: str, field: str | None = None) -> None:
    assert answer.status_code == status, answer.text
    assert answer.headers["content-type"] == "application/problem+json"
    problem = answer.json()
    assert problem["type"] == f"urn:tidemark:problem:{name}"
    assert problem["status"] == status
    assert problem["title"]
    assert problem["detail"]
    assert problem["remedy"]
    assert problem.get("field") == field


@pytest.mark.parametrize(
    ("event", "status", "name", "field"),
    [
        (b"{", 400, "malformed", None),
        (b"", 400, "malformed", None),
        (b'{"id": "\xff"}', 400, "malformed", None),
        (b"[" * 100_000, 400, "malformed", None),
        ([], 422, "undecodable", None),
        (footfall(type="tidemark.weather.v1"), 422, "unknown-type", "type"),
        (footfall(entered="many"), 422, "invalid", "data.entered"),
        (footfall(subject=""), 422, "invalid", "subject"),
        (footfall(time="2026-01-01T08:00:00"), 422, "invalid", "time"),
        (footfall() | {"data": footfall()["data"] | STRAY}, 422, "invalid", "data.surprise"),
        (footfall(partitionkey="elsewhere"), 422, "invalid", "partitionkey"),
        (footfall(time="2026-01-01T08:01:01+08:00"), 422, "future", "time"),
        (footfall(time="9999-12-31T23:59:59-23:59"), 422, "future", "time"),
        (footfall(time="0001-01-01T00:00:00+23:59"), 422, "invalid", "time"),
        (footfall(simulated=True), 422, "content-mismatch", "simulated"),
        (footfall(extra="x" * 70_000), 413, "event-too-large", None),
    ],
)
async def test_a_refused_event_names_its_fault(event: Any, status: int, name: str, field: str | None) -> None:
    log = memory_log()
    async with gateway(log) as client:
        check(await send(client, event), status, name, field)
    assert await read_stored(log) == []


async def test_an_event_a_minute_ahead_is_accepted() -> None:
    async with gateway(memory_log()) as client:
        assert (await send(client, footfall(time="2026-01-01T08:01:00+08:00"))).status_code == 202


@pytest.mark.parametrize(
    ("content", "simulated", "status"),
    [
        ("real", False, 202),
        ("real", True, 422),
        ("simulated", True, 202),
        ("simulated", False, 422),
        ("mixed", True, 202),
        ("mixed", False, 202),
    ],
)
async def test_a_log_accepts_only_its_content(content: Any, simulated: bool, status: int) -> None:
    async with gateway(memory_log(content)) as client:
        assert (await send(client, footfall(simulated=simulated))).status_code == status


@pytest.mark.parametrize(
    ("headers", "field"),
    [
        ({"content-type": "text/plain"}, "content-type"),
        ({"content-type": "application/json"}, "content-type"),
        ({"content-type": f"{STRUCTURED}; charset=gbk"}, "content-type"),
        ({}, "content-type"),
        ({"content-type": STRUCTURED, "content-encoding": "gzip"}, "content-encoding"),
    ],
)
async def test_another_content_type_is_refused(headers: dict[str, str], field: str) -> None:
    async with gateway(memory_log()) as client:
        answer = await client.post("/v1/events", content=json.dumps(footfall()), headers=headers)
    check(answer, 415, "unsupported-media-type", field)


@pytest.mark.parametrize("content_type", [f'{STRUCTURED}; charset="UTF-8"', STRUCTURED.upper()])
async def test_content_types_are_read_without_regard_to_case(content_type: str) -> None:
    async with gateway(memory_log()) as client:
        answer = await send(client, footfall(), **{"content-type": content_type})
    assert answer.status_code == 202


@pytest.mark.parametrize(
    ("body", "status", "name"),
    [
        ([], 422, "empty-batch"),
        ({}, 422, "undecodable"),
        (b"[1,", 400, "malformed"),
        ([footfall(f"e{n}") for n in range(4)], 413, "too-many-events"),
    ],
)
async def test_an_invalid_batch_is_refused_as_a_whole(body: Any, status: int, name: str) -> None:
    log = memory_log()
    async with gateway(log, limits(max_batch_events=3)) as client:
        check(await send_batch(client, body), status, name)
    assert await read_stored(log) == []


async def test_a_body_over_the_limit_is_refused_from_its_announced_length() -> None:
    async with gateway(memory_log(), limits(max_body_bytes=2048)) as client:
        check(await send(client, b"x" * 2049), 413, "body-too-large")


async def test_a_body_over_the_limit_is_read_no_further_than_the_limit() -> None:
    sent = 0

    async def endless() -> AsyncIterator[bytes]:
        nonlocal sent
        while sent < 10**9:
            sent += 1024
            yield b" " * 1024

    async with gateway(memory_log(), limits(max_body_bytes=2048)) as client:
        answer = await client.post("/v1/events", content=endless(), headers={"content-type": BATCH})
    check(answer, 413, "body-too-large")
    assert sent <= 4096


async def test_a_body_that_stalls_times_out() -> None:
    async def stall() -> AsyncIterator[bytes]:
        yield b"["
        await asyncio.Event().wait()

    async with gateway(memory_log(), limits(body_timeout_s=0.01)) as client:
        answer = await client.post("/v1/events", content=stall(), headers={"content-type": BATCH})
    check(answer, 408, "body-timeout")


@pytest.mark.parametrize(
    ("method", "path", "status", "name"),
    [
        ("GET", "/nowhere", 404, "not-found"),
        ("POST", "/v1/events/", 404, "not-found"),
        ("GET", "/v1/events", 405, "method-not-allowed"),
        ("DELETE", "/health", 405, "method-not-allowed"),
    ],
)
async def test_unknown_paths_and_methods_are_problems_too(
    method: str, path: str, status: int, name: str
) -> None:
    async with gateway(memory_log()) as client:
        answer = await client.request(method, path)
    check(answer, status, name)
    assert status == 404 or answer.headers["allow"]


async def test_a_bug_is_a_problem_that_reveals_nothing_internal() -> None:
    log = FailingLog()
    log.error = ZeroDivisionError("secret")
    async with gateway(log) as client:
        answer = await send(client, footfall())
        log.error = None
        assert (await send(client, footfall())).status_code == 202
    check(answer, 500, "internal")
    assert "secret" not in answer.text


def test_problem_names_are_unique() -> None:
    kinds = [value for value in vars(problems).values() if isinstance(value, Kind)]
    assert len({kind.name for kind in kinds}) == len(kinds)
