from hypothesis import given
from hypothesis import strategies as st

from tests.support.indicator_readings import PARENTS
from tidemark.streams.indicators.reading.places import find_directly_within, find_within, trace_parents

trees = st.dictionaries(st.integers(1, 8).map(str), st.integers(0, 8).map(str), max_size=8)


def test_a_space_within_a_mall_is_in_its_district_but_not_directly():
    assert find_within(PARENTS, ["district.a"]) == {"district.a", "mall.a", "debut.b"}
    assert find_directly_within(PARENTS, ["district.a"]) == {"district.a", "mall.a"}
    assert trace_parents(PARENTS, "debut.b") == ("debut.b", "mall.a", "district.a", "district.all")


def test_without_roots_nothing_is_within():
    assert find_within(PARENTS, []) == find_directly_within(PARENTS, []) == frozenset()


@given(trees, st.integers(0, 8).map(str))
def test_a_place_is_within_what_its_chain_names_even_where_the_tree_is_circular(parents, root):
    assert find_within(parents, [root]) == {root} | {
        place for place in parents if root in trace_parents(parents, place)
    }
    assert find_directly_within(parents, [root]) <= find_within(parents, [root])
