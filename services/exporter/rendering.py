"""The whole exposition as text, of which only what changed is made again.

prometheus-client writes 10,000 series in 40 ms, which is fast enough once but not five times a
second beside a ledger; so its text is kept for each measure until the measure changes.
"""

from collections.abc import Callable, Hashable, Iterable, Iterator, Mapping
from datetime import date
from functools import partial
from typing import NamedTuple

from prometheus_client import CollectorRegistry, Metric, generate_latest
from prometheus_client.registry import Collector

from services.plan import Plan
from streams.contracts.civil import Grain, format_period
from streams.contracts.family import DAY, HOUR
from streams.contracts.measures import Measure
from streams.view.entities import activities, registered
from streams.view.follower import Follower
from streams.view.view import Reach
from streams.view.windows import recent_windows, totals_windows

from . import pipeline_metrics as m
from .assessor import REACH as ASSESSED
from .assessor import Assessor
from .business import Built, clock, summed_measures, sums_of
from .metrics import CLOCKS
from .pipeline import pipeline, plain


def exporter_reach() -> Reach:
    """What the exporter's view must hold: today, all months, 30 days of the clocks, and what
    assessments need."""
    sums_ms: dict[Grain, int | None] = {Grain.DAY: DAY, Grain.MONTH: None}
    clocks_ms: dict[Grain, int | None] = {Grain.QUARTER: 25 * HOUR, Grain.DAY: 30 * DAY}
    wanted = [(measure, sums_ms) for measure in summed_measures()]
    wanted += [(row.measure, clocks_ms) for row in CLOCKS]
    own = {
        (measure, kept.grain): reach_ms[kept.grain]
        for measure, reach_ms in wanted
        for kept in measure.kept
        if kept.grain in reach_ms
    }
    return {kind: _further(own, kind) for kind in (*own, *ASSESSED)}


def _further(own: Reach, kind: tuple[Measure, Grain]) -> int | None:
    """How far back both the totals and the assessments need the cells."""
    reaches = [reach[kind] for reach in (own, ASSESSED) if kind in reach]
    return None if None in reaches else max(one for one in reaches if one is not None)


class Rendering:
    """Renders a view; the families of a measure again only when it or the windows changed."""

    def __init__(
        self,
        follower: Follower,
        clock: Callable[[], int],
        free_disk: Callable[[], int | None],
        version: str,
        label_budget: int,
        plan: Plan,
    ) -> None:
        self._follower = follower
        self._assessor = Assessor(plan, follower.view)
        self._clock = clock
        self._free_disk = free_disk
        self._version = version
        self._budget = label_budget
        self._parts: dict[str, _Part] = {}

    def text(self) -> bytes:
        """Every family in Prometheus' text format."""
        now_ms = self._clock()
        parts = list(self._business(now_ms))
        folded = {name: count for part in parts for name, count in part.folded.items()}
        own = [*pipeline(self._follower, now_ms), *self._process(folded)]
        series = 1 + sum(part.series for part in parts) + sum(len(metric.samples) for metric in own)
        own.append(plain(m.SERIES, {(): series}))
        return b"".join([*(part.text for part in parts), _text(own)])

    def _business(self, now_ms: int) -> Iterator["_Part"]:
        view = self._follower.view
        totals, recent = totals_windows(view.civil, now_ms), recent_windows(view.civil, now_ms)
        for measure in summed_measures():
            state = (view.revision(measure), totals)
            yield self._once(measure.name, state, partial(sums_of, view, measure, totals, self._budget))
        for row in CLOCKS:
            state = (view.revision(row.measure), recent)
            yield self._once(row.name, state, partial(clock, view, row, recent, self._budget))
        day = view.civil.periods(now_ms)[Grain.DAY]
        yield self._once("records", (view.records_revision, day), partial(self._records, day))
        yield self._once("indicators", self._assessor.due(now_ms), partial(self._assessor.built, now_ms))

    def _records(self, day: int) -> Built:
        today = date.fromisoformat(format_period(Grain.DAY, day))
        records = self._follower.view.records
        metrics = [plain(m.REGISTRY, registered(records, today)), plain(m.ACTIVITIES, activities(records))]
        return Built(metrics, {})

    def _process(self, folded: Mapping[str, int]) -> Iterator[Metric]:
        free = self._free_disk()
        yield plain(m.FREE_DISK, {} if free is None else {(): free})
        yield plain(m.FOLDED, {(name,): count for name, count in folded.items()})
        yield plain(m.BUILD, {(self._version,): 1})

    def _once(self, name: str, state: Hashable, build: Callable[[], Built]) -> "_Part":
        part = self._parts.get(name)
        if part is None or part.state != state:
            metrics, folded = build()
            series = sum(len(metric.samples) for metric in metrics)
            part = self._parts[name] = _Part(state, _text(metrics), folded, series)
        return part


class _Part(NamedTuple):
    """What was rendered of one measure, and of which state."""

    state: Hashable
    text: bytes
    folded: dict[str, int]
    series: int


class _Families(Collector):
    def __init__(self, metrics: Iterable[Metric]) -> None:
        self._metrics = metrics

    def collect(self) -> Iterable[Metric]:
        return self._metrics


def _text(metrics: Iterable[Metric]) -> bytes:
    registry = CollectorRegistry(auto_describe=False)
    registry.register(_Families(metrics))
    return generate_latest(registry)
