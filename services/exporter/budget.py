"""A limit on how many series a metric has: the smaller label sets become one, `other`."""

from collections.abc import Mapping, Sequence

from tidemark.streams.contracts.published import Vector, add_vectors

OTHER = "other"

Sums = dict[tuple[str, ...], Vector]


def fold(windows: Sequence[Mapping[tuple[str, ...], Vector]], most: int) -> tuple[list[Sums], int]:
    """At most `most` label sets, the same in every window, and how many were folded.

    Those with the largest first component in the last window, which should be the longest,
    keep their names, so that names rarely change places; the others are added up under
    `other` in every label.
    """
    every = set().union(*windows)
    if len(every) <= most:
        return [dict(window) for window in windows], 0

    def rank(key: tuple[str, ...]) -> tuple[int, tuple[str, ...]]:
        return -windows[-1].get(key, (0,))[0], key

    kept = set(sorted(every, key=rank)[: most - 1])
    return [_fold(window, kept) for window in windows], len(every) - len(kept)


def _fold(window: Mapping[tuple[str, ...], Vector], kept: set[tuple[str, ...]]) -> Sums:
    folded: Sums = {}
    for key, vector in window.items():
        into = key if key in kept else (OTHER,) * len(key)
        before = folded.get(into)
        folded[into] = vector if before is None else add_vectors((before, vector))
    return folded
