"""Money leaves the system as exact yuan."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tidemark.streams.contracts.money import yuan


@pytest.mark.parametrize(
    ("fen", "text"),
    [
        (0, "0.00"),
        (5, "0.05"),
        (-5, "-0.05"),
        (1_234_567, "12,345.67"),
        (-100, "-1.00"),
        (10**15, "10,000,000,000,000.00"),
    ],
)
def test_fen_are_written_as_yuan(fen, text):
    assert yuan(fen) == text


@given(fen=st.integers(-(10**20), 10**20))
def test_no_fen_is_lost(fen):
    assert yuan(fen) == f"{Decimal(fen).scaleb(-2):,.2f}"
