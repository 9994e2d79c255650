"""Renders a view as metric families, part by part; only parts that changed are rendered again.

prometheus-client writes 10,000 series in 40 ms: fast enough once, but not five times a second next to a
ledger. Each measure's text is therefore cached until the measure changes. Assessing the plan's targets
takes longer still, so it happens seldom enough not to slow the rest down.
"""

from collections import Counter
from collections.abc import Callable, Hashable, Iterator
from datetime import date
from functools import partial
from itertools import chain
from typing import NamedTuple

from prometheus_client import generate_latest

from tidemark.services.plan import Plan
from tidemark.streams.contracts.civil import Grain, format_period
from tidemark.streams.contracts.family import DAY, HOUR, SECOND, Measure
from tidemark.streams.families.footfall import FOOTFALL_PLACE
from tidemark.streams.families.payment import PAYMENT_INBOUND
from tidemark.streams.families.refund import REFUND_PAYOUTS
from tidemark.streams.indicators.assessment.assessing import assess_all
from tidemark.streams.indicators.formulas.anomaly import DAYS as ANOMALY_DAYS
from tidemark.streams.indicators.formulas.payment import FAILED_TECHNICAL
from tidemark.streams.indicators.formulas.refund import CLAWBACK
from tidemark.streams.indicators.paths.seasons import SeasonBook
from tidemark.streams.indicators.reading.reach import build_indicators_reach
from tidemark.streams.indicators.reading.reading import Reading, Register
from tidemark.streams.view.entities import by_status
from tidemark.streams.view.view import Reach, View
from tidemark.streams.view.windows import recent_windows, totals_windows

from . import pipeline_metrics as m
from .business import Built, build_quantiles, build_sums, list_summed_measures
from .formulas import collect_formulas
from .indicators import collect_coverage, collect_indicators
from .metrics import QUANTILE_METRICS
from .pipeline import build_metric, build_registry

SHORTEST_MS = 5 * SECOND
"""Minimum time between two assessments, however often the view changes."""

LONGEST_MS = 60 * SECOND
"""Maximum age of an assessment: ages and expected values grow even while the view stays the same."""

_ASSESSED: Reach = {
    **build_indicators_reach(part_month_ms=31 * DAY),
    (PAYMENT_INBOUND, Grain.QUARTER): 25 * HOUR,
    (PAYMENT_INBOUND, Grain.DAY): (FAILED_TECHNICAL.usual_days + 1) * DAY,
    (REFUND_PAYOUTS, Grain.QUARTER): 25 * HOUR,
    (REFUND_PAYOUTS, Grain.DAY): (CLAWBACK.usual_days + 1) * DAY,
    (FOOTFALL_PLACE, Grain.QUARTER): (ANOMALY_DAYS + 1) * DAY,
}


def build_exporter_reach() -> Reach:
    """The cells that the exporter's view must hold: today and all months of the sums, 30 days of the quantile
    metrics, and what assessments read."""
    sums_ms: dict[Grain, int | None] = {Grain.DAY: DAY, Grain.MONTH: None}
    quantiles_ms: dict[Grain, int | None] = {Grain.QUARTER: 25 * HOUR, Grain.DAY: 30 * DAY}
    shown = [(measure, sums_ms) for measure in list_summed_measures()]
    shown += [(row.measure, quantiles_ms) for row in QUANTILE_METRICS]
    own = {
        (measure, kept.grain): reach_ms[kept.grain]
        for measure, reach_ms in shown
        for kept in measure.retentions
        if kept.grain in reach_ms
    }
    return {kind: _find_further_reach(own, kind) for kind in (*own, *_ASSESSED)}


def _find_further_reach(own: Reach, kind: tuple[Measure, Grain]) -> int | None:
    """The longer of the reaches that totals and assessments need, in milliseconds; None is unlimited."""
    reaches = [reach[kind] for reach in (own, _ASSESSED) if kind in reach]
    return None if None in reaches else max(reach for reach in reaches if reach is not None)


class Part(NamedTuple):
    """Metrics that are built together. While `state` stays the same, `build` gives the same result."""

    name: str
    state: Hashable
    build: Callable[[], Built]


class Rendered(NamedTuple):
    """A part's text, the state that it shows, its number of series, and by metric how many series were merged
    under `other`."""

    state: Hashable
    text: bytes
    merged: dict[str, int]
    series: int


class Rendering:
    """The metrics of a view. The caller must not call it while the view is being merged."""

    def __init__(self, view: View, plan: Plan, label_budget: int) -> None:
        self._view = view
        self._register = Register(view)
        self._plan = plan
        self._book = SeasonBook(plan.calendar)
        self._budget = label_budget
        self._assessed: tuple[int, int, int] | None = None
        self._rendered: dict[str, Rendered] = {}

    def render(self, now_ms: int) -> list[Rendered]:
        """Every part as text; parts that have not changed come from the cache."""
        return [self._render_once(part) for part in self.list_parts(now_ms)]

    def list_parts(self, now_ms: int) -> Iterator[Part]:
        """Every part, as of `now_ms`."""
        view, budget = self._view, self._budget
        totals, recent = totals_windows(view.civil, now_ms), recent_windows(view.civil, now_ms)
        for measure in list_summed_measures():
            state = (view.revision(measure), totals)
            yield Part(measure.name, state, partial(build_sums, view, measure, totals, budget))
        for row in QUANTILE_METRICS:
            state = (view.revision(row.measure), recent)
            yield Part(row.name, state, partial(build_quantiles, view, row, recent, budget))
        day = view.civil.periods(now_ms)[Grain.DAY]
        yield Part("records", (view.latest_revision, day), partial(self._build_records, day))
        yield Part("indicators", self.choose_assessment(now_ms), partial(self._assess, now_ms))

    def choose_assessment(self, now_ms: int) -> Hashable:
        """The generation, view version and time that the targets are assessed at: the last ones, unless a new
        assessment is due."""
        state = (self._view.generation, self._view.version)
        if self._assessed is None:
            self._assessed = (*state, now_ms)
        age_ms = abs(now_ms - self._assessed[2])
        if age_ms >= LONGEST_MS or (age_ms >= SHORTEST_MS and self._assessed[:2] != state):
            self._assessed = (*state, now_ms)
        return self._assessed

    def _render_once(self, part: Part) -> Rendered:
        rendered = self._rendered.get(part.name)
        if rendered is None or rendered.state != part.state:
            metrics, merged = part.build()
            series = sum(len(metric.samples) for metric in metrics)
            text = generate_latest(build_registry(metrics))
            rendered = self._rendered[part.name] = Rendered(part.state, text, merged, series)
        return rendered

    def _build_records(self, day: int) -> Built:
        today = date.fromisoformat(format_period(Grain.DAY, day))
        latest = self._register.read_latest()
        entities = by_status(chain.from_iterable(latest.registrations.values()), today)
        activities = Counter[tuple[str, ...]](
            (activity.category, activity.status) for _, activity in latest.activities
        )
        return Built([build_metric(m.REGISTRY, entities), build_metric(m.ACTIVITIES, activities)], {})

    def _assess(self, now_ms: int) -> Built:
        """The metrics of all targets, of the refund's coverage and of the other formulas."""
        reading = Reading(self._register, _ASSESSED, self._plan.parents, now_ms)
        catalogue = self._plan.catalogue
        assessments = assess_all(catalogue, reading, reading.today, self._book)
        metrics = [
            *collect_indicators(catalogue, assessments),
            *collect_coverage(catalogue, reading),
            *collect_formulas(self._plan, reading),
        ]
        return Built(metrics, {})
