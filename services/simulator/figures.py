"""Monthly official figures: one for each target that is measured by them."""

from collections.abc import Iterator
from pathlib import Path
from random import Random
from typing import Literal

import msgspec

from tidemark.services.resources import INDICATORS
from tidemark.streams.contracts.civil import Grain, format_period
from tidemark.streams.contracts.family import HOUR, MINUTE
from tidemark.streams.families.official import FigurePublished

from .calendar import date_of
from .planned import Batch, Planned
from .randomness import between
from .scenario import Bureaus
from .world import World

_PLAN_FIRST, _PLAN_MONTHS = 2026 * 12, 60
_SEASON = (1.02, 0.86, 0.97, 0.95, 1.0, 0.99, 0.98, 0.98, 1.0, 1.06, 1.08, 1.11)
"""By month, twelve times its share of the annual amount."""

_PLACES = {"count": 0, "rank": 0, "pairs": 0, "CNY_trn": 4, "m2": 4}
_OTHER_PLACES = 2
_REVISIONS: tuple[tuple[Literal["flash", "revised", "final"], float], ...] = (
    ("flash", 0.02), ("revised", 0.006), ("final", 0.0),
)  # fmt: skip
"""By age in months, the status of a vintage and its largest relative deviation from the final value."""


class Target(msgspec.Struct, frozen=True):
    """The fields of a target that the model uses; the catalogue has more."""

    id: str
    unit: str
    target: float
    op: str
    kind: str
    baseline: float | None = None
    baseline_year: int = 2025
    path: str = "linear"
    official: bool = False


class _Section(msgspec.Struct):
    indicator: list[Target]


def load_targets(folder: Path = INDICATORS) -> list[Target]:
    """Read the targets with official figures. Raises OSError, msgspec.DecodeError."""
    sections = (
        msgspec.toml.decode(path.read_bytes(), type=_Section) for path in sorted(folder.glob("*.toml"))
    )
    return [target for section in sections for target in section.indicator if target.official]


def official_events(world: World, bureaus: Bureaus) -> Iterator[Batch]:
    """One batch per day, without end.

    Each indicator has a day of the month on which a flash figure is published for the month before,
    a revised one for the month before that, and a final one for the month before that. The first day
    of all also has the final figures of earlier months.
    """
    targets = load_targets()
    for day in world.days():
        month = world.calendar.civil.periods(world.calendar.start_ms(day))[Grain.MONTH]
        planned: list[Planned] = []
        for target in targets:
            ages: list[int] = []
            if day == world.first_day:
                ages += range(len(_REVISIONS) + bureaus.back_months, len(_REVISIONS), -1)
            if date_of(day).day == between(world.random_streams.derive("publishes", target.id), 3, 26):
                ages += range(len(_REVISIONS), 0, -1)
            planned += [
                _publish(world, day, target, month - age, age)
                for age in ages
                if _has_figure(target, month - age)
            ]
        yield Batch(world.calendar.start_ms(day), planned)


def _has_figure(target: Target, month: int) -> bool:
    """Whether there is a figure for the month: cumulative targets begin with the plan."""
    return target.kind != "cumulative" or month >= _PLAN_FIRST


def _publish(world: World, day: int, target: Target, month: int, age: int) -> Planned:
    period = format_period(Grain.MONTH, month)
    random = world.random_streams.derive("official", target.id, period)
    status, deviation = _REVISIONS[min(age, len(_REVISIONS)) - 1]
    value = _compute_value(target, month, world.random_streams.derive("fortune", target.id), random)
    value *= 1 + deviation * (2 * random.random() - 1)
    published_ms = world.calendar.start_ms(day) + 10 * HOUR
    vintage = date_of(day).strftime("%Y-%m")
    payload = FigurePublished(
        indicator_id=target.id,
        period=period,
        value=f"{value:.{_PLACES.get(target.unit, _OTHER_PLACES)}f}",
        unit=target.unit,
        basis="month" if target.kind == "annual_flow" else "stock",
        vintage=vintage,
        status=status,
        published_at=world.calendar.at(published_ms),
        source_doc=f"bulletin-{vintage}",
    )
    return world.writer.create(
        f"{target.id}-{period}-{vintage}",
        "/bureaus/statistics",
        published_ms,
        "district.futian",
        payload,
        published_ms + between(random, 10 * MINUTE, 5 * HOUR),
    )


def _compute_value(target: Target, month: int, own: Random, random: Random) -> float:
    """The true value of a month, on the way from the baseline to the target, faster or slower than
    planned. Only plain arithmetic, which is the same on every machine."""
    speed = 0.5 + own.random()
    start, goal = _find_baseline(target, own), target.target
    match target.kind:
        case "annual_flow":
            since = target.baseline_year
            year = start + (goal - start) * speed * (month // 12 - since) / (2030 - since)
            return max(year, start / 4) / 12 * _SEASON[month % 12] * (0.985 + 0.03 * random.random())
        case "cumulative":
            return goal * speed * (month + 1 - _PLAN_FIRST) / _PLAN_MONTHS if target.path == "linear" else 0.0
        case "rank":
            return max(1.0, start + (goal - start) * speed * (month - _PLAN_FIRST) / _PLAN_MONTHS)
        case _:
            progress = speed * (month + 1 - _PLAN_FIRST) / _PLAN_MONTHS + 0.02 * random.random()
            level = start if target.path == "milestone" else start + (goal - start) * progress
            return min(max(level, 0.0), 100.0) if target.unit == "percent" else max(level, 0.0)


def _find_baseline(target: Target, own: Random) -> float:
    """The baseline; if the plan has none, 40 to 80 % of the target, or a value above a ceiling."""
    if target.baseline is not None:
        return target.baseline
    if target.op == "<=":
        return target.target + 2 + 4 * own.random()
    return target.target * (0.4 + 0.4 * own.random())
