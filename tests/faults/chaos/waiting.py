"""Waiting for what will be so after a while."""

import asyncio
from collections.abc import Awaitable, Callable

PAUSE_S = 0.1


async def until(holds: Callable[[], Awaitable[bool]], limit_s: float) -> None:
    """Look again and again. Raises TimeoutError when it is not so in time."""
    async with asyncio.timeout(limit_s):
        while True:
            if await holds():
                return
            await asyncio.sleep(PAUSE_S)
