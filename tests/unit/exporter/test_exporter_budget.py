from hypothesis import given
from hypothesis import strategies as st

from tidemark.services.exporter.business import limit_series

keys = st.tuples(st.sampled_from("abcdef"), st.sampled_from(["x", "other"]))
sums = st.dictionaries(keys, st.tuples(st.integers(-9, 9), st.integers(0, 9)), max_size=12)


@given(st.lists(sums, min_size=1, max_size=4), st.integers(1, 6))
def test_merging_keeps_every_windows_sum_and_limits_the_label_sets(windows, most):
    folded, count = limit_series(windows, most)
    every = set().union(*windows)
    assert len(set().union(*folded)) <= most
    assert count == 0 or len(every) > most
    for before, after in zip(windows, folded, strict=True):
        assert [sum(column) for column in zip(*before.values(), strict=True)] == (
            [sum(column) for column in zip(*after.values(), strict=True)]
        )


def test_the_largest_of_the_longest_window_keep_their_names():
    today = {("a",): (9,), ("b",): (1,), ("c",): (1,)}
    plan = {("a",): (9,), ("b",): (50,), ("c",): (70,)}
    assert limit_series([today, plan], 2) == (
        [{("other",): (10,), ("c",): (1,)}, {("other",): (59,), ("c",): (70,)}],
        2,
    )
