"""A TCP proxy that behaves like a bad network."""

import asyncio
import math
from types import TracebackType
from typing import Self

from tests.servers.ports import HOST

CHUNK = 16_384
CHUNKS_UNDERWAY = 256  # 4 MB in each direction of a connection; then the sender has to wait


class Proxy:
    """Forwards connections from a port of 127.0.0.1 to another, inside an `async with` block.

    `latency_s` is added in each direction; `bytes_per_s` limits each direction of each connection. Both can
    be changed at any time. The broker behind it must advertise the proxy's port.
    """

    def __init__(self, port: int, target_port: int) -> None:
        self.port = port
        self.target_port = target_port
        self.latency_s = 0.0
        self.bytes_per_s = math.inf
        self._listener: asyncio.Server | None = None
        self._connections: set[asyncio.Task[None]] = set()

    async def accept(self) -> None:
        """Accept new connections."""
        if self._listener is None:
            self._listener = await asyncio.start_server(self._carry, HOST, self.port)

    def refuse(self) -> None:
        """Refuse new connections; existing ones stay open."""
        if self._listener is not None:
            self._listener.close()
            self._listener = None

    def cut(self) -> int:
        """Break all connections; returns their number. Data in transit is lost."""
        for connection in self._connections:
            connection.cancel()
        return len(self._connections)

    def _carry(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Not a coroutine: if it were cut before its first step, it would never close its connection."""
        connection = asyncio.create_task(self._join(reader, writer))
        self._connections.add(connection)

        def end(_: asyncio.Task[None]) -> None:
            # Both ends see a broken connection, which is the purpose of the fault.
            connection.cancelled() or connection.exception()
            self._connections.discard(connection)
            writer.transport.abort()

        connection.add_done_callback(end)

    async def _join(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Forward in both directions until one side has closed."""
        far_reader, far_writer = await asyncio.open_connection(HOST, self.target_port)
        ways = [
            asyncio.create_task(self._one_way(reader, far_writer)),
            asyncio.create_task(self._one_way(far_reader, writer)),
        ]
        try:
            await asyncio.wait(ways, return_when=asyncio.FIRST_COMPLETED)
        finally:
            far_writer.transport.abort()  # first, since a second cut may end the waiting below
            for way in ways:
                way.cancel()
            await asyncio.gather(*ways, return_exceptions=True)

    async def _one_way(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        underway: asyncio.Queue[tuple[float, bytes]] = asyncio.Queue(CHUNKS_UNDERWAY)
        async with asyncio.TaskGroup() as both:
            both.create_task(self._take(reader, underway))
            both.create_task(self._deliver(underway, writer))

    async def _take(self, reader: asyncio.StreamReader, underway: asyncio.Queue[tuple[float, bytes]]) -> None:
        clock = asyncio.get_running_loop().time
        chunk = b"-"
        while chunk:
            chunk = await reader.read(CHUNK)
            await underway.put((clock() + self.latency_s, chunk))

    async def _deliver(
        self, underway: asyncio.Queue[tuple[float, bytes]], writer: asyncio.StreamWriter
    ) -> None:
        clock = asyncio.get_running_loop().time
        while True:
            due, chunk = await underway.get()
            if not chunk:
                return
            await asyncio.sleep(max(0.0, due - clock()) + len(chunk) / self.bytes_per_s)
            writer.write(chunk)
            await writer.drain()

    async def __aenter__(self) -> Self:
        await self.accept()
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.refuse()
        self.cut()
        await asyncio.gather(*self._connections, return_exceptions=True)
