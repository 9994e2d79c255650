"""What a fault is given."""

from collections.abc import Awaitable, Callable
from random import Random
from typing import NamedTuple

from .deployment import Deployment
from .feed import Feed

LIMIT_S = 90.0
"""How long something that must come may take."""


class FaultContext(NamedTuple):
    """Where it happens, what is fed meanwhile, and what decides."""

    place: Deployment
    feed: Feed
    rng: Random


Fault = Callable[[FaultContext], Awaitable[None]]
"""Does harm, and lets what it broke come back."""


def name_of(fault: Fault) -> str:
    """Its kind, in words."""
    return fault.__name__.replace("_", " ")
