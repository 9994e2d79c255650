"""A target's path and its actual values, as points of a curve."""

from collections.abc import Iterator, Sequence
from datetime import date, timedelta
from typing import NamedTuple

from tidemark.streams.contracts.text import Text
from tidemark.streams.indicators.assessment.assessment import Assessment
from tidemark.streams.indicators.paths.path import compute_annual_target, compute_expected, find_baseline
from tidemark.streams.indicators.targets.catalogue import Indicator
from tidemark.streams.indicators.targets.goal import PLAN_END, Goal

from .words import UNIT

_QUARTER = timedelta(days=91)


class Point(NamedTuple):
    """A value at the end of a day."""

    day: date
    value: float


class Curve(NamedTuple):
    """A target's path, its measured values, and the central 80 % range of its projection for 2030.
    Annual flows are extrapolated to the full year."""

    indicator: Indicator
    path: tuple[Point, ...]
    actual: tuple[Point, ...]
    forecast: tuple[float, float] | None

    @property
    def name(self) -> Text:
        """The target's name."""
        return Text(self.indicator.name_zh, self.indicator.name_en)

    @property
    def caption(self) -> Text:
        """The name with the unit."""
        unit = UNIT[self.indicator.unit]
        return Text(f"{self.name.zh}（{unit.zh}）", f"{self.name.en} ({unit.en})")


def build_curve(indicator: Indicator, assessed: Sequence[Assessment]) -> Curve | None:
    """The curve from assessments in the order of their days; None for a target without a path.

    A value is drawn on the day that it refers to; for an official figure that is an earlier one.
    """
    goal = indicator.goal
    if find_baseline(goal) is None:
        return None
    courses = (point.course for point in assessed if point.course is not None)
    actual = {course.on: course.level for course in courses if course.level is not None}
    forecast = assessed[-1].forecast if assessed else None
    bounds = None if forecast is None else (forecast.p80.low, forecast.p80.high)
    return Curve(
        indicator, _build_path(goal), tuple(Point(*point) for point in sorted(actual.items())), bounds
    )


def _build_path(goal: Goal) -> tuple[Point, ...]:
    """The fewest points that draw the path: the ends of a straight line, a point per quarter otherwise."""
    baseline = find_baseline(goal)
    if baseline is None:
        return ()
    start = Point(*baseline)
    if goal.kind == "annual_flow":
        return (start, *_list_years(goal, baseline.due.year + 1))
    if goal.path == "milestone":
        return (start, *_list_steps(goal, baseline.value))
    step = PLAN_END - baseline.due if goal.path == "linear" else _QUARTER
    days = {baseline.due + number * step for number in range((PLAN_END - baseline.due) // step + 1)}
    values = ((day, compute_expected(goal, day)) for day in sorted({*days, PLAN_END}))
    return tuple(Point(day, value) for day, value in values if value is not None)


def _list_steps(goal: Goal, value: float) -> Iterator[Point]:
    """Constant until the day on which a step is due, then a jump."""
    for step in goal.steps:
        yield Point(step.due, value)
        value = step.value
        yield Point(step.due, value)
    yield Point(PLAN_END, value)


def _list_years(goal: Goal, first: int) -> Iterator[Point]:
    """Each year's target from its first day to its last."""
    for year in range(first, PLAN_END.year + 1):
        value = compute_annual_target(goal, year)
        if value is not None:
            yield Point(date(year, 1, 1), value)
            yield Point(date(year, 12, 31), value)
