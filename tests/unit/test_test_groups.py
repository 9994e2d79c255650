"""Tests that share something costly stay together on one worker."""

import pytest


@pytest.mark.xdist_group("together")
def test_a_group_is_part_of_a_tests_id_where_workers_share_the_tests(request: pytest.FixtureRequest) -> None:
    """pytest-xdist 3.8 with pytest 9.2 dropped all groups without a word, and fixtures were made twice."""
    if getattr(request.config.option, "loadgroup", False):
        assert request.node.nodeid.endswith("@together")
