"""Waiting for a condition."""

import asyncio
from collections.abc import Awaitable, Callable

PAUSE_S = 0.1


async def wait_until(holds: Callable[[], Awaitable[bool]], limit_s: float) -> None:
    """Check the condition until it holds. Raises TimeoutError when it does not hold in time."""
    async with asyncio.timeout(limit_s):
        while True:
            if await holds():
                return
            await asyncio.sleep(PAUSE_S)
