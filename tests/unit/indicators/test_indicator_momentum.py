"""Gains in windows and the previous index, against days counted one by one."""

from calendar import monthrange
from datetime import date, timedelta
from itertools import accumulate
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tidemark.streams.indicators.calendar.china import days_in
from tidemark.streams.indicators.paths.momentum import LONG_DAYS, SHORT_DAYS, compute_momentum
from tidemark.streams.indicators.paths.path import compute_annual_target, compute_expected
from tidemark.streams.indicators.paths.seasons import build_flat_season
from tidemark.streams.indicators.projection.history import History
from tidemark.streams.indicators.targets.goal import Goal

FIRST = date(2026, 1, 1)
DAYS = [FIRST + timedelta(days=n) for n in range(3 * 365)]
STOCK = Goal("stock", ">=", 600, 43, 2025)
FLOW = Goal("annual_flow", ">=", 900, 500, 2025)
FALLING = Goal("stock", "<=", 3.39, 3.45, 2025)


def is_month_end(day: date) -> bool:
    return (day + timedelta(days=1)).day == 1


def find_window_start(on: date, least_days: int) -> date:
    """The last month's end that is at least `least_days` before."""
    return next(day for day in reversed(DAYS) if is_month_end(day) and (on - day).days >= least_days)


def random_days(seed: int) -> list[int]:
    """A number for each of the days; hypothesis would take long to draw a thousand one by one."""
    rng = Random(seed)
    return [rng.randint(0, 20) for _ in DAYS]


daily = st.integers(0, 2**32).map(random_days)
late_enough = st.integers(125, len(DAYS) - 1).map(DAYS.__getitem__)


def month_ends(upto: date) -> list[date]:
    return [day for day in DAYS if is_month_end(day) and day < upto]


@given(daily, late_enough)
def test_a_stock_gain_is_compared_with_the_paths_gain_in_the_same_days(changes, on):
    level = dict(zip(DAYS, accumulate(changes), strict=True))
    ends = month_ends(on)
    history = History(2026 * 12, [float(level[end]) for end in ends])
    momentum = compute_momentum(STOCK, on, float(level[on]), history, build_flat_season)
    for index, least in ((momentum.short, SHORT_DAYS), (momentum.long, LONG_DAYS)):
        since = find_window_start(on, least)
        path_gain = (compute_expected(STOCK, on) or 0) - (compute_expected(STOCK, since) or 0)
        assert index == pytest.approx((level[on] - level[since]) / path_gain)
    assert momentum.previous == pytest.approx(level[ends[-1]] / (compute_expected(STOCK, ends[-1]) or 0))


@given(daily, late_enough)
def test_a_flow_is_added_up_across_new_year(amounts, on):
    of_day = dict(zip(DAYS, amounts, strict=True))
    ends = month_ends(on)
    months = [float(sum(of_day[end - timedelta(days=n)] for n in range(end.day))) for end in ends]
    year_to_date = sum(amount for day, amount in of_day.items() if day.year == on.year and day <= on)
    momentum = compute_momentum(FLOW, on, float(year_to_date), History(2026 * 12, months), build_flat_season)
    for index, least in ((momentum.short, SHORT_DAYS), (momentum.long, LONG_DAYS)):
        since = find_window_start(on, least)
        came = sum(amount for day, amount in of_day.items() if since < day <= on)
        days = [since + timedelta(days=n + 1) for n in range((on - since).days)]
        path_gain = sum((compute_annual_target(FLOW, day.year) or 0) / days_in(day.year) for day in days)
        assert index == pytest.approx(came / path_gain)


@given(late_enough, st.floats(0.2, 3))
def test_a_multiple_of_the_paths_speed_is_the_index(on, speed):
    level = {
        day: STOCK.baseline + speed * ((compute_expected(STOCK, day) or 0) - STOCK.baseline) for day in DAYS
    }
    momentum = compute_momentum(
        STOCK, on, level[on], History(2026 * 12, [level[end] for end in month_ends(on)]), build_flat_season
    )
    assert (momentum.short, momentum.long) == (pytest.approx(speed), pytest.approx(speed))


def test_where_lower_is_better_falling_faster_than_the_path_gives_an_index_above_one():
    ends = [date(2026, month, monthrange(2026, month)[1]) for month in range(1, 7)]
    twice = [3.45 - 2 * (3.45 - (compute_expected(FALLING, end) or 0)) for end in ends]
    momentum = compute_momentum(
        FALLING, ends[-1], twice[-1], History(2026 * 12, twice[:-1]), build_flat_season
    )
    assert momentum.short == pytest.approx(2)
    assert momentum.previous is not None
    assert momentum.previous > 1


def test_windows_that_need_a_missing_month_have_no_index():
    history = History(2026 * 12, [50.0, None, 60.0])
    momentum = compute_momentum(STOCK, date(2026, 4, 30), 70.0, history, build_flat_season)
    assert momentum.short is not None
    assert momentum.previous == pytest.approx(60 / (compute_expected(STOCK, date(2026, 3, 31)) or 0))
    flow = compute_momentum(FLOW, date(2026, 4, 30), 70.0, history, build_flat_season)
    assert (flow.short, flow.long) == (None, pytest.approx(20 / (500 * (900 / 500) ** 0.2 * 89 / 365)))
    gap = compute_momentum(STOCK, date(2026, 3, 31), 60.0, history, build_flat_season)
    assert (gap.short, gap.previous) == (
        None,
        pytest.approx(50 / (compute_expected(STOCK, date(2026, 1, 31)) or 0)),
    )
    assert compute_momentum(STOCK, date(2026, 4, 30), 70.0, None, build_flat_season) == (None, None, None)


def test_a_window_that_begins_before_the_history_has_no_index():
    momentum = compute_momentum(STOCK, date(2026, 2, 10), 50.0, History(2026 * 12, [45.0]), build_flat_season)
    assert (momentum.short, momentum.long) == (None, None)
    assert momentum.previous is not None
