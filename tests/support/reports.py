"""Reports of made-up assessments, and the numbers that the table of all targets must show."""

import random
from collections.abc import Mapping
from datetime import UTC, date, datetime

from tidemark.services.reports.making import list_days
from tidemark.services.reports.period import Period, choose_day, parse_period
from tidemark.services.reports.report import Provenance, Report, build_report
from tidemark.streams.contracts.identity import LogIdentity
from tidemark.streams.contracts.published import Feed
from tidemark.streams.contracts.text import Text
from tidemark.streams.indicators.assessment.assessment import (
    Amount,
    Assessment,
    Bounds,
    Course,
    Forecast,
    Status,
)
from tidemark.streams.indicators.targets.catalogue import Indicator
from tidemark.streams.indicators.values.cause import Cause, Code
from tidemark.streams.view.feeds import FACT_FAMILIES

from .indicator_readings import CATALOGUE

MADE = Provenance(
    log="sqlite:///var/x.db",
    district=Text("福田区", "Futian"),
    identity=LogIdentity(partitions=2, content="simulated"),
    generation=1,
    fold_versions=(1,),
    positions=(1_200, 1_300),
    lags=(0, 4),
    feeds={
        name: Feed(newest_ms=1_790_000_000_000, accepted=900, duplicate=3, late=2) for name in FACT_FAMILIES
    },
    dead={"invalid": 2},
    dead_families={"footfall": 1, "unreadable": 1},
    as_of=date(2026, 11, 20),
    at=datetime(2026, 11, 20, 4, tzinfo=UTC),
    version="0.0",
)


def made_up(name: str = "2026-10", seed: int = 1, as_of: date = date(2026, 11, 20)) -> Report:
    """A report of random assessments: every status, and numbers that are missing here and there."""
    period = parse_period(name)
    return build_report(CATALOGUE, period, made_up_days(period, seed, as_of), MADE)


def made_up_days(period: Period, seed: int, as_of: date) -> dict[date, dict[str, Assessment]]:
    rng = random.Random(seed)
    days = list_days(period, choose_day(period, as_of))
    return {day: {indicator.id: _assessment(indicator, day, rng) for indicator in CATALOGUE} for day in days}


def _assessment(indicator: Indicator, day: date, rng: random.Random) -> Assessment:
    status = rng.choice(list(Status))
    has_value = status is not Status.AMBIGUOUS and rng.random() < 0.8
    amount = Amount(
        exact="1", value=rng.uniform(0, 20_000), first=date(2026, 1, 1), last=day, computed_from="made up",
        families=("retail",), vintage=rng.choice([None, "first", "final"]), periods=("2026-01", "2026-02"),
        published=date(2026, 3, 20),
    )  # fmt: skip
    return Assessment(
        id=indicator.id,
        day=day,
        unit=indicator.unit,
        kind=indicator.kind,
        target=float(indicator.target),
        baseline=None if indicator.baseline is None else float(indicator.baseline),
        status=status if has_value else Status.AMBIGUOUS,
        why=Cause(Code.NO_ENTITY, entity_class="made up <b>&"),
        live=None,
        official=None,
        nowcast=None,
        provenance=rng.choice(["live", "official", "nowcast"]) if has_value else None,
        amount=amount if has_value else None,
        course=_course(day, rng) if has_value else None,
        forecast=_forecast(rng) if has_value and rng.random() < 0.5 else None,
    )


def _course(day: date, rng: random.Random) -> Course:
    def number() -> float | None:
        return rng.uniform(-9_999, 9_999) if rng.random() < 0.9 else None

    return Course(
        on=day,
        expected_today=number(),
        level=number(),
        distance=number(),
        progress=None if rng.random() < 0.1 else rng.uniform(-0.2, 1.4),
        expected=number(),
        linear=None,
        geometric=None,
        index=None if rng.random() < 0.1 else rng.uniform(0, 2),
        lag_days=number(),
        required_per_day=number(),
    )


def _forecast(rng: random.Random) -> Forecast:
    low, median, high = sorted(rng.uniform(0, 9_999) for _ in range(3))
    bounds = Bounds(low, high)
    return Forecast(median=median, p50=bounds, p80=bounds, p95=bounds, probability=rng.random())


def expected_numbers(indicator: Indicator, assessed: Assessment) -> Mapping[str, float | None]:
    """The numbers that the table of all targets must show, by its English headings. Taken from the
    assessment by hand, not by the code under test."""
    course, forecast = assessed.course, assessed.forecast
    return {
        "Value": assessed.amount.value if assessed.amount else None,
        "Baseline": None if indicator.baseline is None else float(indicator.baseline),
        "Target 2030": float(indicator.target),
        "Expected": course.expected if course else None,
        "Progress": course.progress if course else None,
        "Pace": course.index if course else None,
        "Days behind": course.lag_days if course else None,
        "Projection": forecast.median if forecast else None,
        "80 % low": forecast.p80.low if forecast else None,
        "80 % high": forecast.p80.high if forecast else None,
        "Chance": forecast.probability if forecast else None,
    }
