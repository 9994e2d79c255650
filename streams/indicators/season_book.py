"""The seasons of all indicators, each learnt once."""

from datetime import date

from .calendar import ChinaCalendar
from .projection.history import History
from .seasons import Season, Seasons, learn_season

Amounts = dict[int, tuple[float, ...]]


class SeasonBook:
    """Seasons by indicator and year, learnt again only where the amounts of earlier years changed."""

    def __init__(self, calendar: ChinaCalendar) -> None:
        self._calendar = calendar
        self._learnt: dict[tuple[str, int], tuple[Amounts, Season]] = {}

    def seasons(self, indicator_id: str, history: History | None) -> Seasons:
        """The seasons of an annual flow with this history of months."""
        whole = _whole_years(history) if history is not None else {}

        def of_year(year: int) -> Season:
            amounts = {earlier: months for earlier, months in whole.items() if earlier < year}
            known = self._learnt.get((indicator_id, year))
            if known is None or known[0] != amounts:
                known = amounts, learn_season(self._calendar, year, amounts)
                self._learnt[indicator_id, year] = known
            return known[1]

        return of_year


def _whole_years(history: History) -> Amounts:
    found: Amounts = {}
    for january in range(-history.first % 12, len(history.values) - 11, 12):
        months = [month for month in history.values[january : january + 12] if month is not None]
        if len(months) == 12:
            found[(history.first + january) // 12] = tuple(months)
    return found


def part_of_day(season: Season, day: date, elapsed: float) -> Season:
    """The season with so much of the day over, 0 to 1, instead of all of it."""
    before, after = (season.share(date.fromordinal(day.toordinal() - back)) for back in (1, 0))
    at = day.timetuple().tm_yday
    reached = (*season.reached[:at], before + (after - before) * elapsed, *season.reached[at + 1 :])
    return Season(season.year, season.basis, season.years, season.warnings, reached)
