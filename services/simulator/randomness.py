"""Chance that is the same on every machine and version.

Only random(), getrandbits() and plain arithmetic are used: exp, log and the library's distributions
may differ in the last digit between platforms and versions, and so does sum() of floats.
"""

from base64 import b32encode
from collections.abc import Sequence
from random import Random
from typing import TypeVar

T = TypeVar("T")


class RandomStreams:
    """Independent random numbers for every part of the model, from one seed."""

    def __init__(self, seed: int) -> None:
        self._seed = seed

    def derive(self, *parts: object) -> Random:
        """The random numbers of one part, for example ("refund", day)."""
        return Random("|".join(str(part) for part in (self._seed, *parts)))  # noqa: S311  a model, not a secret


def roughly(random: Random, mean: float) -> int:
    """A whole number around the mean, within 40 %; its expectation is the mean."""
    return int(mean * (0.6 + 0.8 * random.random()) + random.random())


def pick(random: Random, values: Sequence[T]) -> T:
    """One of the values, each as likely."""
    return values[int(random.random() * len(values))]


def between(random: Random, low: int, high: int) -> int:
    """A whole number low ≤ n < high, each as likely."""
    return low + int(random.random() * (high - low))


def draw_skewed(random: Random, low: int, high: int) -> int:
    """low ≤ n ≤ high, small values more likely: a Pareto distribution (shape 1) cut off at high."""
    return int(low / (1 - random.random() * (1 - low / high)))


def token(random: Random) -> str:
    """An identifier of the kind that data holders make: 16 characters of base32."""
    return b32encode(random.getrandbits(80).to_bytes(10, "big")).decode()


def shuffle(random: Random, values: Sequence[T]) -> list[T]:
    """The values in another order."""
    order = sorted((random.random(), index) for index in range(len(values)))
    return [values[index] for _, index in order]
