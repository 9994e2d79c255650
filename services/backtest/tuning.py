"""Fits the constants of the projections: `python -m tidemark.services.backtest.tuning` prints them.

Maximum likelihood over the tuning seeds, by coordinate descent. The seeds and the kinds of history that
are held out for the backtest are not used.
"""

import math
from collections.abc import Callable, Iterable, Sequence
from dataclasses import astuple, fields, replace

from rich.console import Console

from tidemark.streams.indicators.calendar.china import ChinaCalendar
from tidemark.streams.indicators.projection.constants import CONSTANTS, Constants
from tidemark.streams.indicators.projection.history import NoProjection
from tidemark.streams.indicators.projection.outlook import Outlook
from tidemark.streams.indicators.projection.project import HORIZON, fit_outlook
from tidemark.streams.indicators.projection.spread import Spread
from tidemark.streams.indicators.targets.goal import Kind

from .cases import HORIZONS, TUNED, TUNING_SEEDS, simulate
from .world import Almanac, Simulated

_START = Constants(
    damping=0.97, recent=0.5, once=0.5, monthly=0.3, breaks=0.3, usual=0.002, unsure=0.1, tail=2.5
)
_STEPS = (0.8, 0.3, 0.1)
_ROUNDS = 3
_SMALLEST, _NEAREST_TO_ONE = 1e-4, 0.999
_ENOUGH = 1e-4
_UNLIKELY = 1e-12

Loss = Callable[[Constants], float]


def fit(kind: Kind, histories: Sequence[Simulated]) -> Constants:
    """The constants that maximise the likelihood of the histories' outcomes."""
    return descend(_START, lambda constants: compute_loss(histories, {kind: constants}))


def compute_loss(histories: Iterable[Simulated], constants: dict[Kind, Constants]) -> float:
    """The mean negative log density of the outcomes, over all horizons."""
    losses = [
        -math.log(max(_density(result, simulated.outcome), _UNLIKELY))
        for simulated in histories
        for months in HORIZONS
        if not isinstance(
            result := fit_outlook(simulated.goal, simulated.cut_history(HORIZON - months), constants),
            NoProjection,
        )
    ]
    return sum(losses) / len(losses)


def descend(start: Constants, of: Loss) -> Constants:
    """Minimise the loss by changing one constant at a time on the logarithmic scale, in decreasing steps."""
    best, least = start, of(start)
    for step in _STEPS:
        for _ in range(_ROUNDS):
            before = least
            for field in fields(start):
                for factor in (math.exp(step), math.exp(-step)):
                    tried = _scale_constant(best, field.name, factor)
                    value = of(tried)
                    if value < least:
                        best, least = tried, value
                        break
            if before - least < _ENOUGH:
                break
    return best


def _scale_constant(constants: Constants, name: str, factor: float) -> Constants:
    """Multiply one constant by the factor, or its odds if it must stay below 1."""
    value: float = getattr(constants, name)
    if name in {"damping", "recent"}:
        odds = value / (1 - value) * factor
        return replace(constants, **{name: min(odds / (1 + odds), _NEAREST_TO_ONE)})
    return replace(constants, **{name: max(value * factor, 1.0 if name == "tail" else _SMALLEST)})


def _density(projected: Outlook, outcome: float) -> float:
    """The density on the model's scale; at the floor, the probability of everything below it."""
    z = projected.scale.forth(outcome)
    if z == -math.inf:
        return projected.below(math.nextafter(outcome, math.inf))
    return Spread(projected.tail).pdf((z - projected.centre) / projected.width) / projected.width


def main() -> None:
    """Fit and print the constants of all kinds."""
    almanac, out = Almanac(ChinaCalendar()), Console(soft_wrap=True)
    histories = [simulate(seed, name, almanac) for seed in TUNING_SEEDS for name in TUNED]
    for kind in CONSTANTS:
        constants = fit(kind, [history for history in histories if history.goal.kind == kind])
        numbers = ", ".join(f"{value:.3g}" for value in astuple(constants))
        out.print(f'    "{kind}": Constants({numbers}),', highlight=False)


if __name__ == "__main__":
    main()
