"""The model of all projections: a damped trend, and an error that grows with the months ahead.

On a scale where an indicator's errors are alike everywhere (its own unit, the logit, the logarithm),
the value h months ahead is z + trend · D + error, D = φ + φ² + … + φ^h (the damped trend of Gardner
and McKenzie 1985). The error's variance is the sum of

- noise² · (once · apart + monthly · h): months differ;
- ((breaks · trend)² + (usual · size)²) · h/24 · D²: trends break, the likelier the longer they have to last;
- (unsure · noise)² · 24/n · D²: n months of noise show a trend only roughly.
"""

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from statistics import fmean
from typing import NamedTuple

from .constants import Constants
from .spread import Spread, compute_quantile

_SPAN = 24
"""The months that the constants `breaks` and `unsure` are stated for."""


class Scale(NamedTuple):
    """`back`: from the model's scale to the unit; `forth`: its inverse; both increase."""

    back: Callable[[float], float]
    forth: Callable[[float], float]


class Trend(NamedTuple):
    """The trend of a history of `months`: the change per month over its last year (`recent`) and all of it
    (`whole`), and the noise.

    `size`: what a change is compared with, the level itself; 1 on the logarithmic and logit scales. `apart`:
    12 ÷ the months that are added up, whose noise partly cancels; 1 for a whole year.
    """

    recent: float
    whole: float
    noise: float
    months: int
    size: float
    apart: float = 1.0

    def blend_changes(self, constants: Constants) -> float:
        """The change per month that continues."""
        return constants.recent * self.recent + (1 - constants.recent) * self.whole


@dataclass(frozen=True)
class Outlook:
    """The value on the horizon: back(centre + width · error)."""

    centre: float
    width: float
    tail: float
    scale: Scale

    def quantile(self, probability: float) -> float:
        """The value not exceeded with this probability."""
        return self.scale.back(self.centre + self.width * compute_quantile(self.tail, probability))

    def below(self, value: float) -> float:
        """The probability of a value below the given one."""
        return Spread(self.tail).cdf((self.scale.forth(value) - self.centre) / self.width)


def compute_deviation(values: Sequence[float]) -> float:
    """The standard deviation of some values, in floats: statistics.pstdev is exact and ten times as slow."""
    mean = fmean(values)
    return math.sqrt(fmean((value - mean) ** 2 for value in values))


def sum_damping(months: int, constants: Constants) -> float:
    """D: how many months of the undamped trend the next `months` amount to."""
    left = constants.damping
    return left * (1 - left**months) / (1 - left)


def compute_width(trend: Trend, months: int, constants: Constants) -> float:
    """The error's standard deviation in calm times, `months` ahead."""
    noise = (constants.once * trend.apart + constants.monthly * months) * trend.noise**2
    broken = (constants.breaks * trend.blend_changes(constants)) ** 2 + (constants.usual * trend.size) ** 2
    breaks = broken * months / _SPAN
    unsure = (constants.unsure * trend.noise) ** 2 * _SPAN / trend.months
    return math.sqrt(noise + (breaks + unsure) * sum_damping(months, constants) ** 2)
