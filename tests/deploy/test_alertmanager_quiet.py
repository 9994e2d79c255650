"""Quiet hours follow the days off of China."""

from datetime import date
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tidemark.deploy.alertmanager.configuration import (
    build_configuration,
    list_warnings,
    load_calendar,
    render_configuration,
)
from tidemark.deploy.alertmanager.muting import DAYS_OFF, NIGHT

CONFIG = build_configuration()
INTERVALS = {each["name"]: each["time_intervals"] for each in CONFIG["time_intervals"]}


def holds(range_: str, number: int) -> bool:
    """Whether a number is in a range of Alertmanager's notation, both ends included."""
    first, _, last = range_.partition(":")
    return int(first) <= number <= int(last or first)


def is_day_off(day: date) -> bool:
    """Whether a day is among the days off, by Alertmanager's rules."""
    parts = {"years": day.year, "months": day.month, "days_of_month": day.day}
    return any(
        all(any(holds(range_, number) for range_ in interval[name]) for name, number in parts.items())
        for interval in INTERVALS[DAYS_OFF]
    )


@pytest.mark.parametrize(
    ("day", "off"),
    [
        (date(2026, 2, 14), False),  # a Saturday worked for the Spring Festival
        (date(2026, 2, 16), True),
        (date(2026, 2, 17), True),  # Lunar New Year
        (date(2026, 10, 1), True),
        (date(2026, 10, 10), False),  # a Saturday worked for the National Day
        (date(2026, 10, 11), True),
        (date(2026, 11, 24), False),
        (date(2026, 12, 31), False),
        (date(2027, 1, 1), True),
    ],
)
def test_public_holidays_are_quiet_and_make_up_days_are_not(day: date, off: bool) -> None:
    assert is_day_off(day) == off


@given(st.dates(date(2026, 1, 1), date(2030, 12, 31)))
def test_every_day_of_the_plan_is_quiet_as_the_calendar_says(day: date) -> None:
    assert is_day_off(day) == load_calendar().is_off(day)


def test_the_night_is_from_ten_to_eight_in_the_civil_zone() -> None:
    (night,) = INTERVALS[NIGHT]
    assert [(part["start_time"], part["end_time"]) for part in night["times"]] == [
        ("22:00", "24:00"),
        ("00:00", "08:00"),
    ]
    locations = {interval["location"] for each in INTERVALS.values() for interval in each}
    assert locations == {"Asia/Shanghai"}


def test_a_year_that_is_only_estimated_is_named_at_the_top_of_the_file() -> None:
    estimated = [year for year in range(2026, 2031) if load_calendar().is_estimated(year)]
    head = [line for line in render_configuration(CONFIG).splitlines() if line.startswith("#")]
    assert len(list_warnings()) == len(estimated)
    assert all(any(f"{year}.toml" in line for line in head) for year in estimated)


def test_every_month_of_the_plan_is_listed_once() -> None:
    listed = [(interval["years"][0], interval["months"][0]) for interval in INTERVALS[DAYS_OFF]]
    assert listed == [(str(year), str(month)) for year in range(2026, 2031) for month in range(1, 13)]


def collect_muted(severity: str) -> dict[str, Any]:
    """The quiet hours of a severity, by receiver."""
    (branch,) = (each for each in CONFIG["route"]["routes"] if each["matchers"] == [f'severity="{severity}"'])
    leaves = [leaf for route in branch["routes"] for leaf in (route, *route.get("routes", []))]
    return {leaf["receiver"]: leaf.get("mute_time_intervals", []) for leaf in leaves}


def test_critical_alerts_and_ports_are_never_quiet() -> None:
    assert not any(collect_muted("critical").values())
    for severity in ("warning", "info"):
        assert not any(when for who, when in collect_muted(severity).items() if who.startswith("port"))


@pytest.mark.parametrize("severity", ["warning", "info"])
def test_offices_are_quiet_on_days_off_and_all_others_at_night_alone(severity: str) -> None:
    for who, when in collect_muted(severity).items():
        if who in ("bureau", "tax"):
            assert when == [NIGHT, DAYS_OFF]
        elif not who.startswith("port"):
            assert when == [NIGHT]
