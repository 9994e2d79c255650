"""Pace: a value compared with its path, whichever direction is better."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tidemark.streams.indicators.paths.pace import compute_pace, compute_progress, compute_window_index
from tidemark.streams.indicators.paths.path import compute_annual_target, compute_expected
from tidemark.streams.indicators.paths.seasons import build_flat_season
from tidemark.streams.indicators.targets.goal import PLAN_END, PLAN_START, Goal, Op

DAYS = st.dates(PLAN_START + timedelta(1), PLAN_END - timedelta(1))
VALUES = st.floats(1e-2, 1e6)
OPS: st.SearchStrategy[Op] = st.sampled_from([">=", ">", "<=", "<"])
stocks = st.builds(Goal, st.just("stock"), OPS, VALUES, VALUES, st.integers(2020, 2025))
SHOPS = Goal("stock", ">=", 600, 43, 2025)
FLOW = Goal("annual_flow", ">", 500, 330, 2025)


def mirror_goal(goal: Goal) -> Goal:
    turned: dict[Op, Op] = {">=": "<=", ">": "<", "<=": ">=", "<": ">"}
    return Goal(goal.kind, turned[goal.op], -goal.target, -(goal.baseline or 0), goal.baseline_year)


def test_refund_shops_after_a_year_by_hand() -> None:
    pace = compute_pace(SHOPS, date(2026, 12, 31), 100)
    assert pace.expected == pytest.approx(154.339, abs=1e-3)
    assert pace.index == pytest.approx(100 / 154.339, abs=1e-5)
    assert pace.lag_days == pytest.approx((154.339 - 100) / (557 / 1826), abs=1e-2)
    assert pace.progress == pytest.approx(57 / 557)
    assert pace.distance == 500
    assert pace.required_per_day == pytest.approx(500 / 1461)


@given(stocks, DAYS)
def test_on_the_path_the_index_is_one_and_there_is_no_lag(goal: Goal, day: date) -> None:
    pace = compute_pace(goal, day, compute_expected(goal, day) or 0.0)
    assert pace.index == pytest.approx(1)
    assert pace.lag_days is None or pace.lag_days == pytest.approx(0, abs=1e-6)


@given(stocks, DAYS, VALUES)
def test_behind_is_an_index_below_one_and_a_lag_whichever_way_is_better(
    goal: Goal, day: date, value: float
) -> None:
    pace = compute_pace(goal, day, value)
    path = pace.expected or 0.0
    behind = value < path if goal.higher_is_better else value > path
    assert (pace.index is not None and pace.index < 1) == behind
    if pace.lag_days is not None:
        assert (pace.lag_days > 0) == behind


@given(stocks, DAYS, VALUES)
def test_everything_but_the_index_is_mirrored_with_the_sign(goal: Goal, day: date, value: float) -> None:
    ours, theirs = compute_pace(goal, day, value), compute_pace(mirror_goal(goal), day, -value)
    assert (ours.distance, ours.progress, ours.lag_days) == (
        theirs.distance,
        theirs.progress,
        theirs.lag_days,
    )
    assert ours.required_per_day is not None
    assert theirs.required_per_day == -ours.required_per_day
    assert goal.is_reached_by(value) == mirror_goal(goal).is_reached_by(-value)


@given(stocks, VALUES, VALUES)
def test_progress_is_monotone_in_the_value_and_runs_from_baseline_to_target(
    goal: Goal, level: float, other: float
) -> None:
    if goal.baseline == goal.target:
        assert compute_progress(goal, level) is None
        return
    assert compute_progress(goal, goal.baseline or 0) == 0
    assert compute_progress(goal, goal.target) == 1
    towards = 1 if goal.target > (goal.baseline or 0) else -1
    first, second = sorted([level, other], key=lambda value: towards * value)
    assert (compute_progress(goal, first) or 0) <= (compute_progress(goal, second) or 0)


@given(stocks, DAYS, VALUES)
def test_the_required_rate_meets_the_target_on_the_last_day(goal: Goal, day: date, value: float) -> None:
    required = compute_pace(goal, day, value).required_per_day
    assert required is not None
    end = value + required * (PLAN_END - day).days
    better = end >= goal.target if goal.higher_is_better else end <= goal.target
    assert better or end == pytest.approx(goal.target)


def test_when_the_target_is_met_nothing_more_is_required() -> None:
    assert compute_pace(SHOPS, date(2029, 1, 1), 601).required_per_day == 0
    assert (compute_pace(SHOPS, date(2029, 1, 1), 601).distance or 0) == -1


@pytest.mark.parametrize(
    ("op", "met"),
    [
        (">=", (False, True, True)),
        (">", (False, False, True)),
        ("<=", (True, True, False)),
        ("<", (True, False, False)),
    ],
)
def test_the_operator_decides_at_the_target(op: Op, met: tuple[bool, ...]) -> None:
    assert tuple(Goal("stock", op, 5).is_reached_by(value) for value in (4, 5, 6)) == met


@given(DAYS, st.floats(0, 1e4))
def test_an_annual_flow_is_judged_by_the_years_amount_at_this_pace(day: date, value: float) -> None:
    pace = compute_pace(FLOW, day, value)
    share = build_flat_season(day.year).share(day)
    assert pace.level == pytest.approx(value / share)
    assert pace.progress == pytest.approx((value / share - 330) / 170)
    if day != date(day.year, 12, 31):
        assert pace.required_per_day is not None
        end = value + pace.required_per_day * (date(day.year, 12, 31) - day).days
        assert end >= (compute_annual_target(FLOW, day.year) or 0) * (1 - 1e-9)
    else:
        assert pace.required_per_day is None


def test_without_a_baseline_there_is_only_the_level_and_its_distance() -> None:
    pace = compute_pace(Goal("stock", ">=", 5000), date(2027, 1, 1), 4000)
    assert (pace.level, pace.distance) == (4000, 1000)
    assert (pace.progress, pace.expected, pace.index, pace.lag_days, pace.required_per_day) == (None,) * 5


def test_an_ambiguous_target_has_nothing() -> None:
    pace = compute_pace(Goal("ambiguous", ">", 60, 15, 2024), date(2027, 1, 1), 30)
    assert set(vars(pace).values()) == {None}


def test_lower_is_better_for_a_rank() -> None:
    goal = Goal("rank", "<=", 1, 5, 2025)
    day = date(2028, 7, 1)
    assert (compute_pace(goal, day, 4).lag_days or 0) > 0 > (compute_pace(goal, day, 2).lag_days or 0)
    assert (compute_pace(goal, day, 4).index or 0) < 1 < (compute_pace(goal, day, 2).index or 0)
    assert compute_pace(goal, day, 3).progress == 0.5


@given(st.sampled_from([SHOPS, FLOW, Goal("cumulative", ">=", 10)]), DAYS, DAYS, st.floats(0, 3))
def test_a_window_compares_what_was_gained_with_what_the_path_gains(
    goal: Goal, day: date, other: date, pace_kept: float
) -> None:
    since, until = sorted([day, other])
    if since == until:
        assert compute_window_index(goal, since, until, 1) is None
        return
    years = range(since.year, until.year)
    path_gain = (compute_expected(goal, until) or 0) - (compute_expected(goal, since) or 0)
    if goal is FLOW:
        path_gain += sum(compute_annual_target(goal, year) or 0 for year in years)
    assert compute_window_index(goal, since, until, pace_kept * path_gain) == pytest.approx(pace_kept)


def test_a_window_has_no_index_where_the_path_requires_nothing() -> None:
    ceiling = Goal("ratio", "<=", 50, 40, 2025)
    assert compute_window_index(ceiling, date(2026, 1, 1), date(2026, 2, 1), 1.0) is None
    falling = Goal("ratio", "<=", 30, 40, 2025)
    assert compute_window_index(falling, PLAN_START, PLAN_END, -5.0) == pytest.approx(0.5)
