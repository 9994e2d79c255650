"""Computes a peer's pace from its commits over time."""

from collections.abc import Sequence
from itertools import pairwise
from typing import NamedTuple

WARM_UP = 0.2
"""The share of the events that is not measured."""

LUMP = 0.25
"""If a commit covers more than this share of the events, commits are too rare to measure between them."""


class Observation(NamedTuple):
    """The number of events a group has committed, and when, in seconds since the peer's start."""

    seconds: float
    committed: int


class Pace(NamedTuple):
    """Events per second, and whether the warm-up could be left out."""

    events_per_s: float
    warm: bool


def compute_pace(ready: Observation, commits: Sequence[Observation], events: int) -> Pace:
    """Measure from the first commit after the warm-up to the last before the end, if commits are frequent.

    The final commit is left out since the peer may have waited for its interval. A peer that commits rarely
    is measured from its assignment to the end, since its work between two commits cannot be observed.
    """
    steps = (after.committed - before.committed for before, after in pairwise([ready, *commits]))
    going = [seen for seen in commits if WARM_UP * events <= seen.committed < events]
    if max(steps) > LUMP * events or len(going) < 2:
        return Pace(events / (commits[-1].seconds - ready.seconds), warm=False)
    first, last = going[0], going[-1]
    return Pace((last.committed - first.committed) / (last.seconds - first.seconds), warm=True)
