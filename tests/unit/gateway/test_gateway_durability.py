"""Acknowledged events are durable, requests share appends, and excess requests are refused."""

import asyncio
from collections.abc import AsyncIterator

import httpx
import pytest

from tests.support.gateways import (
    FailingLog,
    GatedLog,
    density,
    footfall,
    gateway,
    limits,
    read_stored,
    send,
    send_batch,
)
from tidemark.services.gateway import app as gateway_app
from tidemark.services.gateway.committer import Committer
from tidemark.services.gateway.content import BATCH
from tidemark.services.gateway.load import Load
from tidemark.services.gateway.metrics import Metrics
from tidemark.streams.contracts.family import Stream
from tidemark.streams.families.codec import decode
from tidemark.streams.log.errors import LogError, LogFull, LogLocked
from tidemark.streams.log.port import Entry

EVERYTHING_RUNS = 500
"""Turns of the event loop after which every task that does not wait for the gate has run."""


async def run_ready_tasks() -> None:
    for _ in range(EVERYTHING_RUNS):
        await asyncio.sleep(0)


async def collect_early_answers() -> list[httpx.Response]:
    """The answers to ten requests before the log has appended anything."""
    log = GatedLog()
    async with gateway(log) as client, asyncio.TaskGroup() as group:
        requests = [group.create_task(send(client, footfall(f"e{n}"))) for n in range(10)]
        await log.reached.wait()
        await run_ready_tasks()
        early = [request.result() for request in requests if request.done()]
        log.gate.set()
    assert {request.result().status_code for request in requests} == {202}
    return early


async def test_nothing_is_acknowledged_before_it_is_durable() -> None:
    assert await collect_early_answers() == []


async def test_an_acknowledgement_before_the_append_would_be_noticed(monkeypatch: pytest.MonkeyPatch) -> None:
    class Hasty(Committer):
        async def commit(self, stream: Stream, entries: list[Entry]) -> list[int]:
            self.late = asyncio.create_task(super().commit(stream, entries))
            return list(range(len(entries)))

    monkeypatch.setattr(gateway_app, "Committer", Hasty)
    assert await collect_early_answers() != []


async def test_concurrent_requests_share_appends() -> None:
    log = GatedLog()
    async with gateway(log) as client, asyncio.TaskGroup() as group:
        requests = [group.create_task(send(client, footfall(f"e{n}"))) for n in range(100)]
        await log.reached.wait()
        await run_ready_tasks()
        log.gate.set()
    answers = [request.result().json() for request in requests]
    assert log.appends <= 3
    assert len({(answer["partition"], answer["offset"]) for answer in answers}) == 100
    assert {decode(raw).id for raw in await read_stored(log)} == {f"e{n}" for n in range(100)}
    for n, answer in enumerate(answers):
        [record] = (await log.read(Stream.FACTS, answer["partition"], answer["offset"], 1)).records
        assert decode(record.value).id == f"e{n}"


@pytest.mark.parametrize(
    ("error", "status", "name"),
    [
        (LogLocked("held"), 503, "log-unavailable"),
        (LogError("broken"), 503, "log-unavailable"),
        (LogFull("full"), 507, "log-full"),
    ],
)
async def test_a_failing_log_acknowledges_nothing_and_recovers(
    error: LogError, status: int, name: str
) -> None:
    log = FailingLog()
    log.error = error
    async with gateway(log) as client:
        single = await send(client, footfall("one"))
        batch = await send_batch(client, [footfall("two"), footfall("three")])
        assert await read_stored(log) == []
        log.error = None
        assert (await send(client, footfall("one"))).status_code == 202
    for answer in (single, batch):
        assert answer.status_code == status
        assert answer.json()["type"] == f"urn:tidemark:problem:{name}"
        assert answer.json()["remedy"]
        assert int(answer.headers["retry-after"]) > 0
    assert [decode(raw).id for raw in await read_stored(log)] == ["one"]


async def test_a_failing_stream_does_not_affect_the_other() -> None:
    log = FailingLog()
    log.error, log.stream = LogError("broken"), Stream.SIGNALS
    async with gateway(log) as client:
        answer = await send_batch(client, [density("s"), footfall("f")])
    assert answer.status_code == 207
    assert [v["status"] for v in answer.json()["verdicts"]] == ["rejected", "accepted"]
    assert [decode(raw).id for raw in await read_stored(log)] == ["f"]
    assert await read_stored(log, Stream.SIGNALS) == []


async def test_a_slow_append_is_reported_as_unknown() -> None:
    log = GatedLog()
    async with gateway(log, limits(commit_timeout_s=0.01)) as client:
        answer = await send(client, footfall("slow"))
        log.gate.set()
        again = await send(client, footfall("slow"))
    assert answer.status_code == 503
    assert answer.json()["type"] == "urn:tidemark:problem:outcome-unknown"
    assert "same ids" in answer.json()["remedy"]
    assert answer.headers["retry-after"]
    assert again.status_code == 202


async def test_a_full_queue_refuses_requests_until_there_is_space() -> None:
    log = GatedLog()
    five = [footfall(f"e{n}") for n in range(5)]
    async with gateway(log, limits(max_queue_events=10, max_batch_events=5)) as client:
        async with asyncio.TaskGroup() as group:
            taken = [group.create_task(send_batch(client, five)) for _ in range(2)]
            await log.reached.wait()
            await run_ready_tasks()
            refused = await send(client, footfall("too-much"))
            log.gate.set()
        after = await send(client, footfall("later"))
    assert refused.status_code == 429
    assert refused.json()["type"] == "urn:tidemark:problem:overloaded"
    assert int(refused.headers["retry-after"]) > 0
    assert [task.result().status_code for task in taken] == [202, 202]
    assert after.status_code == 202


async def test_bodies_being_read_count_against_the_bound() -> None:
    finish = asyncio.Event()
    reading = 0

    async def slow_body() -> AsyncIterator[bytes]:
        nonlocal reading
        reading += 1
        yield b" " * 1024
        await finish.wait()
        yield b"[]"

    async def post(client: httpx.AsyncClient) -> httpx.Response:
        return await client.post("/v1/events", content=slow_body(), headers={"content-type": BATCH})

    async with gateway(GatedLog(), limits(max_body_bytes=1100, max_queue_bytes=4400)) as client:
        async with asyncio.TaskGroup() as group:
            slow = [group.create_task(post(client)) for _ in range(4)]
            await run_ready_tasks()
            assert reading == 4
            refused = await post(client)
            finish.set()
        after = await post(client)
    assert refused.status_code == 429
    assert [task.result().status_code for task in slow] == [422] * 4
    assert after.status_code == 422


async def test_a_client_that_disconnects_does_not_affect_others() -> None:
    log = GatedLog()
    async with gateway(log) as client:
        requests = [asyncio.create_task(send(client, footfall(f"e{n}"))) for n in range(5)]
        await log.reached.wait()
        await run_ready_tasks()
        requests[2].cancel()
        await run_ready_tasks()
        log.gate.set()
        answers = await asyncio.gather(*requests, return_exceptions=True)
        assert (await send(client, footfall("next"))).status_code == 202
    codes = [answer.status_code for answer in answers if isinstance(answer, httpx.Response)]
    assert codes == [202] * 4


async def test_a_shutdown_appends_waiting_entries() -> None:
    log = GatedLog()
    load = Load(100, 100)
    committer = Committer(log, load, Metrics(load))
    committer.start()
    taken = [asyncio.create_task(committer.commit(Stream.FACTS, [Entry(n, b"x")])) for n in range(8)]
    await run_ready_tasks()
    closing = asyncio.create_task(committer.close(10))
    await run_ready_tasks()
    log.gate.set()
    await closing
    assert [task.result() for task in taken] == [[0]] * 8
    assert not committer.alive
    assert (load.events, load.bytes) == (0, 0)


async def test_a_caller_cancelled_before_the_append_has_appended_nothing() -> None:
    log = GatedLog()
    load = Load(100, 100)
    committer = Committer(log, load, Metrics(load))
    committer.start()
    first = asyncio.create_task(committer.commit(Stream.FACTS, [Entry(0, b"first")]))
    await log.reached.wait()
    second = asyncio.create_task(committer.commit(Stream.FACTS, [Entry(0, b"second")]))
    await run_ready_tasks()
    second.cancel()
    await run_ready_tasks()
    log.gate.set()
    await first
    await committer.close(10)
    assert await read_stored(log) == [b"first"]
    assert (load.events, load.bytes) == (0, 0)


async def test_a_shutdown_stops_waiting_after_its_timeout() -> None:
    log = GatedLog()
    load = Load(100, 100)
    committer = Committer(log, load, Metrics(load))
    committer.start()
    stuck = asyncio.create_task(committer.commit(Stream.FACTS, [Entry(0, b"x")]))
    await log.reached.wait()
    await committer.close(0.01)
    assert not committer.alive
    stuck.cancel()
    assert await read_stored(log) == []
