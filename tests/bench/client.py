"""A minimal HTTP client with persistent connections: the load must not slow down the services under test."""

import asyncio
import time
from typing import NamedTuple

import msgspec

LIMIT_S = 30
KEEP_S = 2
"""Shorter than the five seconds after which the servers close an idle connection."""


class Answer(NamedTuple):
    """A response's status and body."""

    status: int
    body: bytes


class _Connection(NamedTuple):
    reader: asyncio.StreamReader
    writer: asyncio.StreamWriter
    used_at: float


class Connections:
    """Connections to one port, one for each concurrent request."""

    def __init__(self, port: int) -> None:
        self._port = port
        self._idle: list[_Connection] = []

    async def get(self, path: str) -> Answer:
        """Send a GET request. Raises TimeoutError, OSError."""
        return await self._send(f"GET {path} HTTP/1.1\r\nHost: localhost\r\n\r\n".encode())

    async def post(self, path: str, content_type: str, body: bytes) -> Answer:
        """Send a POST request. Raises TimeoutError, OSError."""
        head = (
            f"POST {path} HTTP/1.1\r\nHost: localhost\r\n"
            f"Content-Type: {content_type}\r\nContent-Length: {len(body)}\r\n\r\n"
        )
        return await self._send(head.encode() + body)

    def close(self) -> None:
        """Close all idle connections."""
        for connection in self._idle:
            connection.writer.close()

    async def _send(self, request: bytes) -> Answer:
        reader, writer = await self._take_connection()
        writer.write(request)
        async with asyncio.timeout(LIMIT_S):
            answer = await _read_answer(reader)
        self._idle.append(_Connection(reader, writer, time.monotonic()))
        return answer

    async def _take_connection(self) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
        """The most recently used connection, or a new one if the server may have closed that."""
        if self._idle:
            reader, writer, used_at = self._idle.pop()
            if time.monotonic() - used_at < KEEP_S:
                return reader, writer
            writer.close()
        return await asyncio.open_connection("127.0.0.1", self._port, limit=1 << 24)


async def _read_answer(reader: asyncio.StreamReader) -> Answer:
    head = (await reader.readuntil(b"\r\n\r\n")).lower()
    length = int(head.partition(b"content-length:")[2].partition(b"\r\n")[0])
    return Answer(int(head[9:12]), await reader.readexactly(length))


class _Counted(msgspec.Struct):
    accepted: int = 0


_counted = msgspec.json.Decoder(_Counted)


def count_accepted(answer: Answer) -> int:
    """The number of events that the gateway has accepted, from its answer."""
    return _counted.decode(answer.body).accepted
