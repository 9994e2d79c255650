"""Which URLs name a log."""

from pathlib import Path

import pytest

from streams.log import parse_url
from streams.log.errors import LogAddressInvalid


def test_three_slashes_are_relative_and_four_absolute():
    assert parse_url("sqlite:///var/x.db") == Path("var/x.db")
    assert parse_url("sqlite:////srv/x.db") == Path("/srv/x.db")


def test_another_engine_is_not_available_in_this_version():
    with pytest.raises(LogAddressInvalid, match="not available in this version"):
        parse_url("kafka://localhost:9092")


@pytest.mark.parametrize(
    "url", ["", "x.db", "sqlite://x.db", "sqlite:///", "sqlite:///x.sqlite", "http://a/x.db"]
)
def test_anything_else_is_refused_with_an_example(url):
    with pytest.raises(LogAddressInvalid, match=r"write it like sqlite:///var/x\.db"):
        parse_url(url)
