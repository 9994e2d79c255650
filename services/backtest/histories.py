"""Simulated histories of all kinds of indicator: stocks, annual flows, cumulative totals, ratios."""

import math
from collections.abc import Sequence
from itertools import accumulate
from random import Random

from tidemark.streams.indicators.projection.history import History
from tidemark.streams.indicators.projection.project import HORIZON
from tidemark.streams.indicators.targets.goal import Goal, Op

from .world import PLANNED, Almanac, Simulated, draw_first_month, draw_planned_gain, months_from

_MANY = 50.0


def draw_poisson(random: Random, mean: float) -> int:
    """A Poisson count (Knuth's method for small means, the normal approximation for large ones)."""
    if mean <= 0:
        return 0
    if mean > _MANY:
        return max(0, round(random.gauss(mean, math.sqrt(mean))))
    limit, product, count = math.exp(-mean), random.random(), 0
    while product > limit:
        product *= random.random()
        count += 1
    return count


def draw_negative_binomial(random: Random, mean: float, shape: float) -> int:
    """A negative binomial count, with variance mean + mean² / shape."""
    return draw_poisson(random, random.gammavariate(shape, mean / shape)) if mean > 0 else 0


def draw_share(random: Random, trials: int, part: float, agreement: float) -> float:
    """A share observed in `trials`, 0 to 1: beta-binomial, in the normal approximation."""
    believed = random.betavariate(max(part * agreement, 0.01), max((1 - part) * agreement, 0.01))
    error = random.gauss(0, math.sqrt(believed * (1 - believed) / trials))
    return min(max(believed + error, 0.0), 1.0)


def draw_chance(random: Random, probability: float) -> bool:
    """True with this probability."""
    return random.random() < probability


_FESTIVAL_DIP = -0.6


def simulate_adoption(random: Random, almanac: Almanac) -> Simulated:
    """Shops joining a scheme: logistic growth up to a capacity, sometimes a policy that changes the rate."""
    first = draw_first_month(random, 2023, 2025) - 1
    capacity = random.uniform(150, 1500)
    level = round(capacity * random.uniform(0.03, 0.25))
    rate, churn = random.uniform(0.03, 0.1), random.uniform(0.0, 0.01)
    season = almanac.make_season(random, 0.2, _FESTIVAL_DIP)
    policy = random.choice(months_from(first)) if draw_chance(random, 0.5) else 0
    values = []
    for month in months_from(first):
        if month == policy:
            rate *= random.uniform(0.4, 2.5)
        mean = rate * level * max(0.0, 1 - level / capacity) * season(month)
        level = max(
            0, level + draw_negative_binomial(random, mean, 4.0) - draw_poisson(random, churn * level)
        )
        values.append(float(level))
    return _make_stock(random, first, values)


def simulate_registry(random: Random, almanac: Almanac) -> Simulated:
    """Firms on a register: openings at a varying rate, occasional batches, closures."""
    first = draw_first_month(random, 2023, 2025) - 1
    level = random.randrange(20, 500)
    openings, churn = level * random.uniform(0.005, 0.03), random.uniform(0.001, 0.008)
    season = almanac.make_season(random, 0.3, _FESTIVAL_DIP)
    values = []
    for month in months_from(first):
        openings *= random.lognormvariate(0.0, 0.05)
        batch = draw_poisson(random, 0.06 * level) if draw_chance(random, 0.03) else 0
        opened = draw_negative_binomial(random, openings * season(month), 3.0) + batch
        level = max(0, level + opened - draw_poisson(random, churn * level))
        values.append(float(level))
    return _make_stock(random, first, values)


def simulate_bust(random: Random, almanac: Almanac) -> Simulated:
    """Not fitted to: a boom, then from some month on more closures than openings."""
    first = draw_first_month(random, 2023, 2025) - 1
    level, openings = random.randrange(50, 400), random.uniform(2, 10)
    season = almanac.make_season(random, 0.2, _FESTIVAL_DIP)
    turn = random.choice(months_from(PLANNED))
    values = []
    for month in months_from(first):
        closing = 0.005 if month < turn else 0.03
        opened = draw_negative_binomial(random, openings * season(month), 4.0)
        level = max(0, level + opened - draw_poisson(random, closing * level))
        values.append(float(level))
    return _make_stock(random, first, values)


def _make_stock(random: Random, first: int, values: list[float]) -> Simulated:
    base = values[PLANNED - first]
    target = round(base + max(1.0, draw_planned_gain(random, values, first)))
    return Simulated(Goal("stock", ">=", target, base, 2025), History(first, values))


def simulate_sales(random: Random, almanac: Almanac) -> Simulated:
    """Sales: growth that changes in unknown months, autocorrelated errors."""
    first = draw_first_month(random, 2022, 2024)
    level, growth = math.log(random.uniform(10, 1000)), random.gauss(0.05, 0.05)
    season = almanac.make_season(random, 0.15, random.uniform(-0.3, 0.4))
    memory, noise, error = random.uniform(0.0, 0.7), random.uniform(0.01, 0.05), 0.0
    values = []
    for month in months_from(first):
        if draw_chance(random, 1 / 36):
            growth = random.gauss(0.05, 0.05)
        level += growth / 12
        error = memory * error + random.gauss(0, noise)
        values.append(math.exp(level + error) * season(month))
    return _make_flow(random, first, values)


def simulate_visits(random: Random, almanac: Almanac) -> Simulated:
    """Visits: growth that fades, very uneven months, sometimes a policy that shifts the level permanently."""
    first = draw_first_month(random, 2022, 2024)
    level, growth = math.log(random.uniform(1e4, 1e7)), random.uniform(0.05, 0.35)
    season = almanac.make_season(random, 0.3, random.uniform(-0.2, 1.0))
    fading, shape = random.uniform(0.95, 0.995), random.uniform(30, 200)
    policy = random.choice(months_from(first)) if draw_chance(random, 0.4) else 0
    values = []
    for month in months_from(first):
        growth *= fading
        level += growth / 12 + (random.gauss(0, 0.12) if month == policy else 0.0)
        values.append(math.exp(level) * season(month) * random.gammavariate(shape, 1 / shape))
    return _make_flow(random, first, values)


def simulate_shock(random: Random, almanac: Almanac) -> Simulated:
    """Not fitted to: a sudden loss of 20 to 60 %, from which the level recovers within a year or two."""
    first = draw_first_month(random, 2022, 2024)
    level, growth = random.uniform(100, 1000), random.gauss(0.05, 0.03)
    season = almanac.make_season(random, 0.2, 0.3)
    struck, lost = random.choice(months_from(PLANNED)), random.uniform(0.2, 0.6)
    recovery = random.uniform(4, 15)
    values = []
    for month in months_from(first):
        missing = lost * math.exp((struck - month) / recovery) if month >= struck else 0.0
        level *= math.exp(growth / 12)
        values.append(level * (1 - missing) * season(month) * random.lognormvariate(0, 0.03))
    return _make_flow(random, first, values)


def _make_flow(random: Random, first: int, values: list[float]) -> Simulated:
    base = sum(values[PLANNED - first - 11 : PLANNED - first + 1])
    target = base * math.exp(5 * random.gauss(0.06, 0.05))
    return Simulated(Goal("annual_flow", ">=", target, base, 2025), History(first, values))


_FIRST_MONTH = PLANNED + 1


def simulate_events(random: Random, almanac: Almanac) -> Simulated:
    """Events held: overdispersed counts with a season, a drift, and sometimes a change of policy."""
    start = mean = random.uniform(3, 60)
    drift, shape = random.gauss(0.0, 0.12), random.uniform(2, 12)
    season = almanac.make_season(random, 0.4, -0.5)
    policy = random.choice(months_from(_FIRST_MONTH)) if draw_chance(random, 0.4) else 0
    counts = []
    for month in months_from(_FIRST_MONTH):
        mean *= (1 + drift) ** (1 / 12) * (random.uniform(0.5, 2.0) if month == policy else 1.0)
        counts.append(draw_negative_binomial(random, mean * season(month), shape))
    return _make_total(random, counts, 60 * start)


def simulate_rare_events(random: Random, almanac: Almanac) -> Simulated:
    """Rare events: a few per year, the first of them after a period of preparation."""
    mean = random.uniform(0.1, 1.5)
    season, ready = almanac.make_season(random, 0.3, -0.5), _FIRST_MONTH + random.randrange(12)
    counts = [
        draw_poisson(random, mean * season(month)) if month >= ready else 0
        for month in months_from(_FIRST_MONTH)
    ]
    return _make_total(random, counts, 60 * mean)


def simulate_deadline_rush(random: Random, almanac: Almanac) -> Simulated:
    """Not fitted to: growing activity towards the deadline, with peaks in December."""
    mean, season = random.uniform(2, 20), almanac.make_season(random, 0.2, -0.5)
    steep = random.uniform(0.0, 2.0)
    counts = []
    for month in months_from(_FIRST_MONTH):
        hurry = 1 + steep * (1 - (HORIZON - month) / 60)
        counts.append(
            draw_negative_binomial(random, mean * hurry * season(month) * (3 if month % 12 == 11 else 1), 4.0)
        )
    return _make_total(random, counts, 60 * mean)


def _make_total(random: Random, counts: Sequence[int], hoped: float) -> Simulated:
    target = max(1, round(hoped * random.lognormvariate(0.0, 0.35)))
    return Simulated(
        Goal("cumulative", ">=", target, 0.0, 2025),
        History(_FIRST_MONTH, [float(n) for n in accumulate(counts)]),
    )


def simulate_coverage(random: Random, _almanac: Almanac) -> Simulated:
    """Coverage approaching a ceiling, in samples of varying size; sometimes a campaign raises it at once."""
    first = draw_first_month(random, 2023, 2025) - 1
    part, ceiling = random.uniform(0.15, 0.6), random.uniform(0.65, 0.99)
    speed, trials = random.uniform(0.005, 0.05), random.randrange(50, 3000)
    agreement = random.uniform(200, 5000)
    values = []
    for _ in months_from(first):
        jump = random.uniform(0.05, 0.3) if draw_chance(random, 1 / 48) else 0.0
        part += (speed + jump) * (ceiling - part)
        values.append(100 * draw_share(random, trials, part, agreement))
    return _make_ratio(first, values, ">=", random.uniform(0.2, 0.8))


def simulate_wandering_share(random: Random, _almanac: Almanac) -> Simulated:
    """A share that varies around a level, which shifts occasionally in either direction."""
    first = draw_first_month(random, 2023, 2025) - 1
    middle, away = random.gauss(0.0, 1.2), 0.0
    memory, noise = random.uniform(0.5, 0.95), random.uniform(0.02, 0.12)
    trials = random.randrange(100, 5000)
    values = []
    for _ in months_from(first):
        middle += random.gauss(0, 0.4) if draw_chance(random, 1 / 30) else 0.0
        away = memory * away + random.gauss(0, noise)
        values.append(100 * draw_share(random, trials, 1 / (1 + math.exp(-middle - away)), 5000))
    return _make_ratio(first, values, ">=" if draw_chance(random, 0.5) else "<=", random.uniform(0.0, 0.2))


def simulate_steps(random: Random, _almanac: Almanac) -> Simulated:
    """Not fitted to: constant for a long time, then changed by a reform within a month."""
    first = draw_first_month(random, 2023, 2025) - 1
    part, trials = random.uniform(0.2, 0.7), random.randrange(500, 5000)
    reforms = {random.choice(months_from(first)) for _ in range(random.randrange(4))}
    values = []
    for month in months_from(first):
        part += (0.97 - part) * random.uniform(0.1, 0.5) if month in reforms else 0.0
        values.append(100 * draw_share(random, trials, part, 5000))
    return _make_ratio(first, values, ">=", random.uniform(0.0, 0.5))


def _make_ratio(first: int, values: list[float], op: Op, closed: float) -> Simulated:
    """A target that closes the share `closed` of the gap to the best possible value."""
    base = values[PLANNED - first]
    target = base + closed * (100 - base if op == ">=" else -base)
    return Simulated(Goal("ratio", op, target, base, 2025), History(first, values))
