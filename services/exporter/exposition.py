"""The answer to a scrape: rendered off the event loop, seldom, and kept."""

import asyncio
from collections.abc import Callable

from tidemark.streams.view.follower import Work
from tidemark.streams.view.view import View

SHORTEST_MS = 200
"""At most five renderings a second, however often the view changes or somebody asks."""

LONGEST_MS = 1_000
"""Ages grow by themselves, so no answer is older than this."""


class Exposition:
    """What `render` makes of a view, kept. `work` keeps rendering and merging apart."""

    def __init__(self, render: Callable[[], bytes], view: View, work: Work, clock: Callable[[], int]) -> None:
        self._render = render
        self._view = view
        self._work = work
        self._clock = clock
        self._lock = asyncio.Lock()
        self._text = b""
        self._state: tuple[int, int] | None = None
        self._rendered_ms = 0

    async def text(self) -> bytes:
        """The metrics in Prometheus' text format; those who ask meanwhile share one rendering."""
        async with self._lock:
            if self._outdated():
                self._rendered_ms = self._clock()
                self._state, self._text = await self._work(self._rendered)
        return self._text

    def _outdated(self) -> bool:
        age_ms = abs(self._clock() - self._rendered_ms)
        if self._state is None or age_ms >= LONGEST_MS:
            return True
        return age_ms >= SHORTEST_MS and self._state != self._view_state()

    def _rendered(self) -> tuple[tuple[int, int], bytes]:
        return self._view_state(), self._render()

    def _view_state(self) -> tuple[int, int]:
        return self._view.generation, self._view.version
