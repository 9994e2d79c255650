"""How fast a peer was, from when it had committed how much."""

from collections.abc import Sequence
from itertools import pairwise
from typing import NamedTuple

WARM_UP = 0.2
"""This part of the events is not measured."""

LUMP = 0.25
"""Commits of more than this part of the events are too rare to measure between."""


class Seen(NamedTuple):
    """How many events a group had committed, and when, in seconds since the peer's start."""

    seconds: float
    committed: int


class Pace(NamedTuple):
    """Events a second, and whether the warm-up could be left out."""

    events_per_s: float
    warm: bool


def pace(ready: Seen, commits: Sequence[Seen], events: int) -> Pace:
    """From the first commit after the warm-up to the last one before the end, where commits come often.

    The last one is left out since the peer may have waited for its interval. A peer that commits rarely is
    measured from its assignment to the end: what it has done since its last commit is not seen.
    """
    steps = (after.committed - before.committed for before, after in pairwise([ready, *commits]))
    going = [seen for seen in commits if WARM_UP * events <= seen.committed < events]
    if max(steps) > LUMP * events or len(going) < 2:
        return Pace(events / (commits[-1].seconds - ready.seconds), warm=False)
    first, last = going[0], going[-1]
    return Pace((last.committed - first.committed) / (last.seconds - first.seconds), warm=True)
