"""Trying again, for a limited time."""

from collections.abc import Callable
from typing import TypeVar

from .errors import GrafanaAway

T = TypeVar("T")
Wait = Callable[[float], object]
"""Waits so many seconds."""

PAUSES_S = (0.5, 2.0)


def persist(work: Callable[[], T], wait: Wait) -> T:
    """Do work that may be repeated from its start; again after each pause while Grafana is away.

    Raises the last GrafanaAway, and at once what `work` raises otherwise.
    """
    for pause_s in PAUSES_S:
        try:
            return work()
        except GrafanaAway:
            wait(pause_s)
    return work()
