"""Sends the newest snapshot to every connected screen."""

import asyncio
from collections.abc import AsyncIterator

from fastapi.sse import EventSourceResponse, format_sse_event
from starlette.types import Receive, Scope, Send

RETRY_MS = 2_000


class TooManyScreens(Exception):
    """The maximum number of screens is connected."""


class Live:
    """Screens wait here for the next snapshot. A slow screen skips to the newest one, so nothing
    queues up.
    """

    def __init__(self, most: int) -> None:
        self.screens = 0
        self._most = most
        self._number = 0
        self._newest = b""
        self._changed = asyncio.Event()
        self._closed = False

    def publish(self, snapshot: bytes) -> None:
        """Send this snapshot from now on."""
        self._number += 1
        self._newest = snapshot
        self._wake()

    def close(self) -> None:
        """End every stream."""
        self._closed = True
        self._wake()

    def open_stream(self) -> EventSourceResponse:
        """The endless answer to one screen. Raises TooManyScreens."""
        if self.screens >= self._most:
            raise TooManyScreens
        self.screens += 1
        return _Screen(self)

    async def iterate_events(self) -> AsyncIterator[bytes]:
        """Each newest snapshot as a server-sent event, starting with the current one."""
        seen = 0
        while not self._closed:
            if self._number == seen:
                await self._changed.wait()
                continue
            seen = self._number
            yield format_sse_event(data_str=self._newest.decode(), id=str(seen), retry=RETRY_MS)

    def _wake(self) -> None:
        changed, self._changed = self._changed, asyncio.Event()
        changed.set()


class _Screen(EventSourceResponse):
    def __init__(self, live: Live) -> None:
        super().__init__(
            live.iterate_events(), headers={"Cache-Control": "no-store", "X-Accel-Buffering": "no"}
        )
        self._live = live

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        try:
            await super().__call__(scope, receive, send)
        finally:
            self._live.screens -= 1
