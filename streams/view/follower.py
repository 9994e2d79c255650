"""Keeps a view up to date with what the ledger publishes."""

from collections.abc import Callable
from functools import partial
from typing import Protocol, TypeVar

from tidemark.streams.contracts.civil import Civil
from tidemark.streams.contracts.family import Stream
from tidemark.streams.contracts.published import Kind, decode_head
from tidemark.streams.log.port import EventLog, Page, StateReader

from .feeds import lags
from .view import Reach, View, build_view

T = TypeVar("T")

HOLD_MS = 30_000
"""How long a new generation that is behind the one shown is held back."""


async def read_view(reader: StateReader, zone: str, reach: Reach) -> View:
    """A view of what is published at this moment, for a log of that civil zone. Raises LogError."""
    return build_view(await reader.poll(0, 0), Civil(zone), reach)


class Work(Protocol):
    """Runs long computations one after the other where they do not block other tasks."""

    async def __call__(self, call: Callable[[], T]) -> T:
        """The call's result."""
        ...


class Follower:
    """A view, the ends of the log, and the time at which both were last read.

    `ready` becomes True once the view has reached the ends that the log had at the first refresh.
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
        self._held_since_ms: int | None = None

    async def refresh(self, work: Work) -> None:
        """Read what is new and merge it. Raises LogError; the view then stays as it was."""
        now_ms = self._clock()
        await work(partial(self.view.advance, now_ms))
        ends = await self._log.ends(Stream.FACTS)
        page = await self._reader.poll(self.view.generation, self.view.version)
        if not self._holds_back(page, now_ms):
            await work(partial(self.view.apply, page))
        self.ends, self.refreshed_ms = ends, now_ms
        self._goal = self._goal or ends
        self.ready = self.ready or not any(lags(self.view.heads, self._goal))

    def _holds_back(self, page: Page, now_ms: int) -> bool:
        """Whether to keep showing the old generation: a new one must not make totals fall.

        A generation promoted a moment before its ledger caught up reaches the old one very soon; a
        generation that never does, for instance of a restored log, is shown after HOLD_MS.
        """
        shown = self.view.heads
        if page.generation == self.view.generation or not shown:
            self._held_since_ms = None
            return False
        positions = {
            partition: decode_head(row.value).position
            for partition, row in page.rows
            if row.kind is Kind.HEAD and row.value is not None
        }
        behind = any(positions.get(partition, 0) < head.position for partition, head in shown.items())
        self._held_since_ms = (self._held_since_ms or now_ms) if behind else None
        return self._held_since_ms is not None and now_ms < self._held_since_ms + HOLD_MS

    def lags(self) -> list[int]:
        """For each partition, how many offsets of the log the ledger has not read yet."""
        return lags(self.view.heads, self.ends)
