"""Keeps a view up to date with what the ledger publishes."""

from collections.abc import Callable
from functools import partial
from typing import Protocol, TypeVar

from streams.contracts.family import Stream
from streams.log.port import EventLog
from streams.log.state import StateReader

from .feeds import lags
from .view import View

T = TypeVar("T")


class Work(Protocol):
    """Runs a long computation where it does not hold up others, one after the other."""

    async def __call__(self, call: Callable[[], T]) -> T:
        """The call's result."""
        ...


class Follower:
    """A view, where the log ends, and when both were last looked up.

    `ready` once the view has read to the end that the log had at the first look.
    """

    def __init__(self, view: View, reader: StateReader, log: EventLog, clock: Callable[[], int]) -> None:
        self.view = view
        self.ends: list[int] = []
        self.refreshed_ms: int | None = None
        self.ready = False
        self._reader = reader
        self._log = log
        self._clock = clock
        self._goal: list[int] | None = None

    async def refresh(self, work: Work) -> None:
        """Look up what is new and merge it. Raises LogError; the view then stays as it was."""
        now_ms = self._clock()
        await work(partial(self.view.advance, now_ms))
        ends = await self._log.ends(Stream.FACTS)
        page = await self._reader.poll(self.view.generation, self.view.version)
        await work(partial(self.view.apply, page))
        self.ends, self.refreshed_ms = ends, now_ms
        self._goal = self._goal or ends
        self.ready = self.ready or not any(lags(self.view.heads, self._goal))

    def lags(self) -> list[int]:
        """For each partition, how many offsets of the log the ledger has yet to read."""
        return lags(self.view.heads, self.ends)
