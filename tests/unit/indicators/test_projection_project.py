"""Projections: nested, consistent, independent of units, and refused with a reason."""

import math
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tidemark.streams.indicators.projection.history import History, NoProjection
from tidemark.streams.indicators.projection.project import HORIZON, Projection, project_value
from tidemark.streams.indicators.projection.spread import Spread
from tidemark.streams.indicators.targets.goal import Goal, Kind

KINDS: st.SearchStrategy[Kind] = st.sampled_from(["stock", "cumulative", "ratio", "annual_flow"])
CUT = st.integers(1, 48)


def history(kind: Kind, seed: int, months: int, length: int = 40) -> History:
    """Typical values of the kind, ending `months` before the horizon."""
    random = Random(seed)
    steps = [random.uniform(0.2, 2.0) for _ in range(length)]
    values = {
        "stock": [20 + sum(steps[:n]) - n * 0.3 for n in range(length)],
        "cumulative": [sum(steps[:n]) for n in range(length)],
        "ratio": [40 + 0.5 * n + step for n, step in enumerate(steps)],
        "annual_flow": [step * 1.01**n for n, step in enumerate(steps)],
    }[kind]
    return History(HORIZON - months - length + 1, values)


def project_history(goal: Goal, past: History) -> Projection:
    projection = project_value(goal, past)
    assert isinstance(projection, Projection)
    return projection


@given(KINDS, st.integers(), CUT)
def test_ranges_nest_around_the_median(kind: Kind, seed: int, months: int) -> None:
    projection = project_history(Goal(kind, ">=", 50), history(kind, seed, months))
    half, most, nearly = projection.ranges
    assert nearly.low <= most.low <= half.low <= projection.median <= half.high <= most.high <= nearly.high
    assert nearly.low < nearly.high


@given(KINDS, st.integers(), CUT)
def test_the_probability_agrees_with_the_ranges(kind: Kind, seed: int, months: int) -> None:
    past = history(kind, seed, months)
    projection = project_history(Goal(kind, ">=", 50), past)
    for level, bounds in zip((0.5, 0.8, 0.95), projection.ranges, strict=True):
        at_high = project_history(Goal(kind, ">=", bounds.high), past)
        assert at_high.probability == pytest.approx((1 - level) / 2, abs=1e-6) or bounds.high >= 99.5
        at_low = project_history(Goal(kind, ">=", bounds.low), past)
        floor = kind in {"stock", "cumulative"} and at_low.probability == 1
        assert floor or at_low.probability == pytest.approx((1 + level) / 2, abs=1e-6)


@given(KINDS, st.integers(), CUT, st.floats(1, 200), st.floats(1, 200))
def test_a_higher_target_is_less_likely_and_a_ceiling_is_the_complement(
    kind: Kind, seed: int, months: int, target_a: float, target_b: float
) -> None:
    past = history(kind, seed, months)
    low, high = sorted([target_a, target_b])
    easier, harder = (project_history(Goal(kind, ">=", target), past).probability for target in (low, high))
    assert 0 <= harder <= easier <= 1
    assert project_history(Goal(kind, "<=", low), past).probability == pytest.approx(1 - easier)


@given(st.sampled_from(["stock", "cumulative", "annual_flow"]), st.integers(), CUT, st.floats(1e-3, 1e6))
def test_another_unit_gives_the_same_projection_in_that_unit(
    kind: Kind, seed: int, months: int, unit: float
) -> None:
    past = history(kind, seed, months)
    scaled = History(past.first, [(value or 0) * unit for value in past.values])
    ours, theirs = (
        project_history(Goal(kind, ">=", 50), past),
        project_history(Goal(kind, ">=", 50 * unit), scaled),
    )
    assert theirs.probability == pytest.approx(ours.probability, abs=1e-9)
    assert theirs.median == pytest.approx(ours.median * unit)
    for mine, yours in zip(ours.ranges, theirs.ranges, strict=True):
        assert yours == pytest.approx((mine.low * unit, mine.high * unit))


@given(KINDS, st.integers())
def test_projections_further_ahead_are_less_certain(kind: Kind, seed: int) -> None:
    values = history(kind, seed, 0).values
    widths = []
    for months in (12, 24, 48):
        projection = project_history(
            Goal(kind, ">=", 50), History(HORIZON - months - len(values) + 1, values)
        )
        low, high = projection.ranges[0]
        widths.append(math.log(high / (100 - high) * (100 - low) / low) if kind == "ratio" else high - low)
    assert widths == sorted(widths)


@given(st.integers(), CUT)
def test_a_total_never_falls_a_stock_stays_above_zero_and_a_ratio_within_its_bounds(
    seed: int, months: int
) -> None:
    total = history("cumulative", seed, months)
    assert project_history(Goal("cumulative", ">=", 5), total).ranges[-1].low >= (total.values[-1] or 0)
    falling = [max(100.0 - 2.6 * n + Random(seed).random(), 0.0) for n in range(39)]
    assert project_history(Goal("stock", ">=", 5), History(HORIZON - 80, falling)).ranges[-1].low >= 0
    bounds = project_history(Goal("ratio", ">=", 5), history("ratio", seed, months)).ranges[-1]
    assert 0 <= bounds.low <= bounds.high <= 100


@given(st.integers(), st.integers(1, 11))
def test_months_of_2030_that_are_known_are_certain(seed: int, months: int) -> None:
    past = history("annual_flow", seed, months)
    so_far = sum(value or 0 for value in past.values[-(12 - months) :])
    if months != 11:
        assert project_history(Goal("annual_flow", ">=", so_far), past).probability == 1
        assert project_history(Goal("annual_flow", ">=", 5), past).ranges[-1].low > so_far


def test_steady_growth_continues_at_no_more_than_its_rate() -> None:
    steady = [100 * 1.06 ** (n / 12) * (1 + 0.001 * (-1) ** n) for n in range(60)]
    projection = project_history(Goal("annual_flow", ">=", 1), History(HORIZON - 12 - 59, steady))
    last = sum(steady[-12:])
    assert 1.03 * last < projection.median < 1.06 * last
    assert projection.ranges[-1].low > 0.9 * last


def test_a_spring_festival_in_january_does_not_count_as_growth() -> None:
    months = [100.0 + n % 5 for n in range(48)]
    ends_in_december = History(2024 * 12, months)
    rich_january = History(2024 * 12, [*months, 500.0])
    goal = Goal("annual_flow", ">=", 1200)
    assert project_value(goal, rich_january) == project_value(goal, ends_in_december)


def test_a_first_february_without_its_january_is_ignored() -> None:
    later = [100.0 + n % 7 for n in range(34)]
    goal = Goal("annual_flow", ">=", 1200)
    calm, wild = (project_value(goal, History(2024 * 12 + 1, [first, *later])) for first in (100.0, 900.0))
    assert calm == wild


@pytest.mark.parametrize(
    ("kind", "values", "reason"),
    [
        ("rank", [3.0] * 30, "kind"),
        ("growth", [3.0, 4.0] * 20, "kind"),
        ("ambiguous", [3.0, 4.0] * 20, "kind"),
        ("stock", [1.0, 2.0] * 6, "too_short"),
        ("ratio", [1.0, 2.0] * 6, "too_short"),
        ("cumulative", [], "too_short"),
        ("annual_flow", [1.0] * 23, "too_short"),
        ("stock", [1.0, None] * 15, "gaps"),
        ("stock", [1.0, math.nan] * 15, "gaps"),
        ("stock", [7.0] * 30, "no_movement"),
        ("stock", [5.0] + [0.0] * 40, "no_movement"),
        ("cumulative", [0.0] * 30, "no_movement"),
        ("ratio", [100.0] * 30, "no_movement"),
        ("annual_flow", [0.0, *[1.0] * 30], "not_positive"),
    ],
)
def test_a_history_that_cannot_be_projected_gives_the_reason(
    kind: Kind, values: list[float | None], reason: str
) -> None:
    past = History(HORIZON - 12 - len(values) + 1, values)
    assert project_value(Goal(kind, ">=", 5), past) is NoProjection(reason)


def test_a_milestone_is_not_projected() -> None:
    past = History(HORIZON - 40, [0.0] * 20 + [1.0] * 10)
    assert isinstance(project_value(Goal("stock", ">=", 1, 0, 2025), past), Projection)
    assert project_value(Goal("stock", ">=", 1, 0, 2025, "milestone"), past) is NoProjection.KIND


def test_after_the_plan_nothing_is_projected() -> None:
    assert project_value(Goal("stock", ">=", 5), History(HORIZON - 20, [1.0, 2.0] * 11)) is NoProjection.OVER


def test_the_first_year_of_a_total_counts_from_zero() -> None:
    first_year = [float(n + n % 2) for n in range(1, 13)]
    assert isinstance(project_value(Goal("cumulative", ">=", 5), History(2026 * 12, first_year)), Projection)
    assert project_value(Goal("stock", ">=", 5), History(2026 * 12, first_year)) is NoProjection.TOO_SHORT


@given(st.floats(1, 6), st.floats(1e-4, 1 - 1e-4))
def test_a_spread_is_symmetric_and_its_quantile_inverts_its_distribution(tail: float, part: float) -> None:
    spread = Spread(tail)
    assert spread.cdf(spread.quantile(part)) == pytest.approx(part)
    assert spread.quantile(part) == pytest.approx(-spread.quantile(1 - part), abs=1e-9)
    step = 1e-5
    x = spread.quantile(part)
    assert (spread.cdf(x + step) - spread.cdf(x - step)) / (2 * step) == pytest.approx(
        spread.pdf(x), rel=1e-3
    )
