"""The answer to a scrape: all metrics as text, rendered outside the event loop and cached."""

import asyncio
from collections.abc import Callable, Iterator, Mapping

from prometheus_client import Metric, generate_latest

from tidemark.streams.view.follower import Follower, Work

from . import pipeline_metrics as m
from .pipeline import build_metric, build_registry, collect_pipeline
from .rendering import Rendering

SHORTEST_MS = 200
"""Minimum time between two renderings, however often the view changes or is scraped."""

LONGEST_MS = 1_000
"""Maximum age of an answer: ages grow even while the view stays the same."""


class Exposition:
    """The cached text of the metrics of a followed view and of this process. `work` runs renderings so
    that they do not overlap with merging."""

    def __init__(
        self,
        follower: Follower,
        rendering: Rendering,
        work: Work,
        clock: Callable[[], int],
        free_disk: Callable[[], int | None],
        version: str,
    ) -> None:
        self._follower = follower
        self._rendering = rendering
        self._work = work
        self._clock = clock
        self._free_disk = free_disk
        self._version = version
        self._lock = asyncio.Lock()
        self._text = b""
        self._state: tuple[int, int] | None = None
        self._rendered_ms = 0

    async def read_text(self) -> bytes:
        """The metrics in Prometheus' text format; concurrent scrapes share one rendering."""
        async with self._lock:
            if self._is_outdated():
                self._rendered_ms = self._clock()
                self._state, self._text = await self._work(self._render)
        return self._text

    def render(self) -> bytes:
        """The metrics in Prometheus' text format, rendered now."""
        now_ms = self._clock()
        parts = self._rendering.render(now_ms)
        merged = {name: count for part in parts for name, count in part.merged.items()}
        own = [*collect_pipeline(self._follower, now_ms), *self._collect_process(merged)]
        series = 1 + sum(part.series for part in parts) + sum(len(metric.samples) for metric in own)
        own.append(build_metric(m.SERIES, {(): series}))
        return b"".join([*(part.text for part in parts), generate_latest(build_registry(own))])

    def _collect_process(self, merged: Mapping[str, int]) -> Iterator[Metric]:
        free = self._free_disk()
        yield build_metric(m.FREE_DISK, {} if free is None else {(): free})
        yield build_metric(m.FOLDED, {(name,): count for name, count in merged.items()})
        yield build_metric(m.BUILD, {(self._version,): 1})

    def _is_outdated(self) -> bool:
        age_ms = abs(self._clock() - self._rendered_ms)
        if self._state is None or age_ms >= LONGEST_MS:
            return True
        return age_ms >= SHORTEST_MS and self._state != self._view_state()

    def _render(self) -> tuple[tuple[int, int], bytes]:
        return self._view_state(), self.render()

    def _view_state(self) -> tuple[int, int]:
        view = self._follower.view
        return view.generation, view.version
