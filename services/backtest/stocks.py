"""Simulated stocks: things that are opened and closed."""

from random import Random

from tidemark.streams.indicators.goal import Goal
from tidemark.streams.indicators.projection.history import History

from .draws import chance, clustered, poisson
from .world import PLANNED, Almanac, Simulated, begin, months_from, planned_gain

_FESTIVAL_DIP = -0.6


def adoption(random: Random, almanac: Almanac) -> Simulated:
    """Shops that join a scheme: logistic growth to some capacity, at times a policy that changes the rate."""
    first = begin(random, 2023, 2025) - 1
    capacity = random.uniform(150, 1500)
    level = round(capacity * random.uniform(0.03, 0.25))
    rate, churn = random.uniform(0.03, 0.1), random.uniform(0.0, 0.01)
    season = almanac.season(random, 0.2, _FESTIVAL_DIP)
    policy = random.choice(months_from(first)) if chance(random, 0.5) else 0
    values = []
    for month in months_from(first):
        if month == policy:
            rate *= random.uniform(0.4, 2.5)
        mean = rate * level * max(0.0, 1 - level / capacity) * season(month)
        level = max(0, level + clustered(random, mean, 4.0) - poisson(random, churn * level))
        values.append(float(level))
    return _set(random, first, values)


def registry(random: Random, almanac: Almanac) -> Simulated:
    """Firms on a register: openings whose rate wanders, batches now and then, closures."""
    first = begin(random, 2023, 2025) - 1
    level = random.randrange(20, 500)
    openings, churn = level * random.uniform(0.005, 0.03), random.uniform(0.001, 0.008)
    season = almanac.season(random, 0.3, _FESTIVAL_DIP)
    values = []
    for month in months_from(first):
        openings *= random.lognormvariate(0.0, 0.05)
        batch = poisson(random, 0.06 * level) if chance(random, 0.03) else 0
        opened = clustered(random, openings * season(month), 3.0) + batch
        level = max(0, level + opened - poisson(random, churn * level))
        values.append(float(level))
    return _set(random, first, values)


def bust(random: Random, almanac: Almanac) -> Simulated:
    """Not fitted to: a boom, and from some month on more closures than openings."""
    first = begin(random, 2023, 2025) - 1
    level, openings = random.randrange(50, 400), random.uniform(2, 10)
    season = almanac.season(random, 0.2, _FESTIVAL_DIP)
    turn = random.choice(months_from(PLANNED))
    values = []
    for month in months_from(first):
        closing = 0.005 if month < turn else 0.03
        opened = clustered(random, openings * season(month), 4.0)
        level = max(0, level + opened - poisson(random, closing * level))
        values.append(float(level))
    return _set(random, first, values)


def _set(random: Random, first: int, values: list[float]) -> Simulated:
    base = values[PLANNED - first]
    target = round(base + max(1.0, planned_gain(random, values, first)))
    return Simulated(Goal("stock", ">=", target, base, 2025), History(first, values))
