"""A target of the plan as the formulas of pace read it."""

import math
from dataclasses import dataclass
from datetime import date
from typing import Literal, NamedTuple

Kind = Literal["stock", "annual_flow", "cumulative", "ratio", "growth", "rank", "ambiguous"]
"""What sort of number a target is."""

Op = Literal[">=", ">", "<=", "<"]
"""How a value must compare with the target."""

Path = Literal["linear", "geometric", "milestone"]
"""How a path runs from its baseline to its target; a milestone path rises in dated steps."""

PLAN_START = date(2025, 12, 31)
PLAN_END = date(2030, 12, 31)


class GoalInvalid(ValueError):
    """A goal whose path cannot be computed."""


class Step(NamedTuple):
    """The value that a milestone path reaches on the day `due`."""

    due: date
    value: float


@dataclass(frozen=True)
class Goal:
    """A target for 31 December 2030 and its baseline, in one unit.

    The baseline is the value on 31 December of its year. `steps` are those of a milestone path, sorted by
    day. Raises GoalInvalid.
    """

    kind: Kind
    op: Op
    target: float
    baseline: float | None = None
    baseline_year: int | None = None
    path: Path = "linear"
    steps: tuple[Step, ...] = ()

    def __post_init__(self) -> None:
        if not math.isfinite(self.target) or not math.isfinite(self.baseline or 0):
            raise GoalInvalid("target, baseline: not finite; give finite numbers")
        if (self.baseline is None) != (self.baseline_year is None):
            raise GoalInvalid("baseline, baseline_year: one without the other; give both or neither")
        if self.baseline_year is not None and self.baseline_year >= PLAN_END.year:
            raise GoalInvalid(
                f"baseline_year: {self.baseline_year} is not before {PLAN_END.year}; give an earlier year"
            )
        if self.path == "geometric" and (self.target <= 0 or (self.baseline or 0) <= 0):
            raise GoalInvalid("path: geometric needs a baseline and a target above 0; use linear")
        if list(self.steps) != sorted(self.steps):
            raise GoalInvalid("steps: not sorted by day; sort them")

    @property
    def higher_is_better(self) -> bool:
        """Whether the target is a floor, not a ceiling."""
        return self.op in {">=", ">"}

    def is_reached_by(self, value: float) -> bool:
        """Whether the value meets the target, by the operator."""
        match self.op:
            case ">=":
                return value >= self.target
            case ">":
                return value > self.target
            case "<=":
                return value <= self.target
            case "<":
                return value < self.target
