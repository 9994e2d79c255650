"""What web services share: one thread for what must not overlap, and the readers' loop."""

import asyncio
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar

import structlog
from fastapi.responses import JSONResponse

from tidemark.streams.log.errors import LogError
from tidemark.streams.view.follower import Follower

log = structlog.get_logger()
T = TypeVar("T")

DRAIN_S = 5
"""How long a reader's server waits for requests under way when it ends."""


class OneThread:
    """The only thread that touches a view or an outbox, so that calls never overlap and none
    holds up the event loop."""

    def __init__(self) -> None:
        self._executor = ThreadPoolExecutor(max_workers=1, thread_name_prefix="worker")

    async def __call__(self, call: Callable[[], T]) -> T:
        """Run the call there, after those before it."""
        return await asyncio.get_running_loop().run_in_executor(self._executor, call)

    def close(self) -> None:
        """Wait for the call that runs, drop those that wait."""
        self._executor.shutdown(cancel_futures=True)


async def follow(follower: Follower, thread: OneThread, refresh_s: float) -> None:
    """Keep the view up to date until cancelled; while the state cannot be read, it grows old."""
    failing = False
    while True:
        try:
            await follower.refresh(thread)
            failing = False
        except LogError as error:
            if not failing:
                log.warning("state cannot be read, trying again", error=str(error))
            failing = True
        await asyncio.sleep(refresh_s)


def problem(name: str, status: int, title: str, detail: str, remedy: str) -> JSONResponse:
    """A refusal as problem details (RFC 9457)."""
    members = {
        "type": f"urn:tidemark:problem:{name}",
        "title": title,
        "status": status,
        "detail": detail,
        "remedy": remedy,
    }
    return JSONResponse(members, status, {"Retry-After": "1"}, "application/problem+json")


def not_ready() -> JSONResponse:
    """The answer of a reader whose view has not yet read what was published before it started."""
    return problem(
        "not-ready",
        503,
        "The totals are not complete yet",
        "the view has not read to the end that the log had at start",
        "wait; if it lasts, see that the ledger runs",
    )
