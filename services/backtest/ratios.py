"""Simulated ratios in percent: coverage and shares, as counted in samples."""

import math
from random import Random

from tidemark.streams.indicators.goal import Goal, Op
from tidemark.streams.indicators.projection.history import History

from .draws import chance, share
from .world import PLANNED, Almanac, Simulated, begin, months_from


def coverage(random: Random, _almanac: Almanac) -> Simulated:
    """Coverage that nears a ceiling, in samples of different size; at times a campaign lifts it at once."""
    first = begin(random, 2023, 2025) - 1
    part, ceiling = random.uniform(0.15, 0.6), random.uniform(0.65, 0.99)
    speed, trials = random.uniform(0.005, 0.05), random.randrange(50, 3000)
    agreement = random.uniform(200, 5000)
    values = []
    for _ in months_from(first):
        jump = random.uniform(0.05, 0.3) if chance(random, 1 / 48) else 0.0
        part += (speed + jump) * (ceiling - part)
        values.append(100 * share(random, trials, part, agreement))
    return _set(first, values, ">=", random.uniform(0.2, 0.8))


def standing(random: Random, _almanac: Almanac) -> Simulated:
    """A share that wanders around a level which itself moves now and then, for better or worse."""
    first = begin(random, 2023, 2025) - 1
    middle, away = random.gauss(0.0, 1.2), 0.0
    memory, noise = random.uniform(0.5, 0.95), random.uniform(0.02, 0.12)
    trials = random.randrange(100, 5000)
    values = []
    for _ in months_from(first):
        middle += random.gauss(0, 0.4) if chance(random, 1 / 30) else 0.0
        away = memory * away + random.gauss(0, noise)
        values.append(100 * share(random, trials, 1 / (1 + math.exp(-middle - away)), 5000))
    return _set(first, values, ">=" if chance(random, 0.5) else "<=", random.uniform(0.0, 0.2))


def steps(random: Random, _almanac: Almanac) -> Simulated:
    """Not fitted to: still for long, then a reform moves it within a month."""
    first = begin(random, 2023, 2025) - 1
    part, trials = random.uniform(0.2, 0.7), random.randrange(500, 5000)
    reforms = {random.choice(months_from(first)) for _ in range(random.randrange(4))}
    values = []
    for month in months_from(first):
        part += (0.97 - part) * random.uniform(0.1, 0.5) if month in reforms else 0.0
        values.append(100 * share(random, trials, part, 5000))
    return _set(first, values, ">=", random.uniform(0.0, 0.5))


def _set(first: int, values: list[float], op: Op, wanted: float) -> Simulated:
    """A target that closes a part of the room there is, `wanted` of it."""
    base = values[PLANNED - first]
    target = base + wanted * (100 - base if op == ">=" else -base)
    return Simulated(Goal("ratio", op, target, base, 2025), History(first, values))
