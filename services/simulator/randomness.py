"""Random numbers that are the same on every machine and version.

Only random(), getrandbits() and plain arithmetic are used: exp, log and the library's distributions
may differ in the last digit between platforms and versions, and so does sum() of floats.
"""

from base64 import b32encode
from collections.abc import Sequence
from random import Random
from typing import TypeVar

T = TypeVar("T")


class RandomStreams:
    """Independent streams of random numbers, one for each part of the model, from one seed."""

    def __init__(self, seed: int) -> None:
        self._seed = seed

    def derive(self, *parts: object) -> Random:
        """The random stream of one part, for example ("refund", day).

        The parts decide the numbers: changing one changes what is simulated (`MODEL` in simulation.py).
        """
        return Random("|".join(str(part) for part in (self._seed, *parts)))  # noqa: S311  a model, not a secret


def roughly(random: Random, mean: float) -> int:
    """A whole number within 40 % of the mean; its expected value is the mean."""
    return int(mean * (0.6 + 0.8 * random.random()) + random.random())


def pick(random: Random, values: Sequence[T]) -> T:
    """One of the values, all equally likely."""
    return values[int(random.random() * len(values))]


def between(random: Random, low: int, high: int) -> int:
    """A whole number low ≤ n < high, all equally likely."""
    return low + int(random.random() * (high - low))


def draw_skewed(random: Random, low: int, high: int) -> int:
    """A whole number low ≤ n ≤ high, mostly small: a Pareto distribution (shape 1) truncated at high."""
    return int(low / (1 - random.random() * (1 - low / high)))


def token(random: Random) -> str:
    """An identifier such as data holders issue: 16 characters of base32."""
    return b32encode(random.getrandbits(80).to_bytes(10, "big")).decode()


def shuffle(random: Random, values: Sequence[T]) -> list[T]:
    """The values in random order."""
    order = sorted((random.random(), index) for index in range(len(values)))
    return [values[index] for _, index in order]
