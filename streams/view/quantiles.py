"""Quantiles of what fixed buckets counted."""

from collections.abc import Sequence
from itertools import accumulate


def bucket_counts(vector: Sequence[int], bounds: Sequence[int]) -> list[int]:
    """The counts of a histogram's vector, one per bound and one above all.

    A net count may be below zero while a retraction waits for what it retracts; it is 0 here.
    """
    return [max(count, 0) for count in vector[: len(bounds) + 1]]


def quantile(counts: Sequence[int], bounds: Sequence[int], q: float) -> float:
    """The value that a share `q` of the observations does not exceed, in the bounds' unit.

    Linear within the bucket that holds rank q·n, as Prometheus' histogram_quantile does:
    lower + (upper − lower) · (rank − observations below) ÷ observations in the bucket.
    The first bucket begins at 0; above all bounds the answer is the greatest bound.
    Raises ValueError without observations.
    """
    cumulative = list(accumulate(counts))
    if not cumulative or cumulative[-1] == 0:
        raise ValueError("counts: holds no observation; ask for a quantile only where n > 0")
    rank = q * cumulative[-1]
    at = next(
        i for i, (count, upto) in enumerate(zip(counts, cumulative, strict=True)) if count and upto >= rank
    )
    if at == len(bounds):
        return float(bounds[-1])
    lower = bounds[at - 1] if at else 0
    below = cumulative[at] - counts[at]
    return lower + (bounds[at] - lower) * (rank - below) / counts[at]
