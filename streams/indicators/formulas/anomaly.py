"""How unusual a quarter-hour's visitors are for their place, day and time of day."""

from collections import defaultdict
from collections.abc import Sequence
from datetime import date
from math import sqrt
from statistics import median

from tidemark.streams.contracts.civil import Grain, instant
from tidemark.streams.families.footfall import FOOTFALL_PLACE
from tidemark.streams.indicators.calendar.china import ONE_DAY, ChinaCalendar, DayKind
from tidemark.streams.indicators.reading.reading import Reading
from tidemark.streams.indicators.thresholds import LEAST_COMPLETE

from .footfall import QUARTER_MS, list_whole_quarters

DAYS = 56
MINIMUM_DAYS = 4
"""With fewer comparable days there is no score; our own choice."""

_MAD_TO_SIGMA = 1.4826
"""A normal distribution's standard deviation by its median absolute deviation."""


def compute_anomalies(reading: Reading, calendar: ChinaCalendar) -> dict[str, float]:
    """By place, the robust z-score of the entries in the last whole quarter-hour (alert FootfallAnomaly),
    against the same time on comparable days of the 8 weeks before.

    A place has no score if it was counted on fewer than MINIMUM_DAYS of them, or if less of the quarter-hour
    was counted than usual.
    """
    [quarter] = list_whole_quarters(reading, 1)
    today = reading.day_of(instant(quarter * QUARTER_MS))
    of_day_ms = quarter * QUARTER_MS - reading.start_ms(today)
    past: defaultdict[str, list[tuple[int, int]]] = defaultdict(list)
    for day in list_comparable_days(calendar, today):
        for place, counted in _read_counts(
            reading, (reading.start_ms(day) + of_day_ms) // QUARTER_MS
        ).items():
            past[place].append(counted)
    return {
        place: compute_robust_z(entered, [before for before, _ in past[place]])
        for place, (entered, seconds) in _read_counts(reading, quarter).items()
        if len(past[place]) >= MINIMUM_DAYS
        and seconds >= LEAST_COMPLETE * median(before for _, before in past[place])
    }


def list_comparable_days(calendar: ChinaCalendar, day: date) -> list[date]:
    """The days of the 8 weeks before a day that compare with it: those of the same weekday and kind; for a
    holiday all days off, for a make-up day all days that are worked."""
    kind = calendar.kind(day)
    earlier = [day - back * ONE_DAY for back in range(1, DAYS + 1)]
    if kind in {DayKind.HOLIDAY, DayKind.MAKE_UP}:
        return [candidate for candidate in earlier if calendar.is_off(candidate) == calendar.is_off(day)]
    return [
        candidate
        for candidate in earlier
        if candidate.weekday() == day.weekday() and calendar.kind(candidate) is kind
    ]


def compute_robust_z(value: int, others: Sequence[int]) -> float:
    """(value − median) ÷ (1.4826 · median absolute deviation), of counts.

    The divisor is at least the square root of the median, which is the scatter of counts by themselves, and
    at least 1. Raises StatisticsError without others.
    """
    middle = median(others)
    deviation = median(abs(other - middle) for other in others)
    return (value - middle) / max(_MAD_TO_SIGMA * deviation, sqrt(max(middle, 1.0)))


def _read_counts(reading: Reading, quarter: int) -> dict[str, tuple[int, int]]:
    """By place, the entries in a quarter-hour and the seconds counted by all sensors."""
    sums = reading.view.sums((FOOTFALL_PLACE, Grain.QUARTER), range(quarter, quarter + 1), ("place",))
    return {place: (entered, seconds) for (place,), (entered, _, _, seconds) in sums.items()}
