"""A value with everything needed to judge it, or the reason why there is none."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from functools import wraps
from math import sqrt
from typing import ParamSpec, TypeVar

from .cause import Cause, Code
from .spans import Span

Interval = tuple[float, float]

Z_95 = 1.959963984540054
"""The standard normal's 97.5 % point."""


def compute_wilson_interval(successes: int, n: int, z: float = Z_95) -> Interval:
    """Wilson's score interval of a share, as two numbers from 0 to 1.

    centre ± half-width, (p + z²/2n ± z·√(p(1 − p)/n + z²/4n²)) ÷ (1 + z²/n) (Wilson 1927).
    Raises ValueError unless 0 ≤ successes ≤ n and n > 0.
    """
    if not 0 <= successes <= n or n == 0:
        raise ValueError(f"successes: {successes} of {n} is not a share; count successes within a sample")
    share, spread = successes / n, z * z / n
    centre = (share + spread / 2) / (1 + spread)
    half = z * sqrt(share * (1 - share) / n + spread / (4 * n)) / (1 + spread)
    low = 0.0 if successes == 0 else max(0.0, centre - half)
    high = 1.0 if successes == n else min(1.0, centre + half)
    return low, high


P = ParamSpec("P")
T = TypeVar("T")

MINIMUM_N = 30
"""Fewer observations than this allow no verdict, unless a formula names another number."""


class Absent(Cause):
    """There is no value; the code is the reason."""

    __slots__ = ()


class NoValue(Exception):
    """A formula has no value; `return_absent` turns the error into the formula's result."""

    def __init__(self, absent: Absent) -> None:
        super().__init__(repr(absent))
        self.absent = absent


def require_value(value: T | Absent) -> T:
    """The value. Raises NoValue with the reason where there is none."""
    if isinstance(value, Absent):
        raise NoValue(value)
    return value


def return_absent(formula: Callable[P, T]) -> Callable[P, T | Absent]:
    """The formula, returning Absent with the reason where it raises NoValue."""

    @wraps(formula)
    def call(*args: P.args, **kwargs: P.kwargs) -> T | Absent:
        try:
            return formula(*args, **kwargs)
        except NoValue as none:
            return none.absent

    return call


@dataclass(frozen=True)
class Origin:
    """Where a value comes from.

    `computed_from` describes the cells or latest values; `families` are the feeds it depends on. `begins` is
    set where the facts begin later than the span, so that the days before are missing.
    """

    span: Span
    computed_from: str
    families: tuple[str, ...]
    begins: date | None = None


@dataclass(frozen=True)
class Value:
    """An exact amount in `unit`."""

    amount: Fraction
    unit: str
    origin: Origin


@dataclass(frozen=True)
class Quotient(Value):
    """Numerator ÷ denominator, whole numbers, from `n` observations.

    With fewer than `minimum` there is a value, but no verdict.
    """

    numerator: int
    denominator: int
    n: int
    minimum: int

    @property
    def conclusive(self) -> bool:
        """Whether there are enough observations for a verdict."""
        return self.n >= self.minimum

    @property
    def interval(self) -> Interval | None:
        """None: only a share has an interval."""
        return None


@dataclass(frozen=True)
class Share(Quotient):
    """The part of the denominator that is in the numerator, in percent."""

    @property
    def interval(self) -> Interval | None:
        """The 95 % interval of the true share, in percent (Wilson); None where the numerator is not part of
        the denominator, which happens while corrections are still arriving."""
        if not 0 <= self.numerator <= self.denominator:
            return None
        low, high = compute_wilson_interval(self.numerator, self.denominator)
        return 100 * low, 100 * high


def build_count(number: int, origin: Origin) -> Value:
    """A number of things."""
    return Value(Fraction(number), "count", origin)


def build_share(numerator: int, denominator: int, origin: Origin, minimum: int = MINIMUM_N) -> Share:
    """A share of a count, in percent. Raises NoValue unless the denominator is above 0."""
    amount = 100 * _divide_exactly(numerator, denominator)
    return Share(amount, "percent", origin, numerator, denominator, denominator, minimum)


def build_quotient(numerator: int, denominator: int, n: int, unit: str, origin: Origin) -> Quotient:
    """Numerator ÷ denominator in the unit, times 100 where that is percent. Raises NoValue unless the
    denominator is above 0."""
    amount = _divide_exactly(numerator, denominator) * (100 if unit == "percent" else 1)
    return Quotient(amount, unit, origin, numerator, denominator, n, MINIMUM_N)


def _divide_exactly(numerator: int, denominator: int) -> Fraction:
    if denominator <= 0:
        raise NoValue(Absent(Code.ZERO_DENOMINATOR))
    return Fraction(numerator, denominator)
