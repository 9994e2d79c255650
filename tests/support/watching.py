"""A screen that shows one total and records what it has shown."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from tidemark.streams.contracts.civil import Civil, Grain
from tidemark.streams.contracts.family import Measure
from tidemark.streams.log import open_readers
from tidemark.streams.view.follower import Follower
from tidemark.streams.view.view import View

from .folding import NOON, ms
from .readers import at_once

Shown = tuple[Measure, Grain]


class Watch:
    """The total of a measure's first component after each look, without repeats, and the generations seen."""

    def __init__(self, follower: Follower, kind: Shown) -> None:
        self.totals = [0]
        self.generations: list[int] = []
        self._follower = follower
        self._kind = kind

    async def look(self) -> int:
        """Read and record the total shown now."""
        await self._follower.refresh(at_once)
        view = self._follower.view
        periods = view.periods(self._kind)
        total = view.total(self._kind, range(periods[0], periods[-1] + 1))[0] if periods else 0
        if total != self.totals[-1]:
            self.totals.append(total)
        if view.generation not in self.generations[-1:]:
            self.generations.append(view.generation)
        return total

    async def keep_looking(self) -> None:
        """Look until cancelled."""
        while True:
            await self.look()
            await asyncio.sleep(0.01)


@asynccontextmanager
async def open_watch(url: str, kind: Shown) -> AsyncIterator[Watch]:
    """A screen that looks on request."""
    async with open_readers(url, lambda: ms(NOON)) as (log, reader):
        follower = Follower(View(Civil(log.identity.zone), {kind: None}), reader, log, lambda: ms(NOON))
        yield Watch(follower, kind)


@asynccontextmanager
async def run_watch(url: str, kind: Shown) -> AsyncIterator[Watch]:
    """A screen that looks continuously, and once more at the end."""
    async with open_watch(url, kind) as watch:
        looking = asyncio.create_task(watch.keep_looking())
        try:
            yield watch
        finally:
            looking.cancel()
            await asyncio.wait([looking])
            if not looking.cancelled():
                looking.result()
        await watch.look()
