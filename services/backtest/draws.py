"""Chance as histories need it."""

import math
from random import Random

_MANY = 50.0


def poisson(random: Random, mean: float) -> int:
    """A count around the mean (Knuth's product for few, the normal approximation for many)."""
    if mean <= 0:
        return 0
    if mean > _MANY:
        return max(0, round(random.gauss(mean, math.sqrt(mean))))
    limit, product, count = math.exp(-mean), random.random(), 0
    while product > limit:
        product *= random.random()
        count += 1
    return count


def clustered(random: Random, mean: float, shape: float) -> int:
    """A count with more spread than Poisson's: negative binomial with variance mean + mean² / shape."""
    return poisson(random, random.gammavariate(shape, mean / shape)) if mean > 0 else 0


def share(random: Random, trials: int, part: float, agreement: float) -> float:
    """A share observed in `trials`, between 0 and 1: beta-binomial by its normal approximation."""
    believed = random.betavariate(max(part * agreement, 0.01), max((1 - part) * agreement, 0.01))
    error = random.gauss(0, math.sqrt(believed * (1 - believed) / trials))
    return min(max(believed + error, 0.0), 1.0)


def chance(random: Random, probability: float) -> bool:
    """True with this probability."""
    return random.random() < probability
