from datetime import date
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.support.readers import CIVIL, NOON_MS, both, make_vector, page
from tidemark.streams.contracts.civil import Grain, parse_period
from tidemark.streams.contracts.family import DURATION_BOUNDS_S, observation
from tidemark.streams.contracts.published import Feed, Head
from tidemark.streams.families.retail import RETAIL_SALES
from tidemark.streams.families.service_trade import SERVICE_TRADE_VALUE
from tidemark.streams.families.trade import TRADE_RELEASED
from tidemark.streams.indicators.formulas.times import compute_quantile, extract_bucket_counts
from tidemark.streams.view.entities import activities, by_status, registrations
from tidemark.streams.view.feeds import dead_letters, feeds, lags
from tidemark.streams.view.totals import TOTALS, totals_reach
from tidemark.streams.view.view import View
from tidemark.streams.view.windows import recent_windows, totals_windows


@given(st.lists(st.integers(0, 10**8), min_size=1), st.floats(0.01, 1))
def test_a_quantile_lies_in_the_bucket_of_the_observation_of_its_rank(values, q):
    vectors = [observation(value, DURATION_BOUNDS_S) for value in values]
    counts = extract_bucket_counts([sum(column) for column in zip(*vectors, strict=True)], DURATION_BOUNDS_S)
    ranked = sorted(values)
    rank = next(i for i in range(len(ranked)) if i + 1 >= q * len(ranked))
    edges = [0, *DURATION_BOUNDS_S]
    lower, upper = next(((a, b) for a, b in pairwise(edges) if ranked[rank] <= b), (edges[-1], edges[-1]))
    assert lower <= compute_quantile(counts, DURATION_BOUNDS_S, q) <= upper


def test_a_quantile_is_linear_within_its_bucket():
    assert compute_quantile([0, 10, 0], [100, 200], 0.5) == 150
    assert compute_quantile([10, 10, 0], [100, 200], 0.25) == 50
    assert compute_quantile([0, 0, 3], [100, 200], 0.5) == 200
    with pytest.raises(ValueError, match="no observation"):
        compute_quantile([0, 0, 0], [100, 200], 0.5)


def test_a_bucket_whose_retraction_came_first_counts_as_empty():
    assert extract_bucket_counts([-1, 2, 0, 999], [100, 200]) == [0, 2, 0]


def test_windows_follow_the_civil_day():
    before_midnight = CIVIL.start_ms(Grain.DAY, parse_period(Grain.DAY, "2028-01-01")) - 1
    today, month, year, plan = totals_windows(CIVIL, before_midnight)
    assert today.periods == range(
        parse_period(Grain.DAY, "2027-12-31"), parse_period(Grain.DAY, "2028-01-01")
    )
    assert list(month.periods) == [2027 * 12 + 11]
    assert (year.periods[0], year.periods[-1]) == (2027 * 12, 2027 * 12 + 11)
    assert (plan.periods[0], plan.periods[-1]) == (2026 * 12, 2027 * 12 + 11)


def test_a_recent_window_never_reaches_back_further_than_its_name():
    reach_ms = {"1h": 3_600_000, "1d": 86_400_000, "7d": 7 * 86_400_000, "30d": 30 * 86_400_000}
    for window in recent_windows(CIVIL, NOON_MS):
        assert NOON_MS - CIVIL.start_ms(window.grain, window.periods[0]) <= reach_ms[window.name]
        assert CIVIL.periods(NOON_MS)[window.grain] == window.periods[-1]


def total(name):
    return next(total for total in TOTALS if total.name == name)


def test_totals_weigh_components_and_choose_dimensions():
    view = View(CIVIL, totals_reach())
    rows = both(RETAIL_SALES, ("mall.a", "food"), make_vector(RETAIL_SALES, gross_fen=500, returned_fen=120))
    for mode, fen in (("9610", 70), ("1210", 7), ("0110", 1000)):
        rows += both(TRADE_RELEASED, (mode, "export", "EU"), make_vector(TRADE_RELEASED, value_fen=fen))
    rows += both(
        SERVICE_TRADE_VALUE, ("export", "SI", "EU"), make_vector(SERVICE_TRADE_VALUE, amount_usd_cents=5)
    )
    view.apply(page(1, *((0, row) for row in rows)))
    today, _, year, _ = totals_windows(CIVIL, NOON_MS)
    assert [total("retail_net").over(view, window) for window in (today, year)] == [380, 380]
    assert total("cross_border_ecommerce").over(view, today) == 77
    assert total("service_trade").over(view, year) == 5
    assert total("service_trade").over(view, today) is None
    assert total("visits").over(view, today) == 0


def registration(*timeline):
    entries = ",".join(
        f'{{"time_ms":0,"subject":"mall.a","data":{{"entity_class":"refund_shop","entity_id":"s",'
        f'"status":"{status}","valid_from":"{day}"}}}}'
        for status, day in timeline
    )
    return f'{{"timeline":[{entries}]}}'.encode()


def test_the_last_entry_not_in_the_future_decides_an_entitys_status():
    latest_values = {
        b'["registry","a"]': registration(("active", "2026-01-01"), ("closed", "2026-11-24")),
        b'["registry","b"]': registration(("active", "2026-01-01"), ("closed", "2026-11-23")),
        b'["registry","c"]': registration(("applied", "2026-12-01")),
        b'["official","x","2026","v1"]': b"{}",
    }
    today = date(2026, 11, 23)
    entities = list(registrations(latest_values))
    assert by_status(entities, today) == {("refund_shop", "active"): 1, ("refund_shop", "closed"): 1}
    assert by_status(entities, date(2026, 12, 1))["refund_shop", "applied"] == 1


def test_activities_are_separated_from_other_latest_values():
    value = (
        b'{"time_ms":0,"subject":"v","data":{"category":"concert","status":"live","activity_id":"x",'
        b'"starts":"2026-11-23T19:30:00+08:00","ends":"2026-11-23T22:00:00+08:00","venue_id":"venue.a"}}'
    )
    decoded = activities(
        {b'["activity","x"]': value, b'["registry","y"]': registration(("active", "2026-01-01"))}
    )
    assert [(activity.category, activity.status) for activity in decoded] == [("concert", "live")]


def test_feeds_take_the_newest_time_and_add_the_counters():
    heads = {
        0: Head(1, position=4, feeds={"footfall": Feed(newest_ms=9, accepted=2, late=1)}, dead={"future": 1}),
        1: Head(1, position=7, feeds={"footfall": Feed(newest_ms=5, accepted=3)}, dead={"future": 2}),
    }
    assert feeds(heads.values())["footfall"] == Feed(newest_ms=9, accepted=5, late=1)
    assert feeds(heads.values())["trade"] == Feed()
    assert heads[0].feeds["footfall"].accepted == 2
    assert dead_letters(heads.values()) == {"future": 3}
    assert lags(heads, [10, 7, 2]) == [6, 0, 2]
