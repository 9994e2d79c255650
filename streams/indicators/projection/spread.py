"""The shape of a projection's error: mostly calm, sometimes a break."""

from functools import lru_cache
from statistics import NormalDist

_CALM = NormalDist()
_BREAKS = 0.2
_HALVINGS = 60


class Spread:
    """A mixture of two centred normal distributions: four times in five of width 1, else of width `tail`.

    Fat tails with few parameters (Tukey's contaminated normal): trends usually go on, and when they
    break, they break by more than the usual month suggests.
    """

    def __init__(self, tail: float) -> None:
        self._broken = NormalDist(0.0, tail)

    def cdf(self, x: float) -> float:
        """The probability of an error of at most x."""
        return (1 - _BREAKS) * _CALM.cdf(x) + _BREAKS * self._broken.cdf(x)

    def pdf(self, x: float) -> float:
        """The density at x."""
        return (1 - _BREAKS) * _CALM.pdf(x) + _BREAKS * self._broken.pdf(x)

    def quantile(self, probability: float) -> float:
        """The error that is not exceeded with this probability, 0 < probability < 1."""
        low = min(_CALM.inv_cdf(probability), self._broken.inv_cdf(probability))
        high = max(_CALM.inv_cdf(probability), self._broken.inv_cdf(probability))
        for _ in range(_HALVINGS):
            middle = (low + high) / 2
            low, high = (middle, high) if self.cdf(middle) < probability else (low, middle)
        return (low + high) / 2


@lru_cache(maxsize=1 << 10)
def compute_quantile(tail: float, probability: float) -> float:
    """Spread(tail).quantile(probability), cached."""
    return Spread(tail).quantile(probability)
