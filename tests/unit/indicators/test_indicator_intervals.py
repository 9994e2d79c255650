from math import isclose, sqrt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tidemark.streams.indicators.values.value import Z_95, compute_wilson_interval

NEWCOMBE = [
    (81, 263, 0.2553, 0.3662),
    (15, 148, 0.0624, 0.1605),
    (0, 20, 0.0, 0.1611),
    (1, 29, 0.0061, 0.1718),
]
"""Score intervals without continuity correction in Newcombe 1998, table I, method 3."""


@pytest.mark.parametrize(("successes", "n", "low", "high"), NEWCOMBE)
def test_the_interval_matches_the_literature(successes, n, low, high):
    assert compute_wilson_interval(successes, n) == (
        pytest.approx(low, abs=5e-5),
        pytest.approx(high, abs=5e-5),
    )


@given(st.integers(1, 10**6).flatmap(lambda n: st.tuples(st.integers(0, n), st.just(n))))
def test_the_interval_contains_the_share_and_ends_at_the_critical_deviation(sample):
    successes, n = sample
    share = successes / n
    low, high = compute_wilson_interval(successes, n)
    assert 0 <= low <= share <= high <= 1
    for end in {low, high} - {0.0, 1.0}:
        assert isclose(abs(share - end), Z_95 * sqrt(end * (1 - end) / n), rel_tol=1e-6, abs_tol=1e-9)


@given(st.integers(0, 50), st.integers(2, 20))
def test_the_interval_narrows_with_the_sample(successes, times):
    low, high = compute_wilson_interval(successes, 50)
    closer_low, closer_high = compute_wilson_interval(successes * times, 50 * times)
    assert closer_high - closer_low < high - low


@pytest.mark.parametrize(("successes", "n"), [(0, 0), (3, 2), (-1, 5)])
def test_an_interval_of_what_is_not_a_share_is_refused(successes, n):
    with pytest.raises(ValueError, match="is not a share"):
        compute_wilson_interval(successes, n)
