"""The cases of a backtest: one seed, one indicator, one horizon."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from random import Random

from tidemark.streams.indicators.projection.constants import Constants
from tidemark.streams.indicators.projection.history import NoProjection
from tidemark.streams.indicators.projection.outlook import Outlook
from tidemark.streams.indicators.projection.project import HORIZON, LEVELS, compute_probability, fit_outlook
from tidemark.streams.indicators.targets.goal import Kind

from . import histories
from .world import Almanac, Maker, Simulated

TUNING_SEEDS = range(100_001, 100_151)
HELD_OUT_SEEDS = range(1_001, 11_001)
"""`tidemark backtest --seeds N` takes the first N."""


Table = Mapping[Kind, Constants]

HORIZONS = (6, 12, 24, 36, 48)
"""Months ahead of December 2030."""

TUNED: Mapping[str, Maker] = {
    "adoption": histories.simulate_adoption,
    "registry": histories.simulate_registry,
    "sales": histories.simulate_sales,
    "visits": histories.simulate_visits,
    "events": histories.simulate_events,
    "rare": histories.simulate_rare_events,
    "coverage": histories.simulate_coverage,
    "standing": histories.simulate_wandering_share,
}
"""Kinds of history that the constants were fitted to, on other seeds."""

STRANGE: Mapping[str, Maker] = {
    "bust": histories.simulate_bust,
    "shock": histories.simulate_shock,
    "rush": histories.simulate_deadline_rush,
    "steps": histories.simulate_steps,
}
"""Kinds that no constants were fitted to: they show how projections do in an unexpected world."""


@dataclass(frozen=True)
class Case:
    """One projection and its outcome.

    `covered`: whether the outcome was inside the range of each of LEVELS; `probability`: the projected
    probability of meeting the target; `met`: whether it was met.
    """

    seed: int
    indicator: str
    kind: Kind
    months: int
    covered: tuple[bool, ...]
    probability: float
    met: bool


@dataclass(frozen=True)
class Declined:
    """A case without a projection, and the reason."""

    indicator: str
    months: int
    reason: NoProjection


def simulate(seed: int, indicator: str, almanac: Almanac) -> Simulated:
    """A history that depends on the seed and the indicator only, whatever else is simulated."""
    maker = TUNED.get(indicator) or STRANGE[indicator]
    return maker(Random(f"{seed}|{indicator}"), almanac)  # noqa: S311  a model, not a secret


def project_cases(
    seed: int, indicators: Iterable[str], almanac: Almanac, constants: Table
) -> Iterator[Case | Declined]:
    """Project all cases of a seed."""
    for indicator in indicators:
        simulated = simulate(seed, indicator, almanac)
        for months in HORIZONS:
            history = simulated.cut_history(HORIZON - months)
            projected = fit_outlook(simulated.goal, history, constants)
            if isinstance(projected, NoProjection):
                yield Declined(indicator, months, projected)
            else:
                yield _make_case((seed, indicator, months), simulated, projected)


def _make_case(which: tuple[int, str, int], simulated: Simulated, projected: Outlook) -> Case:
    seed, indicator, months = which
    return Case(
        seed,
        indicator,
        simulated.goal.kind,
        months,
        tuple(_covers(projected, level, simulated.outcome) for level in LEVELS),
        compute_probability(simulated.goal, projected),
        simulated.goal.is_reached_by(simulated.outcome),
    )


def _covers(projected: Outlook, level: float, outcome: float) -> bool:
    return projected.quantile((1 - level) / 2) <= outcome <= projected.quantile((1 + level) / 2)
