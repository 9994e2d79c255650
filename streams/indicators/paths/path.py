"""Paths: the value an indicator should have reached by a day to meet its target on 31 December 2030."""

import math
from datetime import date

from tidemark.streams.indicators.calendar.china import days_in
from tidemark.streams.indicators.targets.goal import PLAN_END, PLAN_START, Goal, Step

from .seasons import Seasons, build_flat_season


def find_baseline(goal: Goal) -> Step | None:
    """The start of the path: the baseline on 31 December of its year; None where the goal has no path.

    A cumulative target counts from 0 at the plan's start, whatever came before. An ambiguous one has no path
    until its meaning is declared.
    """
    if goal.kind == "cumulative":
        return Step(PLAN_START, 0.0)
    if goal.kind == "ambiguous" or goal.baseline is None or goal.baseline_year is None:
        return None
    return Step(date(goal.baseline_year, 12, 31), goal.baseline)


def compute_expected(goal: Goal, day: date, seasons: Seasons = build_flat_season) -> float | None:
    """P: the value expected at the end of the day, in the goal's unit; None where there is no path.

    Of an annual flow, the expected year to date, T_y · S(day). Before its start a path is at its baseline,
    after the plan at its target.
    """
    baseline = find_baseline(goal)
    if baseline is None:
        return None
    if goal.kind == "annual_flow":
        return _compute_year_target(goal, baseline, day.year) * seasons(day.year).share(day)
    if goal.path == "milestone":
        return _find_step(goal, baseline, day)
    fraction = _clamp_fraction((day - baseline.due).days, (PLAN_END - baseline.due).days)
    return _interpolate(baseline.value, goal.target, fraction, goal.path == "geometric")


def compute_annual_target(goal: Goal, year: int) -> float | None:
    """T_y of an annual flow: B · (T/B)^((y − B_year) / (2030 − B_year)); None where there is no path.

    Linear in y where B or T is not above 0.
    """
    baseline = find_baseline(goal)
    return None if baseline is None else _compute_year_target(goal, baseline, year)


def compute_slope(goal: Goal, day: date) -> float | None:
    """The slope of the path on the day, in the goal's unit per day; None where there is no path.

    For an annual flow it is the year's mean, since one day of a season says little about how many days a
    value is behind. 0 outside the path's days and on a milestone path.
    """
    baseline = find_baseline(goal)
    if baseline is None:
        return None
    if goal.kind == "annual_flow":
        return _compute_year_target(goal, baseline, day.year) / days_in(day.year)
    if goal.path == "milestone" or not baseline.due <= day <= PLAN_END:
        return 0.0
    days = (PLAN_END - baseline.due).days
    if goal.path == "linear":
        return (goal.target - baseline.value) / days
    reached = _interpolate(baseline.value, goal.target, (day - baseline.due).days / days, geometric=True)
    return reached * math.log(goal.target / baseline.value) / days


def compute_gain(goal: Goal, since: date, until: date, seasons: Seasons = build_flat_season) -> float | None:
    """What the path adds from the end of `since` to the end of `until`; None where there is no path.

    For an annual flow the days may be in different years: the gain is the amount expected in between.
    """
    before, after = compute_expected(goal, since, seasons), compute_expected(goal, until, seasons)
    if before is None or after is None:
        return None
    baseline = find_baseline(goal)
    if baseline is None or goal.kind != "annual_flow":
        return after - before
    return (
        after
        - before
        + sum(_compute_year_target(goal, baseline, year) for year in range(since.year, until.year))
    )


def _compute_year_target(goal: Goal, baseline: Step, year: int) -> float:
    fraction = _clamp_fraction(year - baseline.due.year, PLAN_END.year - baseline.due.year)
    return _interpolate(baseline.value, goal.target, fraction, baseline.value > 0 and goal.target > 0)


def _find_step(goal: Goal, baseline: Step, day: date) -> float:
    if day >= PLAN_END:
        return goal.target
    return max((step for step in (baseline, *goal.steps) if step.due <= day), default=baseline).value


def _interpolate(low: float, high: float, fraction: float, geometric: bool) -> float:
    """The value in between; the ends are exact, which powers alone would miss in the last digit."""
    if fraction in {0.0, 1.0}:
        return high if fraction else low
    return low * (high / low) ** fraction if geometric else low + (high - low) * fraction


def _clamp_fraction(elapsed: int, whole: int) -> float:
    return min(max(elapsed / whole, 0.0), 1.0)
