"""What formulas read: a view with its latest values, the tree of places, and the current moment."""

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import NamedTuple

from tidemark.streams.contracts.civil import (
    Grain,
    first_day,
    format_period,
    instant,
    last_day,
    millis,
    month_of,
    parse_period,
)
from tidemark.streams.contracts.family import Measure
from tidemark.streams.contracts.published import Vector, add_vectors
from tidemark.streams.families.activity import ActivityChanged
from tidemark.streams.indicators.official.figures import Figures
from tidemark.streams.indicators.values.cause import Code
from tidemark.streams.indicators.values.spans import Span
from tidemark.streams.indicators.values.value import Absent, NoValue, Origin
from tidemark.streams.view.cells import Where
from tidemark.streams.view.entities import Registration, activities, registrations
from tidemark.streams.view.view import Reach, View

from .places import Parents


class LatestValues(NamedTuple):
    """A view's latest values: entities by class, activities with the civil day they begin on, figures."""

    registrations: dict[str, list[Registration]]
    activities: list[tuple[date, ActivityChanged]]
    figures: Figures


class Register:
    """The latest values of a view, decoded again only when one of them has changed."""

    def __init__(self, view: View) -> None:
        self.view = view
        self._revision = -1
        self._latest = LatestValues({}, [], Figures(()))

    def read_latest(self) -> LatestValues:
        """The latest values as they are now."""
        if self._revision != self.view.latest_revision:
            self._latest = LatestValues(
                self._decode_registrations(), list(self._decode_activities()), self._decode_figures()
            )
            self._revision = self.view.latest_revision
        return self._latest

    def day_of(self, instant: datetime) -> date:
        """The civil day that holds an instant."""
        return instant.astimezone(self.view.civil.zone).date()

    def _decode_registrations(self) -> dict[str, list[Registration]]:
        by_class: defaultdict[str, list[Registration]] = defaultdict(list)
        for entry in registrations(self.view.latest_values):
            by_class[entry.entity_class].append(entry)
        return dict(by_class)

    def _decode_activities(self) -> Iterator[tuple[date, ActivityChanged]]:
        for activity in activities(self.view.latest_values):
            yield self.day_of(activity.starts), activity

    def _decode_figures(self) -> Figures:
        return Figures.of(self.view.latest_values, self.view.civil)


_EVERYWHERE: Where = {}


@dataclass(frozen=True)
class Reading:
    """A view at one moment, with its latest values from the register. `reach`: what the view holds;
    `parents`: the parent of each place; `now_ms`: the moment."""

    register: Register
    reach: Reach
    parents: Parents
    now_ms: int

    @property
    def view(self) -> View:
        """The view to read."""
        return self.register.view

    @property
    def today(self) -> date:
        """The civil day."""
        return self.day_of(instant(self.now_ms))

    @property
    def registrations(self) -> dict[str, list[Registration]]:
        """Registered entities by class."""
        return self.register.read_latest().registrations

    @property
    def activities(self) -> list[tuple[date, ActivityChanged]]:
        """All activities with the civil day on which they begin."""
        return self.register.read_latest().activities

    @property
    def figures(self) -> Figures:
        """All official figures."""
        return self.register.read_latest().figures

    def day_of(self, at: datetime) -> date:
        """The civil day that holds an instant."""
        return self.register.day_of(at)

    def start_ms(self, day: date) -> int:
        """When a civil day begins."""
        return millis(datetime.combine(day, time(), self.view.civil.zone))

    def sums(
        self, measure: Measure, span: Span, by: tuple[str, ...], where: Where = _EVERYWHERE
    ) -> dict[tuple[str, ...], Vector]:
        """Vectors by the values of the dimensions `by`. Raises NoValue without cells in the span."""
        by_key: dict[tuple[str, ...], Vector] = {}
        pieces = list(self._split_span(measure, span))
        if not any(set(self.view.periods((measure, grain))) & set(periods) for grain, periods in pieces):
            raise build_no_events(measure, span)
        for grain, periods in pieces:
            for key, vector in self.view.sums((measure, grain), periods, by, where).items():
                by_key[key] = add_vectors((by_key[key], vector)) if key in by_key else vector
        return by_key

    def vector(self, measure: Measure, span: Span, where: Where = _EVERYWHERE) -> Vector:
        """The sum over everything that matches `where`. Raises NoValue without cells in the span."""
        return self.sums(measure, span, (), where).get((), (0,) * len(measure.components))

    def total(self, measure: Measure, span: Span, where: Where = _EVERYWHERE) -> dict[str, int]:
        """The sum by component name. Raises NoValue without cells in the span."""
        return name_components(measure, self.vector(measure, span, where))

    def origin(self, measure: Measure, span: Span, words: str = "") -> Origin:
        """The origin of a sum of the measure over the span; `words` describe the selection."""
        text = f"{measure.name} cells of {span}" + (f", {words}" if words else "")
        return Origin(span, text, (measure.family,), self._find_beginning(measure, span))

    def require_periods(self, measure: Measure, grain: Grain, periods: range) -> range:
        """The periods. Raises NoValue if the view does not reach back to them."""
        back_ms = self.reach.get((measure, grain), -1)
        if not periods or back_ms is None:
            return periods
        if back_ms >= 0 and periods[0] >= self.view.civil.periods(self.now_ms - back_ms)[grain]:
            return periods
        first = format_period(grain, periods[0])
        raise NoValue(Absent(Code.NOT_HELD, measure=measure.name, grain=grain, first=first))

    def _find_beginning(self, measure: Measure, span: Span) -> date | None:
        held = self.view.periods((measure, Grain.MONTH))
        if not held:
            return None
        first = first_day(held[0])
        return first if first > span.first else None

    def _split_span(self, measure: Measure, span: Span) -> Iterator[tuple[Grain, range]]:
        """Whole months as months, the rest as days; the current month counts as whole."""
        grains = {retention.grain for retention in measure.retentions}
        last = (
            last_day(month_of(span.last)) if span.last >= self.today or Grain.DAY not in grains else span.last
        )
        months = range(month_of(span.first), month_of(last + timedelta(days=1)))
        if Grain.MONTH in grains and span.first.day == 1:
            yield Grain.MONTH, self.require_periods(measure, Grain.MONTH, months)
            first = first_day(months.stop)
        else:
            first = span.first
        if first <= last:
            days = range(_number_day(first), _number_day(min(last, self.today)) + 1)
            yield Grain.DAY, self.require_periods(measure, Grain.DAY, days)


def name_components(measure: Measure, vector: Vector) -> dict[str, int]:
    """A vector's numbers by the names of the measure's components."""
    return {part.name: number for part, number in zip(measure.components, vector, strict=True)}


def build_no_events(measure: Measure, span: Span) -> NoValue:
    """The error for a span without an event of the measure's family."""
    return NoValue(Absent(Code.NO_EVENT_IN_SPAN, span=span, family=measure.family))


def _number_day(day: date) -> int:
    return parse_period(Grain.DAY, day.isoformat())
