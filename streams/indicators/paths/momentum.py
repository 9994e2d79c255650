"""The pace index at an earlier month's end, and the gains since then compared with the path's."""

from collections.abc import Iterator
from datetime import date
from typing import NamedTuple

from tidemark.streams.contracts.civil import Month, last_day, month_at
from tidemark.streams.indicators.calendar.china import ONE_DAY
from tidemark.streams.indicators.projection.history import History
from tidemark.streams.indicators.targets.goal import Goal

from .pace import compute_pace, compute_window_index
from .seasons import Seasons

SHORT_DAYS = 28
LONG_DAYS = 89
"""The minimum lengths of the windows, in days: those of the shortest month, February, and of the shortest
quarter, from February on. A window begins at a month's end, since official figures exist for no other
days."""


class Momentum(NamedTuple):
    """`previous`: the pace index at the previous month's end; `short`, `long`: gain ÷ the path's gain, in
    windows of a month and of a quarter. None where a month that it needs is missing."""

    previous: float | None
    short: float | None
    long: float | None


def compute_momentum(
    goal: Goal, on: date, amount: float, history: History | None, seasons: Seasons
) -> Momentum:
    """The momentum of an amount at the end of a day; of an annual flow, the year to date."""
    if history is None:
        return Momentum(None, None, None)

    def window(days: int) -> float | None:
        since = next(_list_months_ended(history, on - days * ONE_DAY), None)
        if since is None or (gain := _compute_gain(goal, history, since, on, amount)) is None:
            return None
        return compute_window_index(goal, last_day(since), on, gain, seasons)

    return Momentum(
        _compute_previous_index(goal, history, on, seasons), window(SHORT_DAYS), window(LONG_DAYS)
    )


def _compute_previous_index(goal: Goal, history: History, on: date, seasons: Seasons) -> float | None:
    for number in _list_months_ended(history, on - ONE_DAY):
        standing = _compute_standing(goal, history, number)
        if standing is not None:
            return compute_pace(goal, last_day(number), standing, seasons).index
    return None


def _list_months_ended(history: History, by: date) -> Iterator[Month]:
    """The history's months that were over at the end of a day, the latest first."""
    return (number for number in range(history.last, history.first - 1, -1) if last_day(number) <= by)


def _compute_standing(goal: Goal, history: History, number: Month) -> float | None:
    """The value at the end of a month; of an annual flow, its year to date."""
    first = number - number % 12 if goal.kind == "annual_flow" else number
    return _sum_months(history, range(first, number + 1))


def _compute_gain(goal: Goal, history: History, since: Month, on: date, amount: float) -> float | None:
    """The gain since the end of a month."""
    if goal.kind != "annual_flow" or since // 12 == on.year:
        standing = _compute_standing(goal, history, since)
        return None if standing is None else amount - standing
    of_last_year = _sum_months(history, range(since + 1, month_at(on.year)))
    return None if of_last_year is None else amount + of_last_year


def _sum_months(history: History, months: range) -> float | None:
    if months and (months[0] < history.first or months[-1] > history.last):
        return None
    amounts = [history.values[number - history.first] for number in months]
    present = [amount for amount in amounts if amount is not None]
    return sum(present) if len(present) == len(amounts) else None
