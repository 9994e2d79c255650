"""When alerts stay silent: quiet hours (nights and days off) and inhibition."""

from collections.abc import Iterable, Iterator, Sequence
from datetime import date, timedelta
from itertools import groupby
from typing import Any

from tidemark.deploy.prometheus.alerts.condition import Severity
from tidemark.deploy.prometheus.alerts.feeds import FEED_STALE
from tidemark.deploy.prometheus.alerts.ledger import LEDGER_STALLED
from tidemark.deploy.prometheus.alerts.tidemark import EXPORTER_DOWN, EXPORTER_STALE
from tidemark.streams.indicators.calendar.china import ChinaCalendar, days_in

NIGHT = "night"
DAYS_OFF = "days-off"

_FROM, _UNTIL = "22:00", "08:00"


def build_time_intervals(calendar: ChinaCalendar, years: Sequence[int], zone: str) -> list[dict[str, Any]]:
    """The nights (22:00 to 08:00) and the days off of these years, in the civil zone."""
    night = [{"start_time": _FROM, "end_time": "24:00"}, {"start_time": "00:00", "end_time": _UNTIL}]
    closed = (_build_month(days, zone) for year in years for days in _group_days_off(calendar, year))
    return [
        {"name": NIGHT, "time_intervals": [{"times": night, "location": zone}]},
        {"name": DAYS_OFF, "time_intervals": list(closed)},
    ]


def _group_days_off(calendar: ChinaCalendar, year: int) -> Iterator[list[date]]:
    days = (date(year, 1, 1) + timedelta(days=number) for number in range(days_in(year)))
    for _, off in groupby(filter(calendar.is_off, days), key=lambda day: day.month):
        yield list(off)


def _build_month(days: Sequence[date], zone: str) -> dict[str, Any]:
    first = days[0]
    return {
        "years": [str(first.year)],
        "months": [str(first.month)],
        "days_of_month": _format_ranges(day.day for day in days),
        "location": zone,
    }


def _format_ranges(days: Iterable[int]) -> list[str]:
    """Ascending days in Alertmanager's notation: 3, or 3:9 for the 3rd to the 9th."""
    runs = groupby(enumerate(days), key=lambda counted: counted[1] - counted[0])
    ends = [[day for _, day in run] for _, run in runs]
    return [str(run[0]) if len(run) == 1 else f"{run[0]}:{run[-1]}" for run in ends]


IDENTITY = (
    "alertname",
    "place",
    "port",
    "indicator",
    "rail",
    "scheme",
    "family",
    "reason",
    "partition",
)
"""The labels that identify an alert's subject. Not `window`: the shortest with enough samples may change."""

_WITHOUT_TOTALS = (LEDGER_STALLED, EXPORTER_DOWN, EXPORTER_STALE)
_BUSINESS = ['layer="business"']


def build_inhibit_rules() -> list[dict[str, Any]]:
    """Business alerts are silent while their feed is stale or no totals can be read; of two alerts about the
    same subject only the more severe one is sent."""
    causes = "|".join(condition.name for condition in _WITHOUT_TOTALS)
    return [
        {
            "source_matchers": [f'alertname="{FEED_STALE.name}"'],
            "target_matchers": _BUSINESS,
            "equal": ["family"],
        },
        {
            "source_matchers": [f'alertname=~"{causes}"', f'severity="{Severity.CRITICAL}"'],
            "target_matchers": _BUSINESS,
        },
        _inhibit_lesser(Severity.CRITICAL, (Severity.WARNING, Severity.INFO)),
        _inhibit_lesser(Severity.WARNING, (Severity.INFO,)),
    ]


def _inhibit_lesser(severity: Severity, lesser: tuple[Severity, ...]) -> dict[str, Any]:
    return {
        "source_matchers": [f'severity="{severity}"'],
        "target_matchers": [f'severity=~"{"|".join(lesser)}"'],
        "equal": [*IDENTITY],
    }
