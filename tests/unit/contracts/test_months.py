"""Months as numbers, against the calendar."""

from calendar import monthrange
from datetime import date

from hypothesis import given
from hypothesis import strategies as st

from tidemark.streams.contracts.civil import Grain, first_day, last_day, month_at, month_of, parse_period


@given(st.dates(date(1970, 1, 1), date(2199, 12, 31)))
def test_a_day_lies_between_the_first_and_the_last_of_its_month(day: date) -> None:
    month = month_of(day)
    assert month == month_at(day.year, day.month) == parse_period(Grain.MONTH, f"{day:%Y-%m}")
    assert (first_day(month), last_day(month)) == (
        day.replace(day=1),
        day.replace(day=monthrange(day.year, day.month)[1]),
    )
