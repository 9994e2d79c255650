"""Quantiles of durations, from net histogram cells, with their sample size."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import accumulate

from tidemark.streams.contracts.family import Measure
from tidemark.streams.contracts.published import Vector
from tidemark.streams.view.windows import Window, shortest

QUANTILES = (0.5, 0.9, 0.95)

MINIMUM_OBSERVATIONS = 60
"""Quantiles of fewer observations allow no verdict (docs/reference/alerts.md)."""


@dataclass(frozen=True)
class Times:
    """The durations within a window, as counts by the measure's buckets."""

    window: Window
    counts: Sequence[int]
    bounds: Sequence[int]

    @property
    def n(self) -> int:
        """The number of observations."""
        return sum(self.counts)

    @property
    def conclusive(self) -> bool:
        """Whether there are enough observations for a verdict."""
        return self.n >= MINIMUM_OBSERVATIONS

    @property
    def quantiles(self) -> dict[float, float]:
        """By each share of QUANTILES, the duration that it did not exceed, in the measure's unit; empty
        without observations."""
        return {q: compute_quantile(self.counts, self.bounds, q) for q in QUANTILES} if self.n else {}


def compute_times(
    measure: Measure, sums: Iterable[tuple[Window, Mapping[tuple[str, ...], Vector]]]
) -> dict[tuple[str, ...], Times]:
    """Durations by label values, over the shortest window with the minimum sample, else over the longest.

    `sums`: the vectors of the measure over each window, shortest first; label values of one window count for
    all.
    """
    windows = list(sums)
    bounds = measure.bounds or ()
    every = set().union(*(vectors for _, vectors in windows))
    times = (
        (
            window,
            {
                key: Times(window, extract_bucket_counts(vectors.get(key, ()), bounds), bounds)
                for key in every
            },
        )
        for window, vectors in windows
    )
    return {
        key: chosen
        for key, (_, chosen) in shortest(times, lambda times_of_key: times_of_key.conclusive).items()
    }


def extract_bucket_counts(vector: Sequence[int], bounds: Sequence[int]) -> list[int]:
    """The counts of a histogram's vector, one per bound and one above all.

    A net count may be below zero while a retraction has arrived before what it retracts; it counts as 0 here.
    """
    return [max(count, 0) for count in vector[: len(bounds) + 1]]


def compute_quantile(counts: Sequence[int], bounds: Sequence[int], q: float) -> float:
    """The value that a share `q` of the observations does not exceed, in the bounds' unit.

    Linear within the bucket that holds rank q·n, as Prometheus' histogram_quantile does:
    lower + (upper − lower) · (rank − observations below) ÷ observations in the bucket.
    The first bucket begins at 0; above all bounds the answer is the greatest bound.
    Raises ValueError without observations.
    """
    cumulative = list(accumulate(counts))
    if not cumulative or cumulative[-1] == 0:
        raise ValueError("counts: holds no observations; ask for a quantile only where n > 0")
    rank = q * cumulative[-1]
    at = next(
        i for i, (count, upto) in enumerate(zip(counts, cumulative, strict=True)) if count and upto >= rank
    )
    if at == len(bounds):
        return float(bounds[-1])
    lower = bounds[at - 1] if at else 0
    below = cumulative[at] - counts[at]
    return lower + (bounds[at] - lower) * (rank - below) / counts[at]
