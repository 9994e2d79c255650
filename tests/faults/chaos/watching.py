"""Watches the exporter during the faults: no total may fall or exceed the truth."""

import asyncio
import math
from collections.abc import Callable

import httpx
from prometheus_client.parser import text_string_to_metric_families

from .expected import NAMES, Shown

PAUSE_S = 0.25
TIMEOUT_S = 5.0


class Watch:
    """Reads /metrics repeatedly. `wrong` collects what must never be seen.

    `bounds` returns the true counters; a sum that is too high would have to fall in the end.
    """

    def __init__(self, url: str, bounds: Callable[[], Shown]) -> None:
        self._url = url
        self._bounds = bounds
        self.shown: Shown = {}
        self.looks = 0
        self.wrong: list[str] = []

    async def follow(self) -> None:
        """Read until cancelled; an exporter that is down or not ready is skipped."""
        async with httpx.AsyncClient(timeout=TIMEOUT_S) as client:
            while True:
                try:
                    answer = await client.get(self._url)
                except httpx.TransportError:
                    answer = httpx.Response(503)
                if answer.status_code == 200:
                    self.look(answer.text)
                await asyncio.sleep(PAUSE_S)

    def look(self, exposition: str) -> None:
        """Compare the totals shown now with those shown before, and with the truth."""
        self.looks += 1
        shown, bounds = read_watched(exposition), self._bounds()
        for series in shown.keys() | self.shown.keys():
            before, now = self.shown.get(series, 0), shown.get(series, 0)
            bound = bounds.get(series, 0 if series[0].endswith("_total") else math.inf)
            if now < before:
                self.wrong.append(f"{series} fell from {before} to {now}")
            if now > bound:
                self.wrong.append(f"{series} is {now}, but should be at most {bound}")
        self.shown = shown


def read_watched(text: str) -> Shown:
    """The watched series of an exposition that are not zero."""
    return {
        (sample.name, frozenset(sample.labels.items())): sample.value
        for family in text_string_to_metric_families(text)
        for sample in family.samples
        if sample.name in NAMES and sample.value and sample.labels.get("period", "plan") == "plan"
    }
