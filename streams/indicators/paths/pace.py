"""Pace: how far a value is on the way to its target, and how that compares with the path."""

from dataclasses import dataclass
from datetime import date

from tidemark.streams.indicators.targets.goal import PLAN_END, Goal

from .path import compute_annual_target, compute_expected, compute_gain, compute_slope, find_baseline
from .seasons import Seasons, build_flat_season


@dataclass(frozen=True)
class Pace:
    """A value on a day compared with its path. A field is None where it has no meaning for the goal or the
    day.

    `level`: the value to compare with the target; of an annual flow, the year's amount at this pace.
    `distance`: how far the level is from the target, negative once beyond it. `progress`: 0 at the baseline,
    1 at the target. `expected`: P. `index`: 1 on the path; more is better, also where lower values are
    better. `lag_days`: days behind the path, negative when ahead. `required_per_day`: the change per day that
    still meets the target, of an annual flow this year's; 0 when met.
    """

    level: float | None
    distance: float | None
    progress: float | None
    expected: float | None
    index: float | None
    lag_days: float | None
    required_per_day: float | None


def compute_pace(goal: Goal, day: date, value: float, seasons: Seasons = build_flat_season) -> Pace:
    """The pace of a value that holds at the end of the day; for an annual flow, the value is the year to
    date.

    Without a baseline, only level and distance are set; for an ambiguous target, nothing is.
    """
    path = compute_expected(goal, day, seasons)
    level = _compute_level(goal, day, value, seasons)
    return Pace(
        level=level,
        distance=None if level is None else _get_sign(goal) * (goal.target - level),
        progress=None if level is None else compute_progress(goal, level),
        expected=path,
        index=None if path is None else _compute_index(goal, value, path),
        lag_days=None if path is None else _compute_lag_days(goal, day, value, path),
        required_per_day=None if path is None else _compute_required_per_day(goal, day, value),
    )


def compute_progress(goal: Goal, level: float) -> float | None:
    """(level − B) / (T − B): 0 at the baseline, 1 at the target, whichever of them is higher.

    None without a baseline, or where baseline and target are the same.
    """
    baseline = find_baseline(goal)
    if baseline is None or baseline.value == goal.target:
        return None
    return (level - baseline.value) / (goal.target - baseline.value)


def compute_window_index(
    goal: Goal, since: date, until: date, gained: float, seasons: Seasons = build_flat_season
) -> float | None:
    """The gain from the end of `since` to the end of `until` ÷ the path's gain in these days.

    A short and a long window that are both below a threshold distinguish a lasting lag from a bad week. None
    where the path is flat or leads to worse values, so that there is nothing to gain.
    """
    path_gain = compute_gain(goal, since, until, seasons)
    if not path_gain or path_gain * _get_sign(goal) < 0:
        return None
    return gained / path_gain


def _compute_level(goal: Goal, day: date, value: float, seasons: Seasons) -> float | None:
    if goal.kind == "ambiguous":
        return None
    if goal.kind != "annual_flow":
        return value
    share = seasons(day.year).share(day)
    return value / share if share else None


def _get_sign(goal: Goal) -> int:
    return 1 if goal.higher_is_better else -1


def _compute_index(goal: Goal, value: float, path: float) -> float | None:
    over, under = (value, path) if goal.higher_is_better else (path, value)
    return over / under if path >= 0 and under > 0 else None


def _compute_lag_days(goal: Goal, day: date, value: float, path: float) -> float | None:
    speed = abs(compute_slope(goal, day) or 0.0)
    return _get_sign(goal) * (path - value) / speed if speed else None


def _compute_required_per_day(goal: Goal, day: date, value: float) -> float | None:
    """(T − actual) / days left; of an annual flow with the year's target and the days left of the year."""
    target: float | None = goal.target
    last = PLAN_END
    if goal.kind == "annual_flow":
        target = compute_annual_target(goal, day.year)
        last = date(day.year, 12, 31)
    days = (last - day).days
    if days <= 0 or target is None:
        return None
    met = _get_sign(goal) * (target - value) <= 0
    return 0.0 if met else (target - value) / days
