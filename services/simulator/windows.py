"""How a day is cut into counting windows: coarse ones, and short ones while it runs live."""

from collections.abc import Iterator
from typing import NamedTuple

from .scenario import Windows

Intervals = tuple[tuple[int, int], ...]
"""Disjoint (from, to) in milliseconds, in order of time."""


class Window(NamedTuple):
    """From `start_ms` up to, not including, `end_ms`."""

    start_ms: int
    end_ms: int

    @property
    def seconds(self) -> int:
        """Its length."""
        return (self.end_ms - self.start_ms) // 1000


def windows(start_ms: int, end_ms: int, feed: Windows, live: Intervals) -> Iterator[Window]:
    """The windows from one instant to another, without gaps.

    Coarse windows lie on a grid from `start_ms`, live ones on a grid from the epoch. A coarse
    window is cut where a live interval begins or ends, so that what was sent before an
    interval ended does not depend on when it ended.
    """
    coarse, fine = feed.window_s * 1000, (feed.live_window_s or feed.window_s) * 1000
    spans = _on_grid(live, fine) if feed.live_window_s else []
    at = start_ms
    while at < end_ms:
        span = next(((a, b) for a, b in spans if at < b), None)
        if span is None or at < span[0]:
            following = at + coarse - (at - start_ms) % coarse
            following = following if span is None else min(following, span[0])
        else:
            following = min(at + fine - at % fine, span[1])
        following = min(following, end_ms)
        yield Window(at, following)
        at = following


def _on_grid(live: Intervals, step: int) -> list[tuple[int, int]]:
    """The intervals in whole steps. An empty one stays: the window before it was cut there and sent."""
    spans = [(-(-start // step) * step, end // step * step) for start, end in live]
    return [(start, end) for start, end in spans if start <= end]
