"""Paths start at their baseline and end at their target."""

from datetime import date, timedelta
from itertools import pairwise

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from tidemark.streams.indicators.paths.path import (
    compute_annual_target,
    compute_expected,
    compute_gain,
    compute_slope,
)
from tidemark.streams.indicators.paths.seasons import build_flat_season
from tidemark.streams.indicators.targets.goal import (
    PLAN_END,
    PLAN_START,
    Goal,
    GoalInvalid,
    Kind,
    Op,
    Path,
    Step,
)

POSITIVE = st.floats(1e-3, 1e9)
FORMS: st.SearchStrategy[Path] = st.sampled_from(["linear", "geometric"])
LEVEL_KINDS: st.SearchStrategy[Kind] = st.sampled_from(["stock", "ratio", "growth", "rank"])
OPS: st.SearchStrategy[Op] = st.sampled_from([">=", ">", "<=", "<"])
DAYS = st.dates(PLAN_START, PLAN_END)
goals = st.builds(Goal, LEVEL_KINDS, OPS, POSITIVE, POSITIVE, st.integers(2020, 2029), FORMS)
flows = st.builds(Goal, st.just("annual_flow"), OPS, POSITIVE, POSITIVE, st.integers(2020, 2025))


@pytest.mark.parametrize(
    ("form", "by_year_end"),
    [("linear", [154, 266, 377, 489, 600]), ("geometric", [73, 123, 209, 354, 600])],
)
def test_refund_shops_by_year_end(form: Path, by_year_end: list[int]) -> None:
    goal = Goal("stock", ">=", 600, 43, 2025, form)
    assert [
        round(compute_expected(goal, date(year, 12, 31)) or 0) for year in range(2026, 2031)
    ] == by_year_end


def test_a_cumulative_path_of_1826_days_gains_one_a_day_also_on_a_leap_day() -> None:
    assert (PLAN_END - PLAN_START).days == 1826
    goal = Goal("cumulative", ">=", 1826)
    assert compute_expected(goal, date(2028, 2, 29)) == (date(2028, 2, 29) - PLAN_START).days
    assert compute_expected(goal, date(2028, 3, 1)) == pytest.approx(
        1 + (date(2028, 2, 29) - PLAN_START).days
    )


@given(goals)
def test_a_path_meets_its_baseline_and_its_target_and_stays_there(goal: Goal) -> None:
    begun = date(goal.baseline_year or 0, 12, 31)
    assert compute_expected(goal, begun) == compute_expected(goal, begun - timedelta(400)) == goal.baseline
    assert (
        compute_expected(goal, PLAN_END) == compute_expected(goal, PLAN_END + timedelta(400)) == goal.target
    )


@given(goals, DAYS, DAYS)
def test_a_path_only_goes_towards_its_target(goal: Goal, day: date, other: date) -> None:
    ends = (goal.baseline or 0.0, goal.target)
    first, second = (compute_expected(goal, at) or 0.0 for at in sorted([day, other]))
    if ends[0] <= ends[1]:
        assert ends[0] * (1 - 1e-12) <= first <= second * (1 + 1e-12) <= ends[1] * (1 + 1e-11)
    else:
        assert ends[0] * (1 + 1e-12) >= first >= second * (1 - 1e-12) >= ends[1] * (1 - 1e-11)


@given(goals, DAYS, st.floats(1e-3, 1e3))
def test_a_path_is_the_same_in_another_unit(goal: Goal, day: date, unit: float) -> None:
    other = Goal(
        goal.kind, goal.op, goal.target * unit, (goal.baseline or 0) * unit, goal.baseline_year, goal.path
    )
    assert compute_expected(other, day) == pytest.approx((compute_expected(goal, day) or 0) * unit)


@given(goals, st.dates(PLAN_START + timedelta(1), PLAN_END - timedelta(1)))
def test_the_slope_is_what_a_day_adds(goal: Goal, day: date) -> None:
    assume((goal.baseline_year or 0) < 2025)
    around = (compute_gain(goal, day - timedelta(1), day + timedelta(1)) or 0.0) / 2
    assert compute_slope(goal, day) == pytest.approx(around, rel=1e-2, abs=1e-6 * goal.target)


@given(flows)
def test_an_annual_flow_has_a_target_for_each_year_from_its_baseline_to_2030(goal: Goal) -> None:
    targets = [compute_annual_target(goal, year) or 0.0 for year in range(goal.baseline_year or 0, 2031)]
    assert (targets[0], targets[-1]) == (goal.baseline, goal.target)
    growth = [after / before for before, after in pairwise(targets)]
    assert growth == pytest.approx([growth[0]] * len(growth))


@given(flows, st.integers(2026, 2030))
def test_within_a_year_an_annual_flow_follows_the_season_to_the_years_target(goal: Goal, year: int) -> None:
    assert compute_expected(goal, date(year, 12, 31)) == compute_annual_target(goal, year)
    day = date(year, 5, 7)
    share = build_flat_season(year).share(day)
    assert compute_expected(goal, day) == pytest.approx((compute_annual_target(goal, year) or 0) * share)


def test_an_annual_flow_from_zero_grows_by_the_same_amount_each_year() -> None:
    goal = Goal("annual_flow", ">=", 50, 0, 2025)
    assert [compute_annual_target(goal, year) for year in range(2025, 2031)] == [0, 10, 20, 30, 40, 50]


@given(flows, st.lists(DAYS, min_size=3, max_size=3))
def test_what_a_path_adds_adds_up_across_years(goal: Goal, days: list[date]) -> None:
    first, middle, last = sorted(days)
    whole = compute_gain(goal, first, last)
    assert whole == pytest.approx(
        (compute_gain(goal, first, middle) or 0) + (compute_gain(goal, middle, last) or 0)
    )
    assert (whole or 0) >= 0


def test_a_milestone_path_rises_in_steps_on_their_days() -> None:
    steps = (Step(date(2027, 6, 30), 1), Step(date(2029, 6, 30), 2))
    goal = Goal("stock", ">=", 3, 0, 2025, "milestone", steps)
    days = ["2026-12-31", "2027-06-29", "2027-06-30", "2029-06-30", "2030-12-30", "2030-12-31"]
    assert [compute_expected(goal, date.fromisoformat(day)) for day in days] == [0, 0, 1, 2, 2, 3]
    assert compute_slope(goal, date(2027, 6, 30)) == 0


@pytest.mark.parametrize("goal", [Goal("stock", ">=", 5), Goal("ambiguous", ">=", 5, 1, 2025)])
def test_without_a_baseline_or_a_meaning_there_is_no_path(goal: Goal) -> None:
    day = date(2027, 1, 1)
    assert compute_expected(goal, day) is None
    assert compute_slope(goal, day) is None
    assert compute_annual_target(goal, 2027) is None
    assert compute_gain(goal, day, day) is None


def test_a_cumulative_target_counts_from_zero_without_a_baseline() -> None:
    assert compute_expected(Goal("cumulative", ">", 300), date(2028, 6, 30)) == pytest.approx(
        300 * 912 / 1826
    )


@pytest.mark.parametrize(
    ("arguments", "field"),
    [
        (("stock", ">=", 5, 0, 2025, "geometric"), "path"),
        (("stock", ">=", 5, -1, 2025, "geometric"), "path"),
        (("stock", ">=", 0, 5, 2025, "geometric"), "path"),
        (("stock", ">=", 5, None, None, "geometric"), "path"),
        (("stock", ">=", 5, 1, None), "baseline_year"),
        (("stock", ">=", 5, 1, 2030), "baseline_year"),
        (("stock", ">=", float("nan"), 1, 2025), "target"),
        (("stock", ">=", 5, 1, 2025, "milestone", (Step(PLAN_END, 2), Step(PLAN_START, 1))), "steps"),
    ],
)
def test_a_goal_without_a_computable_path_is_refused_by_field(
    arguments: tuple[object, ...], field: str
) -> None:
    with pytest.raises(GoalInvalid, match=field):
        Goal(*arguments)  # type: ignore[arg-type]
