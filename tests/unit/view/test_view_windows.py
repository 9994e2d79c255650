"""Sums over many and over few periods, and the shortest window with enough data."""

from hypothesis import given
from hypothesis import strategies as st

from tests.support.readers import CIVIL, NOON_MS, cell, make_vector, page
from tidemark.streams.contracts.civil import Grain
from tidemark.streams.families.footfall import FOOTFALL_PLACE
from tidemark.streams.view.view import EVERYTHING, View
from tidemark.streams.view.windows import quick_windows, recent_windows, shortest

KIND = (FOOTFALL_PLACE, Grain.QUARTER)
WINDOWS = recent_windows(CIVIL, NOON_MS)


@given(
    st.dictionaries(st.integers(0, 12), st.integers(1, 99), max_size=8),
    st.integers(0, 12),
    st.integers(0, 20),
)
def test_a_sum_covers_the_requested_periods_however_many_are_held(held, first, number):
    view = View(CIVIL, EVERYTHING)
    rows = [
        (quarter % 2, cell(*KIND, quarter, ("mall.a",), make_vector(FOOTFALL_PLACE, entered=entered)))
        for quarter, entered in held.items()
    ]
    view.apply(page(1, *rows))
    expected = sum(entered for quarter, entered in held.items() if first <= quarter < first + number)
    assert view.total(KIND, range(first, first + number))[0] == expected


@given(st.lists(st.dictionaries(st.sampled_from("ab"), st.integers(0, 9)), min_size=4, max_size=4))
def test_the_shortest_window_with_enough_is_chosen_else_the_longest_with_a_value(values):
    chosen = shortest(zip(WINDOWS, values, strict=True), lambda number: number >= 5)
    for key in "ab":
        valued = [(window, value[key]) for window, value in zip(WINDOWS, values, strict=True) if key in value]
        enough = [(window, number) for window, number in valued if number >= 5]
        assert chosen.get(key) == (enough[0] if enough else valued[-1] if valued else None)


def test_the_quarter_hour_of_the_quick_windows_is_over():
    quarter, hour, day = quick_windows(CIVIL, NOON_MS)
    assert CIVIL.end_ms(Grain.QUARTER, quarter.periods[-1]) <= NOON_MS
    assert (len(quarter.periods), hour.name, day.name) == (1, "1h", "1d")
