"""Simulated cumulative totals: what is held, listed or built since 2026."""

from collections.abc import Sequence
from itertools import accumulate
from random import Random

from tidemark.streams.indicators.goal import Goal
from tidemark.streams.indicators.projection.history import History
from tidemark.streams.indicators.projection.project import HORIZON

from .draws import chance, clustered, poisson
from .world import PLANNED, Almanac, Simulated, months_from

_FIRST = PLANNED + 1


def events(random: Random, almanac: Almanac) -> Simulated:
    """Events held: clustered counts with a season, a drift, and at times a change of policy."""
    start = mean = random.uniform(3, 60)
    drift, shape = random.gauss(0.0, 0.12), random.uniform(2, 12)
    season = almanac.season(random, 0.4, -0.5)
    policy = random.choice(months_from(_FIRST)) if chance(random, 0.4) else 0
    counts = []
    for month in months_from(_FIRST):
        mean *= (1 + drift) ** (1 / 12) * (random.uniform(0.5, 2.0) if month == policy else 1.0)
        counts.append(clustered(random, mean * season(month), shape))
    return _set(random, counts, 60 * start)


def rare(random: Random, almanac: Almanac) -> Simulated:
    """Few a year, the first of them after a time of preparation."""
    mean = random.uniform(0.1, 1.5)
    season, ready = almanac.season(random, 0.3, -0.5), _FIRST + random.randrange(12)
    counts = [poisson(random, mean * season(month)) if month >= ready else 0 for month in months_from(_FIRST)]
    return _set(random, counts, 60 * mean)


def rush(random: Random, almanac: Almanac) -> Simulated:
    """Not fitted to: ever more towards the deadline, and most of it in December."""
    mean, season = random.uniform(2, 20), almanac.season(random, 0.2, -0.5)
    steep = random.uniform(0.0, 2.0)
    counts = []
    for month in months_from(_FIRST):
        hurry = 1 + steep * (1 - (HORIZON - month) / 60)
        counts.append(clustered(random, mean * hurry * season(month) * (3 if month % 12 == 11 else 1), 4.0))
    return _set(random, counts, 60 * mean)


def _set(random: Random, counts: Sequence[int], hoped: float) -> Simulated:
    target = max(1, round(hoped * random.lognormvariate(0.0, 0.35)))
    return Simulated(
        Goal("cumulative", ">=", target, 0.0, 2025), History(_FIRST, [float(n) for n in accumulate(counts)])
    )
