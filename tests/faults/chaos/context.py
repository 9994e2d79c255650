"""The arguments of a fault."""

from collections.abc import Awaitable, Callable
from random import Random
from typing import NamedTuple

from .deployment import Deployment
from .feed import Feed

LIMIT_S = 90.0
"""How long to wait for an effect that must occur."""


class FaultContext(NamedTuple):
    """The deployment, the feed of events, and the source of randomness."""

    place: Deployment
    feed: Feed
    rng: Random


Fault = Callable[[FaultContext], Awaitable[None]]
"""Breaks something, and repairs it before it returns."""


def describe_fault(fault: Fault) -> str:
    """The kind of a fault, in words."""
    return fault.__name__.replace("_", " ")
