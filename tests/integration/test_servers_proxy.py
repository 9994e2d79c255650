"""The proxy breaks connections in the ways it says, and no others."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress

import pytest

from tests.servers.ports import HOST, free_port
from tests.servers.proxy import CHUNK, CHUNKS_UNDERWAY, Proxy

Ends = tuple[asyncio.StreamReader, asyncio.StreamWriter]


async def echo(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    try:
        while chunk := await reader.read(CHUNK):
            writer.write(chunk)
            await writer.drain()
    except ConnectionError:
        pass
    finally:
        writer.close()


@asynccontextmanager
async def proxied_echo() -> AsyncIterator[Proxy]:
    async with (
        asyncio.timeout(20),
        await asyncio.start_server(echo, HOST, 0) as server,
        Proxy(free_port(), server.sockets[0].getsockname()[1]) as proxy,
    ):
        yield proxy


@asynccontextmanager
async def connect(port: int) -> AsyncIterator[Ends]:
    reader, writer = await asyncio.open_connection(HOST, port)
    try:
        yield reader, writer
    finally:
        writer.transport.abort()


async def exchange(ends: Ends, sent: bytes) -> bytes:
    ends[1].write(sent)
    return await ends[0].readexactly(len(sent))


async def test_everything_arrives_in_order() -> None:
    sent = bytes(range(256)) * 4_000
    async with proxied_echo() as proxy, connect(proxy.port) as ends:
        proxy.latency_s = 0.01
        assert await exchange(ends, sent) == sent


async def test_a_cut_breaks_all_connections_and_the_next_one_works() -> None:
    async with proxied_echo() as proxy:
        async with connect(proxy.port) as first, connect(proxy.port) as second:
            assert await exchange(first, b"a") + await exchange(second, b"b") == b"ab"
            assert proxy.cut() == 2
            for ends in (first, second):
                with pytest.raises((asyncio.IncompleteReadError, ConnectionError)):
                    await exchange(ends, b"c")
        async with connect(proxy.port) as third:
            assert await exchange(third, b"d") == b"d"


async def test_refusing_concerns_new_connections_only() -> None:
    async with proxied_echo() as proxy, connect(proxy.port) as ends:
        assert await exchange(ends, b"a") == b"a"
        proxy.refuse()
        with pytest.raises(ConnectionRefusedError):
            await asyncio.open_connection(HOST, proxy.port)
        assert await exchange(ends, b"b") == b"b"
        await proxy.accept()
        async with connect(proxy.port) as later:
            assert await exchange(later, b"c") == b"c"


async def test_latency_lets_the_other_be_first() -> None:
    async with proxied_echo() as slow, connect(slow.port) as delayed, connect(slow.target_port) as direct:
        slow.latency_s = 0.3
        late = asyncio.create_task(exchange(delayed, b"a"))
        assert await exchange(direct, b"b") == b"b"
        assert not late.done()
        assert await late == b"a"


async def send(writer: asyncio.StreamWriter, chunks: int) -> None:
    for _ in range(chunks):
        writer.write(bytes(CHUNK))
        await writer.drain()


async def test_a_throttled_connection_takes_a_bounded_amount() -> None:
    async with proxied_echo() as proxy, connect(proxy.port) as (_, writer):
        proxy.bytes_per_s = 1
        with pytest.raises(TimeoutError):
            await asyncio.wait_for(send(writer, 10 * CHUNKS_UNDERWAY), timeout=1)


async def test_an_open_connection_takes_as_much_without_waiting() -> None:
    async with proxied_echo() as proxy, connect(proxy.port) as (reader, writer):
        sending = asyncio.create_task(send(writer, 10 * CHUNKS_UNDERWAY))
        assert await reader.readexactly(10 * CHUNKS_UNDERWAY * CHUNK)
        await sending


async def test_a_server_that_is_down_breaks_the_connection() -> None:
    async with Proxy(free_port(), free_port()) as proxy, connect(proxy.port) as ends, asyncio.timeout(20):
        with pytest.raises((asyncio.IncompleteReadError, ConnectionError)):
            await exchange(ends, b"a")


class CutAtOnce(Proxy):
    def _carry(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        super()._carry(reader, writer)
        self.cut()


async def test_a_connection_cut_before_its_task_takes_a_step_is_closed() -> None:
    """It was once left open for the collector to find, in whatever test ran then."""
    async with (
        asyncio.timeout(20),
        CutAtOnce(free_port(), free_port()) as proxy,
        connect(proxy.port) as ends,
    ):
        with suppress(ConnectionError):
            assert await ends[0].read() == b""
        assert not proxy._connections
