"""Fixed bucket bounds; every threshold of the alert rules is one of them."""

from bisect import bisect_left
from collections.abc import Sequence

_HOUR = 3_600
_DAY = 24 * _HOUR

DURATION_BOUNDS_S: tuple[int, ...] = (
    1, 5, 10, 30, 60, 120, 300, 600, 900, 1_800, 3_600,
    2 * _HOUR, 6 * _HOUR, 12 * _HOUR, _DAY,
    2 * _DAY, 7 * _DAY, 30 * _DAY, 90 * _DAY,
)  # fmt: skip
"""Upper bounds in seconds, inclusive."""

AUTHORISATION_BOUNDS_MS: tuple[int, ...] = (50, 100, 200, 500, 1_000, 2_000, 5_000, 10_000)
"""Upper bounds in milliseconds, inclusive."""


def observation(value: int, bounds: Sequence[int]) -> tuple[int, ...]:
    """One value as a vector: a count per bucket (the last above all bounds), then the value."""
    vector = [0] * (len(bounds) + 2)
    vector[bisect_left(bounds, value)] = 1
    vector[-1] = value
    return tuple(vector)
