"""Cumulative counters: every increase is counted once, even if rows in between are rejected."""

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tidemark.services.importer.differences import Counters
from tidemark.services.importer.errors import RowInvalid
from tidemark.services.importer.mapping import Cumulative

RESTART = Cumulative(("sensor",), "restart")
REJECT = Cumulative(("sensor",), "reject")
readings = st.lists(st.integers(0, 10**6), min_size=1, max_size=30)


def take(
    counters: Counters, reading: int, rule: Cumulative, good: bool = True, sensor: str = "a"
) -> int | None:
    counters.begin_row()
    value = counters.compute_difference(("data.entered", sensor), reading, rule)
    if not counters.finish_row():
        return None
    if good:
        counters.commit_row()
    return value if good else None


@given(readings)
def test_a_restarted_counter_counts_from_zero(values: list[int]) -> None:
    counters = Counters()
    increases = [take(counters, value, RESTART) for value in values]
    assert increases == [None] + [b - a if b >= a else b for a, b in pairwise(values)]


@given(st.lists(st.tuples(st.integers(0, 1000), st.booleans()), min_size=1, max_size=30))
def test_rejected_rows_lose_nothing(steps: list[tuple[int, bool]]) -> None:
    counters, reading, total, committed = Counters(), 0, 0, 0
    for i, (step, good) in enumerate(steps):
        reading += step
        total += take(counters, reading, REJECT, good) or 0
        if good or i == 0:
            committed = reading
    assert total == committed - steps[0][0]


def test_a_fall_is_rejected_and_the_next_difference_starts_from_the_lower_reading() -> None:
    counters = Counters()
    assert take(counters, 100, REJECT) is None
    with pytest.raises(RowInvalid, match="fell from 100 to 3") as refusal:
        take(counters, 3, REJECT)
    assert refusal.value.field == "data.entered"
    assert take(counters, 10, REJECT) == 7


def test_counters_with_different_keys_are_independent() -> None:
    counters = Counters()
    assert take(counters, 100, REJECT, sensor="a") is None
    assert take(counters, 5, REJECT, sensor="b") is None
    assert take(counters, 6, REJECT, sensor="b") == 1
    assert take(counters, 101, REJECT, sensor="a") == 1
