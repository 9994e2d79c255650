"""What the exporter says of the district, in parts that are built apart, each of a state of the view."""

from collections import Counter
from collections.abc import Callable, Hashable, Iterator
from datetime import date
from functools import partial
from itertools import chain
from typing import NamedTuple

from tidemark.services.plan import Plan
from tidemark.streams.contracts.civil import Grain, format_period
from tidemark.streams.indicators.register import Register
from tidemark.streams.view.entities import by_status
from tidemark.streams.view.view import View
from tidemark.streams.view.windows import recent_windows, totals_windows

from . import pipeline_metrics as m
from .assessor import Assessor
from .business import Built, clock, summed_measures, sums_of
from .metrics import CLOCKS
from .pipeline import plain


class Part(NamedTuple):
    """Metrics that are built together. While `state` is the same, `build` gives the same."""

    name: str
    state: Hashable
    build: Callable[[], Built]


class Parts:
    """The parts of a view. Calls must not overlap with its merging; the caller sees to that."""

    def __init__(self, view: View, plan: Plan, label_budget: int) -> None:
        self._view = view
        self._register = Register(view)
        self._assessor = Assessor(plan, self._register)
        self._budget = label_budget

    def at(self, now_ms: int) -> Iterator[Part]:
        """Every part, as of now."""
        view, budget = self._view, self._budget
        totals, recent = totals_windows(view.civil, now_ms), recent_windows(view.civil, now_ms)
        for measure in summed_measures():
            state = (view.revision(measure), totals)
            yield Part(measure.name, state, partial(sums_of, view, measure, totals, budget))
        for row in CLOCKS:
            state = (view.revision(row.measure), recent)
            yield Part(row.name, state, partial(clock, view, row, recent, budget))
        day = view.civil.periods(now_ms)[Grain.DAY]
        yield Part("records", (view.records_revision, day), partial(self._records, day))
        yield Part("indicators", self._assessor.due(now_ms), partial(self._assessor.built, now_ms))

    def _records(self, day: int) -> Built:
        today = date.fromisoformat(format_period(Grain.DAY, day))
        held = self._register.held()
        entities = by_status(chain.from_iterable(held.registered.values()), today)
        activities = Counter[tuple[str, ...]]((one.category, one.status) for _, one in held.activities)
        return Built([plain(m.REGISTRY, entities), plain(m.ACTIVITIES, activities)], {})
