"""Past days as the exporter would have shown them at their end."""

from collections.abc import Iterator
from typing import NamedTuple

from prometheus_client import Metric
from prometheus_client.samples import Sample

from tidemark.services.plan import Plan
from tidemark.streams.contracts.civil import Civil, Grain
from tidemark.streams.contracts.family import SECOND
from tidemark.streams.log.state import Page
from tidemark.streams.view.view import View

from .history_days import Days
from .money import UNITS, money, recorded
from .rendering import Rendering, exporter_reach


class Moment(NamedTuple):
    """The metrics at a Unix time in seconds."""

    at_s: int
    metrics: list[Metric]


class History:
    """A published state day by day, through the exporter's own view and metrics."""

    def __init__(self, page: Page, civil: Civil, plan: Plan, label_budget: int) -> None:
        reach = exporter_reach()
        self._view = View(civil, reach)
        self._days = Days(page, civil, reach)
        self._rendering = Rendering(self._view, plan, label_budget)

    @property
    def first(self) -> int | None:
        """The first day that something is known of, as a period; None where nothing is."""
        return self._days.first

    def moments(self, days: range) -> Iterator[Moment]:
        """The last second of each day. Once only: the view does not go back."""
        for day in days:
            now_ms = self._view.civil.end_ms(Grain.DAY, day) - SECOND
            self._view.advance(now_ms)
            self._view.apply(self._days.upto(day, now_ms))
            metrics = [metric for part in self._rendering.parts(now_ms) for metric in part.build().metrics]
            yield Moment(now_ms // SECOND, [*metrics, *_recorded(metrics)])


def _recorded(metrics: list[Metric]) -> Iterator[Metric]:
    """What the recording rules would have made of the amounts."""
    amounts = set(money())
    for metric in metrics:
        for unit, yuan in UNITS.items() if metric.name in amounts else ():
            name = recorded(metric.name, unit)
            made = Metric(name, f"{metric.name} ÷ {yuan}", "gauge")
            made.samples = [Sample(name, one.labels, one.value / yuan) for one in metric.samples]
            yield made
