"""A simulated log of some weeks, and the true sums of windows at the end of a day."""

import json
from collections import Counter
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

from tests.support.commands import succeed
from tidemark.services.exporter.metrics import DIVISORS
from tidemark.streams.contracts.civil import Civil, Grain, parse_period
from tidemark.streams.contracts.definition import Sum
from tidemark.streams.families.definitions import SUMS

CIVIL = Civil("Asia/Shanghai")

Key = tuple[str, frozenset[tuple[str, str]]]
"""A metric's name, and its labels."""


def simulate_days(folder: Path, first: str, end: str) -> str:
    """The address of a folded log of the quiet scenario; its truth is in `truth.json` beside it."""
    url = f"sqlite:///{folder}/x.db"
    days = ("--from", first, "--to", end, "--scale", "0.001", "--truth", folder / "truth.json")
    succeed("simulate", "--scenario", "quiet", *days, "--log", url)
    succeed("ledger", "--log", url, "--until-caught-up")
    return url


def end_s(day: str) -> int:
    """The last second of a civil day."""
    return CIVIL.end_ms(Grain.DAY, parse_period(Grain.DAY, day)) // 1000 - 1


def true_sums(truth: Path, day: str) -> dict[Key, float]:
    """The net gauges at the end of a day, for all measures with days: the simulator's day cells of each
    window up to that day, added up here."""
    sums: Counter[Key] = Counter()
    for row, dimensions, period, amount in _day_cells(truth):
        if period <= day:
            for window in _windows(date.fromisoformat(period), date.fromisoformat(day)):
                labels = {**dimensions, "period": window}
                sums[row.name, frozenset(labels.items())] += amount
    divisors = {row.name: DIVISORS.get(_unit(row), 1) for row in SUMS}
    return {key: number / divisors[key[0]] for key, number in sums.items()}


def _day_cells(truth: Path) -> Iterator[tuple[Sum, dict[str, str], str, int]]:
    cells: dict[str, Any] = json.loads(truth.read_text("utf-8"))["cells"]
    for key, vector in cells.items():
        measure, grain, period, *values = json.loads(key)
        for row in SUMS:
            if row.measure.name == measure and grain == "day":
                names = [dimension.name for dimension in row.measure.dimensions]
                at = [component.name for component in row.measure.components].index(row.component)
                yield row, dict(zip(names, values, strict=True)), period, vector[at]


def _windows(of: date, day: date) -> Iterator[str]:
    yield "plan"
    if of.year == day.year:
        yield "year"
        if of.month == day.month:
            yield "month"
    if of == day:
        yield "today"


def _unit(row: Sum) -> str:
    return next(part.unit for part in row.measure.components if part.name == row.component)
