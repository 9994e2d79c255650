"""The days that a report covers."""

import re
from dataclasses import dataclass
from datetime import date, timedelta

from tidemark.streams.contracts.civil import last_day, month_at, month_of
from tidemark.streams.contracts.text import Text
from tidemark.streams.indicators.targets.goal import PLAN_END
from tidemark.streams.view.windows import PLAN_FIRST_YEAR

MID_TERM = (2026, 2028)
_MONTH = re.compile(r"([0-9]{4})-(0[1-9]|1[0-2])")
_YEAR = re.compile(r"[0-9]{4}")


class PeriodInvalid(ValueError):
    """No report can be written for this period; the message names the field and the remedy."""


@dataclass(frozen=True)
class Period:
    """The days from `first` to `last`; `duty` is the kind of report that the plan requires for it."""

    name: str
    first: date
    last: date
    duty: Text
    words: Text

    @property
    def before(self) -> date:
        """The last day before the period, which the period is compared with."""
        return self.first - timedelta(days=1)


def parse_period(name: str) -> Period:
    """A month (2026-10), a year (2026) or the plan's first half (2026-2028). Raises PeriodInvalid."""
    period = _parse_month(name) or _parse_year(name) or _parse_mid_term(name)
    if period is None:
        mid_term = "-".join(map(str, MID_TERM))
        raise PeriodInvalid(
            f"period: {name!r} is not a period; give a month (2026-10), a year (2026) "
            f"or the mid-term evaluation ({mid_term})"
        )
    if not PLAN_FIRST_YEAR <= period.first.year <= PLAN_END.year:
        raise PeriodInvalid(
            f"period: {name} is outside the plan; give one from {PLAN_FIRST_YEAR} to {PLAN_END.year}"
        )
    return period


def choose_day(period: Period, as_of: date) -> date:
    """The period's last day, or `as_of` if that is earlier. Raises PeriodInvalid before the period."""
    if as_of < period.first:
        raise PeriodInvalid(
            f"as-of: {as_of} is before {period.name} begins; give a day from {period.first} on, "
            "or an earlier period"
        )
    return min(as_of, period.last)


def list_month_ends(day: date) -> list[date]:
    """The ends of the plan's months before a day, and the day."""
    months = range(month_at(PLAN_FIRST_YEAR), month_of(day) + 1)
    ends = [end for end in map(last_day, months) if end < day]
    return [*ends, day]


def _parse_month(name: str) -> Period | None:
    match = _MONTH.fullmatch(name)
    if match is None:
        return None
    year, month = int(match[1]), int(match[2])
    first = date(year, month, 1)
    last = last_day(month_at(year, month))
    duty = Text("定期调度", "Monthly review")
    return Period(name, first, last, duty, Text(f"{year} 年 {month} 月", f"{first:%B} {year}"))


def _parse_year(name: str) -> Period | None:
    if not _YEAR.fullmatch(name):
        return None
    duty = Text("年度监测", "Annual monitoring")
    return Period(name, date(int(name), 1, 1), date(int(name), 12, 31), duty, Text(f"{name} 年", name))


def _parse_mid_term(name: str) -> Period | None:
    first, last = MID_TERM
    if name != f"{first}-{last}":
        return None
    duty = Text("中期评估", "Mid-term evaluation")
    words = Text(f"{first} 至 {last} 年", f"{first} to {last}")
    return Period(name, date(first, 1, 1), date(last, 12, 31), duty, words)
