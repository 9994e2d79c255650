"""The constants of the projections, one set for each kind.

Tuned by `python -m tidemark.services.backtest.tuning` on simulated histories with seeds that `tidemark
backtest` does not use.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from tidemark.streams.indicators.targets.goal import Kind


@dataclass(frozen=True)
class Constants:
    """How a trend continues, and how large the error is.

    `damping`: the part of the trend that is left after a month, below 1. `recent`: the weight of the last
    year's trend against the whole history's. Of the error: `once` and `monthly`, in variances of a month's
    noise, at the start and for each month ahead; `breaks`, in parts of the trend, and `usual`, in parts of
    the level, for two years ahead; `unsure`, in parts of a month's noise, for a history of two years. `tail`:
    how much wider a break is (see Spread).
    """

    damping: float
    recent: float
    once: float
    monthly: float
    breaks: float
    usual: float
    unsure: float
    tail: float


CONSTANTS: Mapping[Kind, Constants] = {
    "stock": Constants(0.975, 0.973, 2.74, 0.0904, 0.3, 0.00148, 0.448, 2.76),
    "cumulative": Constants(0.999, 0.881, 0.746, 0.0818, 0.149, 0.002, 0.406, 2.76),
    "ratio": Constants(0.936, 0.0356, 1.83, 0.668, 0.201, 0.00664, 0.00743, 2.5),
    "annual_flow": Constants(0.96, 0.426, 0.151, 0.0082, 0.222, 0.00364, 0.00273, 2.05),
}
"""By kind; a kind that is not here is not projected."""
