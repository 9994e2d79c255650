"""The seasonal share S: how much of a year's total has usually come in by a day."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from functools import lru_cache
from itertools import accumulate

from tidemark.streams.contracts.civil import last_day, month_at
from tidemark.streams.indicators.calendar.alignment import align_days
from tidemark.streams.indicators.calendar.china import ChinaCalendar, days_in
from tidemark.streams.indicators.projection.history import History


class SeasonBasis(StrEnum):
    """What a season was learned from; `flat`: no earlier year, so all days are alike."""

    DAYS = "days"
    MONTHS = "months"
    FLAT = "flat"


@dataclass(frozen=True)
class Season:
    """The course of one year.

    `years`: the earlier years it was learned from; `warnings`: what a reader has to know about them.
    `reached`: the share that has come in by the end of each day, from 0 before 1 January to 1.
    """

    year: int
    basis: SeasonBasis
    years: tuple[int, ...]
    warnings: tuple[str, ...]
    reached: tuple[float, ...]

    def share(self, day: date) -> float:
        """S: the share of the year's total that has come in by the end of the day, 0 to 1.

        0 for days of an earlier year, 1 for days of a later one.
        """
        number = (day - date(self.year, 1, 1)).days + 1
        return self.reached[min(max(number, 0), len(self.reached) - 1)]


Seasons = Callable[[int], Season]
"""The season of a year."""


@lru_cache(maxsize=64)
def build_flat_season(year: int) -> Season:
    """The season where all days are alike, for years without an earlier one."""
    return Season(year, SeasonBasis.FLAT, (), (), _accumulate_shares([1.0] * days_in(year)))


def learn_season(calendar: ChinaCalendar, year: int, amounts: Mapping[int, Sequence[float]]) -> Season:
    """The season of `year` from the amounts of whole earlier years.

    `amounts` holds, by year, either each day's amount (365 or 366) or each month's (12, taken as even within
    the month); days are preferred to months. Each earlier year has the same weight, whatever its size. Years
    that are not earlier, not whole, or sum to 0 are left out; negative days, which corrections may cause,
    count as 0. Without any year the season is flat.
    """
    profiles = {
        earlier: _spread_by_day(earlier, amounts[earlier]) for earlier in sorted(amounts) if earlier < year
    }
    whole = {earlier: profile for earlier, profile in profiles.items() if profile}
    by_day = {earlier: profile for earlier, profile in whole.items() if len(amounts[earlier]) > 12}
    used = by_day or whole
    moved = [
        [profile[day] for day in align_days(calendar, year, earlier)] for earlier, profile in used.items()
    ]
    weights = [sum(day) for day in zip(*moved, strict=True)]
    if not sum(weights):
        return build_flat_season(year)
    return Season(
        year,
        SeasonBasis.DAYS if by_day else SeasonBasis.MONTHS,
        tuple(used),
        tuple(text for text in map(calendar.explain_estimate, (*used, year)) if text),
        _accumulate_shares(weights),
    )


def _spread_by_day(year: int, amounts: Sequence[float]) -> list[float]:
    """Each day's share of the year; empty for a year that is not whole."""
    if len(amounts) == 12:
        lengths = [last_day(month_at(year, month)).day for month in range(1, 13)]
        pairs = zip(amounts, lengths, strict=True)
        amounts = [amount / length for amount, length in pairs for _ in range(length)]
    positive = [max(amount, 0.0) for amount in amounts]
    total = sum(positive)
    if len(positive) != days_in(year) or not total:
        return []
    return [amount / total for amount in positive]


def _accumulate_shares(weights: Sequence[float]) -> tuple[float, ...]:
    sums = list(accumulate(weights, initial=0.0))
    return tuple(value / sums[-1] for value in sums)


Amounts = dict[int, tuple[float, ...]]


class SeasonBook:
    """Seasons by indicator and year, learned again only when the amounts of earlier years change."""

    def __init__(self, calendar: ChinaCalendar) -> None:
        self._calendar = calendar
        self._learned: dict[tuple[str, int], tuple[Amounts, Season]] = {}

    def seasons(self, indicator_id: str, history: History | None) -> Seasons:
        """The seasons of an annual flow with this history of months."""
        whole = _collect_whole_years(history) if history is not None else {}

        def of_year(year: int) -> Season:
            amounts = {earlier: months for earlier, months in whole.items() if earlier < year}
            learned = self._learned.get((indicator_id, year))
            if learned is None or learned[0] != amounts:
                learned = amounts, learn_season(self._calendar, year, amounts)
                self._learned[indicator_id, year] = learned
            return learned[1]

        return of_year


def _collect_whole_years(history: History) -> Amounts:
    by_year: Amounts = {}
    for january in range(-history.first % 12, len(history.values) - 11, 12):
        months = [month for month in history.values[january : january + 12] if month is not None]
        if len(months) == 12:
            by_year[(history.first + january) // 12] = tuple(months)
    return by_year


def apply_elapsed_day(season: Season, day: date, elapsed: float) -> Season:
    """The season during the day: only the elapsed part of the day, 0 to 1, has come in."""
    before, after = (season.share(date.fromordinal(day.toordinal() - back)) for back in (1, 0))
    at = day.timetuple().tm_yday
    reached = (*season.reached[:at], before + (after - before) * elapsed, *season.reached[at + 1 :])
    return Season(season.year, season.basis, season.years, season.warnings, reached)
