"""The whole exposition as text, of which only what changed is made again.

prometheus-client writes 10,000 series in 40 ms, which is fast enough once but not five times a
second beside a ledger; so its text is kept for each measure until the measure changes.
"""

from collections.abc import Callable, Hashable, Iterator, Mapping
from typing import NamedTuple

from prometheus_client import Metric, generate_latest

from tidemark.services.plan import Plan
from tidemark.streams.contracts.civil import Grain
from tidemark.streams.contracts.family import DAY, HOUR, Measure
from tidemark.streams.view.follower import Follower
from tidemark.streams.view.view import Reach

from . import pipeline_metrics as m
from .assessor import REACH as ASSESSED
from .business import summed_measures
from .families import registry_of
from .metrics import CLOCKS
from .parts import Part, Parts
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
        self._parts = Parts(follower.view, plan, label_budget)
        self._clock = clock
        self._free_disk = free_disk
        self._version = version
        self._rendered: dict[str, _Rendered] = {}

    def text(self) -> bytes:
        """Every family in Prometheus' text format."""
        now_ms = self._clock()
        parts = [self._once(part) for part in self._parts.at(now_ms)]
        folded = {name: count for part in parts for name, count in part.folded.items()}
        own = [*pipeline(self._follower, now_ms), *self._process(folded)]
        series = 1 + sum(part.series for part in parts) + sum(len(metric.samples) for metric in own)
        own.append(plain(m.SERIES, {(): series}))
        return b"".join([*(part.text for part in parts), generate_latest(registry_of(own))])

    def _process(self, folded: Mapping[str, int]) -> Iterator[Metric]:
        free = self._free_disk()
        yield plain(m.FREE_DISK, {} if free is None else {(): free})
        yield plain(m.FOLDED, {(name,): count for name, count in folded.items()})
        yield plain(m.BUILD, {(self._version,): 1})

    def _once(self, part: Part) -> "_Rendered":
        known = self._rendered.get(part.name)
        if known is None or known.state != part.state:
            metrics, folded = part.build()
            series = sum(len(metric.samples) for metric in metrics)
            text = generate_latest(registry_of(metrics))
            known = self._rendered[part.name] = _Rendered(part.state, text, folded, series)
        return known


class _Rendered(NamedTuple):
    """What was rendered of a part, and of which state."""

    state: Hashable
    text: bytes
    folded: dict[str, int]
    series: int
