"""The projection of an indicator to 31 December 2030, and the probability of meeting its target."""

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from tidemark.streams.contracts.civil import month_at, month_of
from tidemark.streams.indicators.targets.goal import PLAN_END, Goal, Kind

from .constants import CONSTANTS, Constants
from .flows import project_annual_flow
from .history import History, NoProjection
from .levels import project_cumulative, project_ratio, project_stock
from .outlook import Outlook

HORIZON = month_of(PLAN_END)
"""December 2030."""

LEVELS = (0.5, 0.8, 0.95)
"""The probabilities of the central intervals that are given."""

_PLAN_FIRST = month_at(PLAN_END.year - 4)
_MODELS: Mapping[Kind, Callable[[Sequence[float], int, Constants], Outlook | NoProjection]] = {
    "stock": project_stock,
    "cumulative": project_cumulative,
    "ratio": project_ratio,
    "annual_flow": project_annual_flow,
}


class Range(NamedTuple):
    """A central interval."""

    low: float
    high: float


@dataclass(frozen=True)
class Projection:
    """The value on 31 December 2030, in the goal's unit; of an annual flow, the amount of 2030.

    `ranges`: the central 50, 80 and 95 % intervals, in this order. `probability`: of meeting the target.
    """

    median: float
    ranges: tuple[Range, ...]
    probability: float


def project_value(goal: Goal, history: History) -> Projection | NoProjection:
    """Project a history to the horizon, or return why that is not possible."""
    outlook = fit_outlook(goal, history)
    if isinstance(outlook, NoProjection):
        return outlook
    return Projection(
        median=outlook.quantile(0.5),
        ranges=tuple(
            Range(outlook.quantile((1 - share) / 2), outlook.quantile((1 + share) / 2)) for share in LEVELS
        ),
        probability=compute_probability(goal, outlook),
    )


def compute_probability(goal: Goal, outlook: Outlook) -> float:
    """The probability that the target is met."""
    below = outlook.below(goal.target)
    return 1 - below if goal.higher_is_better else below


def fit_outlook(
    goal: Goal, history: History, constants: Mapping[Kind, Constants] = CONSTANTS
) -> Outlook | NoProjection:
    """The model fitted to a history."""
    model, kind_constants = _MODELS.get(goal.kind), constants.get(goal.kind)
    if model is None or kind_constants is None or goal.path == "milestone":
        return NoProjection.KIND
    values = [value for value in history.values if value is not None and math.isfinite(value)]
    if len(values) < len(history.values):
        return NoProjection.GAPS
    months = HORIZON - history.last
    if months <= 0:
        return NoProjection.OVER
    if goal.kind == "cumulative" and history.first == _PLAN_FIRST:
        values.insert(0, 0.0)
    return model(values, months, kind_constants)
