"""Intervals for shares of small samples."""

from math import sqrt

Interval = tuple[float, float]

Z_95 = 1.959963984540054
"""The standard normal's 97.5 % point."""


def wilson(successes: int, n: int, z: float = Z_95) -> Interval:
    """Wilson's score interval of a share, as two numbers from 0 to 1.

    centre ± half-width, (p + z²/2n ± z·√(p(1 − p)/n + z²/4n²)) ÷ (1 + z²/n) (Wilson 1927).
    Raises ValueError unless 0 ≤ successes ≤ n and n > 0.
    """
    if not 0 <= successes <= n or n == 0:
        raise ValueError(f"successes: {successes} of {n} is no share; count successes within a sample")
    share, spread = successes / n, z * z / n
    centre = (share + spread / 2) / (1 + spread)
    half = z * sqrt(share * (1 - share) / n + spread / (4 * n)) / (1 + spread)
    low = 0.0 if successes == 0 else max(0.0, centre - half)
    high = 1.0 if successes == n else min(1.0, centre + half)
    return low, high
