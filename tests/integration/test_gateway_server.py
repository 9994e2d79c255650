"""The gateway as a separate process, over sockets, with a log on disk."""

import asyncio
import json
import signal
import socket
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

import httpx
import pytest

from tests.support.commands import TIDEMARK
from tests.support.gateways import clock, footfall, read_stored, send, send_batch
from tidemark.services.gateway.app import serve
from tidemark.services.gateway.content import BATCH, STRUCTURED
from tidemark.services.gateway.settings import GatewaySettings
from tidemark.services.gateway.sources import SourcesError, add_source
from tidemark.services.http import listen
from tidemark.streams.families.codec import decode
from tidemark.streams.log import engine_of


@dataclass
class Running:
    """A gateway's process, a client of it, and its log's address."""

    process: asyncio.subprocess.Process
    client: httpx.AsyncClient
    url: str
    port: int

    async def ids(self) -> list[str]:
        """The ids in the log, read outside of the gateway."""
        event_log = await engine_of(self.url).open_log(clock)
        try:
            return [decode(raw).id for raw in await read_stored(event_log)]
        finally:
            await event_log.close()


@asynccontextmanager
async def run_gateway(folder: Path, **settings: str) -> AsyncIterator[Running]:
    url = f"sqlite:///{folder}/log/x.db"
    environment = {"TIDEMARK_LOG": url, "TIDEMARK_GATEWAY_PORT": "0"}
    environment |= {f"TIDEMARK_{name.upper()}": value for name, value in settings.items()}
    process = await asyncio.create_subprocess_exec(
        TIDEMARK, "gateway", cwd=folder, env=environment, stderr=asyncio.subprocess.PIPE
    )
    try:
        port = await asyncio.wait_for(_port_of(process), 30)
        async with httpx.AsyncClient(base_url=f"http://127.0.0.1:{port}", timeout=30) as client:
            yield Running(process, client, url, port)
    finally:
        if process.returncode is None:
            process.kill()
        await process.communicate()


async def _port_of(process: asyncio.subprocess.Process) -> int:
    assert process.stderr is not None
    async for line in process.stderr:
        logged = json.loads(line)
        if logged["event"] == "gateway listens":
            return int(logged["port"])
    raise AssertionError("the gateway ended before it listened on a port")


@pytest.mark.parametrize(("number", "code"), [(signal.SIGKILL, -signal.SIGKILL), (signal.SIGTERM, 0)])
async def test_acknowledged_events_survive_however_the_gateway_ends(
    tmp_path: Path, number: signal.Signals, code: int
) -> None:
    acknowledged: set[str] = set()

    async def produce(gateway: Running, name: int) -> None:
        for n in range(10**6):
            batch = [footfall(f"{name}-{n}-{k}") for k in range(20)]
            try:
                answer = await send_batch(gateway.client, batch)
            except httpx.TransportError:
                return
            assert answer.status_code == 202
            acknowledged.update(event["id"] for event in batch)
            if name == 0 and n == 10:
                gateway.process.send_signal(number)

    async with run_gateway(tmp_path) as gateway:
        await asyncio.gather(*(produce(gateway, name) for name in range(8)))
        assert await gateway.process.wait() == code
        kept = await gateway.ids()
    assert len(acknowledged) >= 11 * 20
    assert acknowledged <= set(kept)
    assert len(kept) == len(set(kept))


async def test_a_restart_continues_the_same_log(tmp_path: Path) -> None:
    for event_id in ("first", "second"):
        async with run_gateway(tmp_path) as gateway:
            assert (await send(gateway.client, footfall(event_id))).status_code == 202
            assert (await gateway.client.get("/ready")).status_code == 200
            gateway.process.terminate()
            assert await gateway.process.wait() == 0
            kept = await gateway.ids()
    assert kept == ["first", "second"]


async def test_forwarding_headers_do_not_change_who_is_local(tmp_path: Path) -> None:
    async with run_gateway(tmp_path) as gateway:
        answer = await send(gateway.client, footfall(), **{"x-forwarded-for": "203.0.113.9"})
    assert answer.status_code == 202


@pytest.mark.parametrize("size", [2 << 20, 30 << 20])
async def test_a_large_body_is_answered_before_the_connection_ends(tmp_path: Path, size: int) -> None:
    async with run_gateway(tmp_path) as gateway:
        answer = await gateway.client.post("/v1/events", content=b" " * size, headers={"content-type": BATCH})
        assert answer.status_code == 413
        assert answer.json()["type"] == "urn:tidemark:problem:body-too-large"


async def test_a_client_that_disconnects_during_its_body_does_not_affect_others(tmp_path: Path) -> None:
    async with run_gateway(tmp_path) as gateway:
        _, writer = await asyncio.open_connection("127.0.0.1", gateway.port)
        body = json.dumps([footfall("half")]).encode()
        headers = f"host: x\r\ncontent-type: {BATCH}\r\ncontent-length: {len(body)}"
        writer.write(f"POST /v1/events HTTP/1.1\r\n{headers}\r\n\r\n".encode() + body[:100])
        await writer.drain()
        writer.close()
        await writer.wait_closed()
        assert (await send(gateway.client, footfall("whole"))).status_code == 202
        assert await gateway.ids() == ["whole"]


async def test_an_open_address_without_sources_is_refused_at_start(tmp_path: Path) -> None:
    folder = tmp_path / "log"
    open_to_all = GatewaySettings(
        _env_file=None,
        log=f"sqlite:///{folder}/x.db",
        gateway_host="0.0.0.0",  # noqa: S104
    )
    with pytest.raises(SourcesError, match="TIDEMARK_SOURCES"):
        await serve(open_to_all)
    assert not await asyncio.to_thread(folder.exists)


async def test_answers_are_sent_without_delay() -> None:
    """Without TCP_NODELAY an answer waits 40 ms for the acknowledgement of its head."""
    accepted: asyncio.Future[int] = asyncio.get_running_loop().create_future()

    async def look(_reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        accepted.set_result(
            writer.get_extra_info("socket").getsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY)
        )
        writer.close()

    with listen("127.0.0.1", 0) as listener:
        async with await asyncio.start_server(look, sock=listener):
            _, writer = await asyncio.open_connection(*listener.getsockname())
            assert await accepted
            writer.close()
            await writer.wait_closed()


def test_a_port_in_use_is_a_readable_error() -> None:
    with listen("127.0.0.1", 0) as listener, pytest.raises(OSError, match="in use"):
        listen(*listener.getsockname())


async def exchange(port: int, raw: bytes) -> tuple[int, bytes, bytes]:
    """Send bytes and read until the gateway closes: status, headers in lower case, body."""
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    writer.write(raw)
    answer = await asyncio.wait_for(reader.read(), 30)
    writer.close()
    await writer.wait_closed()
    head, _, body = answer.partition(b"\r\n\r\n")
    return int(head.split()[1]), head.lower(), body


def write_request(
    headers: str, body: bytes = b"", target: str = "/v1/events", host: str = "localhost"
) -> bytes:
    head = f"POST {target} HTTP/1.1\r\nHost: {host}\r\nContent-Type: {STRUCTURED}\r\n{headers}\r\n"
    return head.encode() + body


async def test_a_request_whose_end_is_ambiguous_is_refused_and_the_connection_closed(tmp_path: Path) -> None:
    body = json.dumps(footfall()).encode()
    length = f"Content-Length: {len(body)}\r\n"
    chunks = b"%x\r\n%b\r\n0\r\n\r\n" % (len(body), body)
    async with run_gateway(tmp_path) as gateway:
        for headers, sent in ((length * 2, body), (length + "Transfer-Encoding: chunked\r\n", chunks)):
            # what follows must not be served: another server may see it as a request of its own
            smuggled = write_request(length + "Connection: close\r\n", body)
            status, head, answer = await exchange(gateway.port, write_request(headers, sent) + smuggled)
            problem = json.loads(answer)
            assert (status, problem["type"]) == (400, "urn:tidemark:problem:invalid-http")
            assert b"connection: close" in head
            assert "Content-Length" in problem["detail"]
            assert "Content-Length" in problem["remedy"]
        assert await gateway.ids() == []
        for headers, sent in ((length, body), ("Transfer-Encoding: chunked\r\n", chunks)):
            status, _, _ = await exchange(
                gateway.port, write_request(headers + "Connection: close\r\n", sent)
            )
            assert status == 202


@pytest.mark.parametrize(
    ("authority", "host", "status"),
    [("localhost", "example.org", 202), ("example.org", "localhost", 403)],
)
async def test_an_absolute_target_is_served_and_its_authority_counts_instead_of_host(
    tmp_path: Path, authority: str, host: str, status: int
) -> None:
    body = json.dumps(footfall()).encode()
    headers = f"Content-Length: {len(body)}\r\nConnection: close\r\n"
    async with run_gateway(tmp_path) as gateway:
        raw = write_request(headers, body, f"http://{authority}:{gateway.port}/v1/events", host)
        assert (await exchange(gateway.port, raw))[0] == status


async def test_a_request_without_a_token_is_answered_and_closed_before_its_body(tmp_path: Path) -> None:
    sources = tmp_path / "sources.toml"
    token = add_source(sources, "/counters/", ["footfall"])
    async with run_gateway(tmp_path, sources=str(sources)) as gateway:
        unread = "Expect: 100-continue\r\nContent-Length: 1000000\r\n"
        status, head, answer = await exchange(gateway.port, write_request(unread))
        assert (status, json.loads(answer)["field"]) == (401, "authorization")
        assert b"connection: close" in head
        assert b"100 continue" not in head
        authorized = {"authorization": f"Bearer {token}"}
        accepted = await send(gateway.client, footfall(), **authorized)
        assert (accepted.status_code, "connection" in accepted.headers) == (202, False)
