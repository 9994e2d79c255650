"""Paths: what an indicator should have come to by a day, to meet its target on 31 December 2030."""

import math
from datetime import date

from tidemark.streams.indicators.calendar.china import days_in
from tidemark.streams.indicators.targets.goal import PLAN_END, PLAN_START, Goal, Step

from .seasons import Seasons, build_flat_season


def find_baseline(goal: Goal) -> Step | None:
    """Where the path starts: the baseline on 31 December of its year; None where the goal has no path.

    A cumulative target counts from nothing at the plan's start, whatever came before. An
    ambiguous one has no path until somebody says what it means.
    """
    if goal.kind == "cumulative":
        return Step(PLAN_START, 0.0)
    if goal.kind == "ambiguous" or goal.baseline is None or goal.baseline_year is None:
        return None
    return Step(date(goal.baseline_year, 12, 31), goal.baseline)


def compute_expected(goal: Goal, day: date, seasons: Seasons = build_flat_season) -> float | None:
    """P: the value expected at the end of the day, in the goal's unit; None where there is no path.

    Of an annual flow the expected year to date, T_y · S(day). Before its start a path stands at its
    baseline, after the plan at its target.
    """
    begun = find_baseline(goal)
    if begun is None:
        return None
    if goal.kind == "annual_flow":
        return _compute_year_target(goal, begun, day.year) * seasons(day.year).share(day)
    if goal.path == "milestone":
        return _find_step(goal, begun, day)
    fraction = _clamp_fraction((day - begun.due).days, (PLAN_END - begun.due).days)
    return _interpolate(begun.value, goal.target, fraction, goal.path == "geometric")


def compute_annual_target(goal: Goal, year: int) -> float | None:
    """T_y of an annual flow: B · (T/B)^((y − B_year) / (2030 − B_year)); None where there is no path.

    Linear in y where B or T is not above 0.
    """
    begun = find_baseline(goal)
    return None if begun is None else _compute_year_target(goal, begun, year)


def compute_slope(goal: Goal, day: date) -> float | None:
    """How fast the path runs on the day, in the goal's unit per day; None where there is no path.

    An annual flow's is its year's mean, since one day of a season says little about how many days one is
    behind. 0 outside the path's days and between the steps of a milestone path.
    """
    begun = find_baseline(goal)
    if begun is None:
        return None
    if goal.kind == "annual_flow":
        return _compute_year_target(goal, begun, day.year) / days_in(day.year)
    if goal.path == "milestone" or not begun.due <= day <= PLAN_END:
        return 0.0
    days = (PLAN_END - begun.due).days
    if goal.path == "linear":
        return (goal.target - begun.value) / days
    reached = _interpolate(begun.value, goal.target, (day - begun.due).days / days, geometric=True)
    return reached * math.log(goal.target / begun.value) / days


def compute_gain(goal: Goal, since: date, until: date, seasons: Seasons = build_flat_season) -> float | None:
    """What the path adds from the end of `since` to the end of `until`; None where there is no path.

    An annual flow's may span years: it is what should have come in between.
    """
    before, after = compute_expected(goal, since, seasons), compute_expected(goal, until, seasons)
    if before is None or after is None:
        return None
    begun = find_baseline(goal)
    if begun is None or goal.kind != "annual_flow":
        return after - before
    return (
        after
        - before
        + sum(_compute_year_target(goal, begun, year) for year in range(since.year, until.year))
    )


def _compute_year_target(goal: Goal, begun: Step, year: int) -> float:
    fraction = _clamp_fraction(year - begun.due.year, PLAN_END.year - begun.due.year)
    return _interpolate(begun.value, goal.target, fraction, begun.value > 0 and goal.target > 0)


def _find_step(goal: Goal, begun: Step, day: date) -> float:
    if day >= PLAN_END:
        return goal.target
    return max((step for step in (begun, *goal.steps) if step.due <= day), default=begun).value


def _interpolate(low: float, high: float, fraction: float, geometric: bool) -> float:
    """The ends are met exactly, which powers alone would miss in the last digit."""
    if fraction in {0.0, 1.0}:
        return high if fraction else low
    return low * (high / low) ** fraction if geometric else low + (high - low) * fraction


def _clamp_fraction(elapsed: int, whole: int) -> float:
    return min(max(elapsed / whole, 0.0), 1.0)
