"""Background work of services: one thread for calls that must not overlap, and the readers' loop."""

import asyncio
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar

import structlog

from tidemark.streams.log.errors import LogError
from tidemark.streams.retries import AsyncSleep
from tidemark.streams.view.follower import Follower

from .http import Kind, Problem, retry_after

log = structlog.get_logger()
T = TypeVar("T")

_NOT_READY = Kind("not-ready", 503, "The totals are not complete yet", retry_after(1))


class OneThread:
    """The only thread that touches a view or an outbox, so that calls never overlap and do
    not block the event loop."""

    def __init__(self) -> None:
        self._executor = ThreadPoolExecutor(max_workers=1, thread_name_prefix="worker")

    async def __call__(self, call: Callable[[], T]) -> T:
        """Run the call in the thread, after the calls before it."""
        return await asyncio.get_running_loop().run_in_executor(self._executor, call)

    def close(self) -> None:
        """Wait for the running call and drop the waiting ones."""
        self._executor.shutdown(cancel_futures=True)


async def follow(
    follower: Follower, thread: OneThread, refresh_s: float, sleep: AsyncSleep = asyncio.sleep
) -> None:
    """Keep the view up to date until cancelled, by a refresh every `refresh_s` seconds.

    While the state cannot be read, the view grows old, and one warning is logged.
    """
    failing = False
    while True:
        try:
            await follower.refresh(thread)
            failing = False
        except LogError as error:
            if not failing:
                log.warning("state cannot be read, trying again", error=str(error))
            failing = True
        await sleep(refresh_s)


def check_complete(complete: bool) -> None:
    """Raise Problem (503) while a view has not yet read what was published before it started."""
    if not complete:
        raise Problem(
            _NOT_READY,
            "the view has not reached the end that the log had at the start",
            "wait; if it lasts, check that the ledger runs",
        )
