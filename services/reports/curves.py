"""The path of a target, and how its value has run beside it."""

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
    """`path` is what the plan asks for, `actual` what has been measured, `forecast` the central 80 %
    of what 2030 may come to. An annual flow is drawn as what a year comes to."""

    indicator: Indicator
    path: tuple[Point, ...]
    actual: tuple[Point, ...]
    forecast: tuple[float, float] | None

    @property
    def name(self) -> Text:
        """What the target is called."""
        return Text(self.indicator.name_zh, self.indicator.name_en)

    @property
    def caption(self) -> Text:
        """The same with its unit."""
        unit = UNIT[self.indicator.unit]
        return Text(f"{self.name.zh}（{unit.zh}）", f"{self.name.en} ({unit.en})")


def curve(indicator: Indicator, assessed: Sequence[Assessment]) -> Curve | None:
    """The curve from assessments in the order of their days; None for a target without a path.

    A value stands on the day it is of, which for official figures lies back.
    """
    goal = indicator.goal
    if find_baseline(goal) is None:
        return None
    courses = (point.course for point in assessed if point.course is not None)
    actual = {course.on: course.level for course in courses if course.level is not None}
    forecast = assessed[-1].forecast if assessed else None
    bounds = None if forecast is None else (forecast.p80.low, forecast.p80.high)
    return Curve(indicator, _path(goal), tuple(Point(*point) for point in sorted(actual.items())), bounds)


def _path(goal: Goal) -> tuple[Point, ...]:
    """As few points as draw the path: of a curve, and of a straight line its ends."""
    begun = find_baseline(goal)
    if begun is None:
        return ()
    start = Point(*begun)
    if goal.kind == "annual_flow":
        return (start, *_years(goal, begun.due.year + 1))
    if goal.path == "milestone":
        return (start, *_steps(goal, begun.value))
    step = PLAN_END - begun.due if goal.path == "linear" else _QUARTER
    days = {begun.due + number * step for number in range((PLAN_END - begun.due) // step + 1)}
    values = ((day, compute_expected(goal, day)) for day in sorted({*days, PLAN_END}))
    return tuple(Point(day, value) for day, value in values if value is not None)


def _steps(goal: Goal, value: float) -> Iterator[Point]:
    """Level until the day that a step is due, then up to it."""
    for step in goal.steps:
        yield Point(step.due, value)
        value = step.value
        yield Point(step.due, value)
    yield Point(PLAN_END, value)


def _years(goal: Goal, first: int) -> Iterator[Point]:
    """Each year's target from its first day to its last."""
    for year in range(first, PLAN_END.year + 1):
        value = compute_annual_target(goal, year)
        if value is not None:
            yield Point(date(year, 1, 1), value)
            yield Point(date(year, 12, 31), value)
