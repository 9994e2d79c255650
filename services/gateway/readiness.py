"""Whether the gateway can accept events now."""

import asyncio

from tidemark.streams.contracts.family import Stream
from tidemark.streams.log import free_bytes
from tidemark.streams.log.errors import LogError
from tidemark.streams.log.port import EventLog

from .committer import Committer
from .problems import NOT_READY, Problem
from .settings import GatewaySettings

_LOOK_S = 2


class Readiness:
    """Looks at what accepting an event needs: the committer, the log and room on its disk."""

    def __init__(self, event_log: EventLog, committer: Committer, settings: GatewaySettings) -> None:
        self._log = event_log
        self._committer = committer
        self._settings = settings

    async def check(self) -> None:
        """Raise Problem (503) with what is missing."""
        if not self._committer.alive:
            raise Problem(NOT_READY, "the committer has stopped", "restart the gateway")
        try:
            async with asyncio.timeout(_LOOK_S):
                await self._log.ends(Stream.FACTS)
        except (LogError, TimeoutError):
            raise Problem(NOT_READY, "the log does not answer", "see the gateway's log") from None
        free = free_bytes(self._settings.log)
        if free is not None and free < self._settings.min_free_bytes:
            raise Problem(NOT_READY, f"{free} bytes are free", "make room on the disk of the log")
