"""Simulated annual flows: sales and visits by month."""

import math
from random import Random

from tidemark.streams.indicators.goal import Goal
from tidemark.streams.indicators.projection.history import History

from .draws import chance
from .world import PLANNED, Almanac, Simulated, begin, months_from


def sales(random: Random, almanac: Almanac) -> Simulated:
    """Sales: growth that changes at unknown months, errors that remember the month before."""
    first = begin(random, 2022, 2024)
    level, growth = math.log(random.uniform(10, 1000)), random.gauss(0.05, 0.05)
    season = almanac.season(random, 0.15, random.uniform(-0.3, 0.4))
    memory, noise, error = random.uniform(0.0, 0.7), random.uniform(0.01, 0.05), 0.0
    values = []
    for month in months_from(first):
        if chance(random, 1 / 36):
            growth = random.gauss(0.05, 0.05)
        level += growth / 12
        error = memory * error + random.gauss(0, noise)
        values.append(math.exp(level + error) * season(month))
    return _set(random, first, values)


def visits(random: Random, almanac: Almanac) -> Simulated:
    """Visits: growth that wears off, large uneven months, at times a policy that moves the level for good."""
    first = begin(random, 2022, 2024)
    level, growth = math.log(random.uniform(1e4, 1e7)), random.uniform(0.05, 0.35)
    season = almanac.season(random, 0.3, random.uniform(-0.2, 1.0))
    fading, shape = random.uniform(0.95, 0.995), random.uniform(30, 200)
    policy = random.choice(months_from(first)) if chance(random, 0.4) else 0
    values = []
    for month in months_from(first):
        growth *= fading
        level += growth / 12 + (random.gauss(0, 0.12) if month == policy else 0.0)
        values.append(math.exp(level) * season(month) * random.gammavariate(shape, 1 / shape))
    return _set(random, first, values)


def shock(random: Random, almanac: Almanac) -> Simulated:
    """Not fitted to: a sudden loss of a fifth to three fifths, made up for over a year or two."""
    first = begin(random, 2022, 2024)
    level, growth = random.uniform(100, 1000), random.gauss(0.05, 0.03)
    season = almanac.season(random, 0.2, 0.3)
    struck, lost = random.choice(months_from(PLANNED)), random.uniform(0.2, 0.6)
    recovery = random.uniform(4, 15)
    values = []
    for month in months_from(first):
        missing = lost * math.exp((struck - month) / recovery) if month >= struck else 0.0
        level *= math.exp(growth / 12)
        values.append(level * (1 - missing) * season(month) * random.lognormvariate(0, 0.03))
    return _set(random, first, values)


def _set(random: Random, first: int, values: list[float]) -> Simulated:
    base = sum(values[PLANNED - first - 11 : PLANNED - first + 1])
    target = base * math.exp(5 * random.gauss(0.06, 0.05))
    return Simulated(Goal("annual_flow", ">=", target, base, 2025), History(first, values))
