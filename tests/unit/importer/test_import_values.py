"""Numbers, money and booleans are parsed exactly or refused."""

from datetime import date
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tidemark.services.importer.errors import RowInvalid
from tidemark.services.importer.values import (
    parse_bool,
    parse_cents,
    parse_date,
    parse_fen,
    parse_whole,
    read_text,
)

amounts = st.from_regex(
    r"[+-]?[0-9]{1,15}(\.[0-9]{1,6})?", fullmatch=True, alphabet=st.characters(codec="ascii")
)


@given(st.integers(-(10**15), 10**15))
def test_every_amount_in_fen_survives_being_written_in_yuan(amount: int) -> None:
    sign = "-" if amount < 0 else ""
    assert parse_fen(f"{sign}{abs(amount) // 100}.{abs(amount) % 100:02d}") == amount


@given(amounts)
def test_an_amount_is_parsed_exactly_or_refused(text: str) -> None:
    exact = Fraction(text) * 100
    if exact.denominator == 1:
        assert parse_fen(text) == parse_cents(text) == exact
    else:
        with pytest.raises(RowInvalid, match="fraction of a fen"):
            parse_fen(text)


@pytest.mark.parametrize(
    "text", ["", "1,200.00", "¥12", "1e3", "NaN", "Infinity", "１２", "1_0", "12.3.4", "."]
)
def test_a_text_that_is_not_an_amount_is_refused(text: str) -> None:
    with pytest.raises(RowInvalid, match="not an amount"):
        parse_fen(text)


@given(st.integers(-(10**17), 10**17))
def test_whole_numbers_are_parsed_with_and_without_a_zero_fraction(number: int) -> None:
    assert parse_whole(str(number)) == parse_whole(f"{number}.0") == number


@pytest.mark.parametrize("text", ["12.5", "1 200", "0x10", "1e3", "１２", "9" * 5000])
def test_a_text_that_is_not_a_whole_number_is_refused(text: str) -> None:
    with pytest.raises(RowInvalid, match="not a whole number"):
        parse_whole(text)


def test_a_boolean_is_true_false_1_or_0() -> None:
    assert [parse_bool(text) for text in ("true", "False", "1", "0")] == [True, False, True, False]
    with pytest.raises(RowInvalid, match="map"):
        parse_bool("Y")


@given(st.dates())
def test_a_date_is_parsed_in_the_given_layout(at: date) -> None:
    assert parse_date(f"{at.day:02d}/{at.month:02d}/{at.year:04d}", "%d/%m/%Y") == at.isoformat()
    assert parse_date(at.isoformat(), None) == at.isoformat()


def test_a_dotted_path_reads_from_objects_unless_a_column_has_that_name() -> None:
    assert read_text({"a": {"b": {"c": 3}}}, "a.b.c") == "3"
    assert read_text({"a.b": " x ", "a": {"b": "y"}}, "a.b") == "x"
    assert read_text({"a": 1}, "a.b") == read_text({}, "a") == read_text({"a": None}, "a") == ""
    with pytest.raises(RowInvalid, match="is a list or an object"):
        read_text({"a": {"b": 1}}, "a")
