"""How long the exporter takes to render 10,000 series, first without a cache, then with nothing changed."""

import asyncio
import time
from collections.abc import Callable
from pathlib import Path
from statistics import median

from prometheus_client import CollectorRegistry, Metric, generate_latest
from prometheus_client.parser import text_string_to_metric_families
from prometheus_client.registry import Collector

from tests.bench.report import Line
from tests.bench.say import Say
from tests.support.readers import CIVIL, NOON_MS, at_once, both, follower_of, publish_updates
from tidemark.services.exporter.exposition import Exposition
from tidemark.services.exporter.rendering import Rendering, build_exporter_reach
from tidemark.services.plan import read_plan
from tidemark.streams.contracts.civil import Grain
from tidemark.streams.contracts.family import Measure
from tidemark.streams.contracts.published import Row
from tidemark.streams.families.footfall import FOOTFALL_PLACE
from tidemark.streams.families.retail import RETAIL_SALES
from tidemark.streams.log.port import Update
from tidemark.streams.view.follower import Follower

PLACES = 300
"""Two metrics of four windows each, occupancy and dwell time: 3,000 series."""

SALES = 375
"""Four metrics of four windows each: 6,000 series."""

LABEL_BUDGET = 2_000
RUNS = 9


def measure(_folder: Path, say: Say) -> list[Line]:
    """Measure in this process, over a view of eleven months."""
    say("filling a view")
    follower = asyncio.run(_follower())
    cold = median(_milliseconds(_exposition(follower).render) for _ in range(RUNS))
    exposition = _exposition(follower)
    text = exposition.render()
    cached = median(_milliseconds(exposition.render) for _ in range(RUNS))
    floor = median(_milliseconds(_make_writer(text)) for _ in range(RUNS))
    series = sum(not line.startswith(b"#") for line in text.splitlines())
    return [
        Line(
            what=f"exporter: cold render of {series:,} series",
            figure=cold,
            unit="ms",
            runs=RUNS,
            floor=floor,
            floor_of="prometheus-client writing the same series",
            at_most=100,
        ),
        Line(what="exporter: render again, nothing changed", figure=cached, unit="ms", runs=RUNS, at_most=10),
    ]


async def _follower() -> Follower:
    state = await publish_updates(*(Update(partition, _rows(partition), 0) for partition in range(2)))
    follower = follower_of(state, build_exporter_reach(), lambda: NOON_MS)
    await follower.refresh(at_once)
    return follower


def _rows(partition: int) -> list[Row]:
    """Rows of every second label set, in each month so far and today."""
    moments = [CIVIL.start_ms(Grain.MONTH, 2026 * 12 + month) for month in range(10)] + [NOON_MS]
    labels: list[tuple[Measure, tuple[str, ...]]]
    labels = [(FOOTFALL_PLACE, (f"mall.no_{n:03d}",)) for n in range(PLACES)]
    labels += [(RETAIL_SALES, (f"mall.no_{n // 5:03d}", f"goods-{n % 5}")) for n in range(SALES)]
    return [
        row
        for measure, dimensions in labels[partition::2]
        for at_ms in moments
        for row in both(measure, dimensions, tuple(range(1_234, 1_234 + len(measure.components))), at_ms)
    ]


def _exposition(follower: Follower) -> Exposition:
    rendering = Rendering(follower.view, read_plan(), LABEL_BUDGET)
    return Exposition(follower, rendering, at_once, lambda: NOON_MS, lambda: 10**11, "bench")


class _Families(Collector):
    def __init__(self, families: list[Metric]) -> None:
        self._families = families

    def collect(self) -> list[Metric]:
        return self._families


def _make_writer(text: bytes) -> Callable[[], bytes]:
    registry = CollectorRegistry(auto_describe=False)
    registry.register(_Families(list(text_string_to_metric_families(text.decode()))))
    return lambda: generate_latest(registry)


def _milliseconds(call: Callable[[], object]) -> float:
    started = time.perf_counter()
    call()
    return (time.perf_counter() - started) * 1_000
