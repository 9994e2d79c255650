"""The spans of days that a value stands for."""

from datetime import date, timedelta
from typing import Literal, NamedTuple

from tidemark.streams.contracts.civil import last_day, month_at, month_of
from tidemark.streams.view.windows import PLAN_FIRST_YEAR

Basis = Literal["days", "month", "ytd", "year", "plan", "stock"]
"""Some days, a month, a year to date, a whole year, the plan to date, or the state on a day."""

PLAN_FIRST_DAY = date(PLAN_FIRST_YEAR, 1, 1)


class Span(NamedTuple):
    """The days from `first` to `last`, both included. The span of a stock is one day, at whose end it
    holds."""

    basis: Basis
    first: date
    last: date

    def __str__(self) -> str:
        if self.basis == "stock":
            return f"on {self.last}"
        return f"{self.first} to {self.last}"


def last_days(today: date, number: int) -> Span:
    """`number` days, the last of them today."""
    return Span("days", today - timedelta(days=number - 1), today)


def month_span(year: int, month: int) -> Span:
    """A whole month."""
    return Span("month", date(year, month, 1), last_day(month_at(year, month)))


def full_year(year: int) -> Span:
    """A whole calendar year."""
    return Span("year", date(year, 1, 1), date(year, 12, 31))


def year_to_date(today: date) -> Span:
    """From 1 January to today."""
    return Span("ytd", today.replace(month=1, day=1), today)


def whole_months(today: date) -> Span:
    """The months of this year that ended before today; in January, all of last year."""
    end = last_day(month_of(today) - 1)
    return Span("ytd", end.replace(month=1, day=1), end)


def since_plan(today: date) -> Span:
    """From the plan's first day to today."""
    return Span("plan", PLAN_FIRST_DAY, today)


def stock_at(day: date) -> Span:
    """The state at the end of a day."""
    return Span("stock", day, day)


def year_before(span: Span) -> Span:
    """The same days a year earlier; 29 February becomes the 28th, a month's end stays one."""
    return Span(span.basis, _year_before(span.first), _year_before(span.last))


def _year_before(day: date) -> date:
    if (day + timedelta(days=1)).day == 1:
        return last_day(month_of(day) - 12)
    return day.replace(year=day.year - 1)
