"""Histogram buckets: bounds are inclusive and fixed."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tidemark.streams.contracts.family import AUTHORISATION_BOUNDS_MS, DURATION_BOUNDS_S, observation
from tidemark.streams.families.table import MEASURES

all_bounds = pytest.mark.parametrize("bounds", [DURATION_BOUNDS_S, AUTHORISATION_BOUNDS_MS])


@all_bounds
@given(value=st.integers(0, 10**8))
def test_a_value_counts_once_in_the_first_bucket_that_reaches_it(bounds, value):
    *buckets, total = observation(value, bounds)
    assert total == value
    assert sum(buckets) == 1
    expected = next((i for i, bound in enumerate(bounds) if value <= bound), len(bounds))
    assert buckets.index(1) == expected


@all_bounds
def test_a_bound_belongs_to_its_own_bucket(bounds):
    for index, bound in enumerate(bounds):
        assert observation(bound, bounds)[index] == 1
        assert observation(bound + 1, bounds)[index + 1] == 1


@pytest.mark.parametrize("measure", [m for m in MEASURES if m.bounds], ids=lambda m: m.name)
def test_a_histogram_measure_has_a_component_per_bucket(measure):
    names = [component.name for component in measure.components]
    assert len(names) - len(measure.bounds) in (1, 2)
    assert names[len(measure.bounds)] == "above"
    assert list(measure.bounds) == sorted(set(measure.bounds))
