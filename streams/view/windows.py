"""The spans of time for which readers show totals."""

from collections.abc import Callable, Hashable, Iterable, Mapping
from typing import NamedTuple, TypeVar

from tidemark.streams.contracts.civil import Civil, Grain, month_at

K = TypeVar("K", bound=Hashable)
T = TypeVar("T")

PLAN_FIRST_YEAR = 2026
"""The plan with the 2030 targets began in January of this year."""


class Window(NamedTuple):
    """A span of whole periods of one grain."""

    name: str
    grain: Grain
    periods: range


def totals_windows(civil: Civil, now_ms: int) -> tuple[Window, ...]:
    """Today, this month, this year, and since the plan began; the last two run to the year's end."""
    _, _, day, month = civil.periods(now_ms)
    year = month // 12
    months = range(month_at(year), month_at(year + 1))
    return (
        Window("today", Grain.DAY, range(day, day + 1)),
        Window("month", Grain.MONTH, range(month, month + 1)),
        Window("year", Grain.MONTH, months),
        Window("plan", Grain.MONTH, range(month_at(PLAN_FIRST_YEAR), months.stop)),
    )


def recent_windows(civil: Civil, now_ms: int) -> tuple[Window, ...]:
    """The last hour, day, week and 30 days, shortest first.

    The first two hold the quarter-hours that began within them, the others the civil days up
    to today, so no window reaches back further than its name.
    """
    _, quarter, day, _ = civil.periods(now_ms)
    return (
        Window("1h", Grain.QUARTER, range(quarter - 3, quarter + 1)),
        Window("1d", Grain.QUARTER, range(quarter - 95, quarter + 1)),
        Window("7d", Grain.DAY, range(day - 6, day + 1)),
        Window("30d", Grain.DAY, range(day - 29, day + 1)),
    )


def quick_windows(civil: Civil, now_ms: int) -> tuple[Window, ...]:
    """The last whole quarter-hour, and the last hour and day."""
    _, quarter, _, _ = civil.periods(now_ms)
    hour, day, *_ = recent_windows(civil, now_ms)
    return Window("15m", Grain.QUARTER, range(quarter - 1, quarter)), hour, day


def shortest(
    candidates: Iterable[tuple[Window, Mapping[K, T]]], enough: Callable[[T], bool]
) -> dict[K, tuple[Window, T]]:
    """For each key, the first window whose value is enough, else the last. Pass the shortest window first."""
    chosen: dict[K, tuple[Window, T]] = {}
    for window, values in candidates:
        for key, value in values.items():
            if key not in chosen or not enough(chosen[key][1]):
                chosen[key] = window, value
    return chosen
