"""Measures how soon an accepted event is visible in /metrics."""

import asyncio
import time
from datetime import datetime

from tests.bench.client import Connections, count_accepted
from tests.bench.events import FOOTFALL, Maker, now
from tidemark.services.gateway.content import STRUCTURED
from tidemark.streams.families.footfall import FootfallCounted

EVERY_S = 0.1
LOOK_EVERY_S = 0.01
LIMIT_S = 30
PLACE = "probe.bench"
LINE = f'tidemark_footfall_entered_persons{{period="plan",place="{PLACE}"}} '.encode()


class Probes:
    """Sends events of one visitor each for a place of its own, and polls the place's total.

    The n-th accepted event is visible once the total is n or more. The total is polled every 10 ms
    on a connection of its own.
    """

    def __init__(self, maker: Maker, gateway: Connections, exporter: Connections) -> None:
        self._maker = maker
        self._gateway = gateway
        self._exporter = exporter
        self.accepted: list[float] = []
        self._visible: list[float] = []

    async def run(self, seconds: float) -> list[float]:
        """Send an event every 100 ms; return the seconds from the acceptance of each to its visibility."""
        before = len(self.accepted)
        watching = asyncio.create_task(self._watch(before + round(seconds / EVERY_S)))
        started = time.perf_counter()
        async with asyncio.TaskGroup() as group:
            for n in range(round(seconds / EVERY_S)):
                await asyncio.sleep(started + n * EVERY_S - time.perf_counter())
                group.create_task(self._send(now()))
        await asyncio.wait_for(watching, LIMIT_S)
        pairs = zip(sorted(self.accepted)[before:], self._visible[before:], strict=True)
        return [max(0.0, visible - accepted) for accepted, visible in pairs]

    async def _send(self, at: datetime) -> None:
        data = FootfallCounted("probe", at, 1, 1, 0)
        raw = self._maker.entry(FOOTFALL, at, PLACE, data).value
        answer = await self._gateway.post("/v1/events", STRUCTURED, raw)
        if count_accepted(answer) != 1:
            raise RuntimeError(f"the gateway refused a probe: {answer}")
        self.accepted.append(time.perf_counter())

    async def _watch(self, until: int) -> None:
        while len(self._visible) < until:
            shown = (await self._exporter.get("/metrics")).body
            seen_at = time.perf_counter()
            total = float(shown.partition(LINE)[2].partition(b"\n")[0] or 0)
            self._visible += [seen_at] * (int(total) - len(self._visible))
            await asyncio.sleep(LOOK_EVERY_S)
