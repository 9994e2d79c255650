"""Scores of a set of cases: coverage, Brier score, reliability."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from math import ceil
from random import Random
from statistics import fmean
from typing import NamedTuple

from tidemark.streams.indicators.projection.project import LEVELS, Range

from .cases import Case

BOOTSTRAPS = 1000
BINS = 10


@dataclass(frozen=True)
class Scores:
    """The scores of some cases.

    `coverage`: the share of outcomes inside the range of each of LEVELS. `met`: the share of targets
    met. `brier`: the mean squared error of the probability; `skill`: 1 − Brier ÷ Brier of always
    forecasting `met`, None if all cases ended alike.
    """

    cases: int
    coverage: tuple[float, ...]
    met: float
    brier: float
    skill: float | None

    @property
    def errors(self) -> tuple[float, ...]:
        """The calibration error of each level: |coverage − level|, 0 to 1."""
        return tuple(abs(coverage - level) for coverage, level in zip(self.coverage, LEVELS, strict=True))


class Bin(NamedTuple):
    """Cases with similar probabilities: `forecast` is their mean, `met` the share of targets met."""

    low: float
    high: float
    cases: int
    forecast: float
    met: float


def score(cases: Sequence[Case]) -> Scores:
    """Score the cases. Raises ValueError if there are none."""
    if not cases:
        raise ValueError("cases: none; give at least one")
    met = fmean(case.met for case in cases)
    brier = fmean((case.probability - case.met) ** 2 for case in cases)
    climatology = met * (1 - met)
    return Scores(
        cases=len(cases),
        coverage=tuple(fmean(case.covered[level] for case in cases) for level in range(len(LEVELS))),
        met=met,
        brier=brier,
        skill=1 - brier / climatology if climatology else None,
    )


def compute_reliability(cases: Iterable[Case]) -> list[Bin]:
    """The reliability curve: cases by tenths of their probability, without empty tenths."""
    binned: dict[int, list[Case]] = {}
    for case in cases:
        binned.setdefault(min(int(case.probability * BINS), BINS - 1), []).append(case)
    return [
        Bin(
            number / BINS,
            (number + 1) / BINS,
            len(some),
            fmean(case.probability for case in some),
            fmean(case.met for case in some),
        )
        for number, some in sorted(binned.items())
    ]


def bootstrap_errors(cases: Iterable[Case], random: Random) -> tuple[Range, ...]:
    """The 95 % range of each level's calibration error, by resampling whole seeds with replacement.

    The cases of a seed share histories, so they are not independent; seeds are.
    """
    seeds = list(_count_by_seed(cases).values())
    drawn: list[list[float]] = [[] for _ in LEVELS]
    for _ in range(BOOTSTRAPS):
        some = random.choices(seeds, k=len(seeds))
        total = sum(counts[-1] for counts in some)
        for level, errors in enumerate(drawn):
            errors.append(abs(sum(counts[level] for counts in some) / total - LEVELS[level]))
    return tuple(_compute_range(errors) for errors in drawn)


def _count_by_seed(cases: Iterable[Case]) -> Mapping[int, list[int]]:
    """By seed, the number of outcomes inside each range, and last the number of cases."""
    counts: dict[int, list[int]] = {}
    for case in cases:
        counted = counts.setdefault(case.seed, [0] * (len(LEVELS) + 1))
        for level, inside in enumerate(case.covered):
            counted[level] += inside
        counted[-1] += 1
    return counts


def _compute_range(values: Sequence[float]) -> Range:
    ordered = sorted(values)
    return Range(ordered[int(0.025 * len(ordered))], ordered[ceil(0.975 * len(ordered)) - 1])
