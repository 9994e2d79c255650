"""Where a verdict turns: one table, for assessments and for the alert rules made from it.

docs/reference/alerts.md lists the alerts; decision 0017 says which numbers are our own.
"""

from typing import NamedTuple


class Limits(NamedTuple):
    """Below `warn_index` or more than `warn_lag_days` behind: at risk; beyond the critical ones: behind."""

    warn_index: float
    critical_index: float
    warn_lag_days: float
    critical_lag_days: float


PACE = Limits(0.97, 0.94, 365, 730)
"""IndicatorBehindPace, and our own limits of the lag: where a target lies close to its baseline, as 3.45
to 3.39, the index stays near 1 however far behind the value is."""

OWN_LIMITS = {"refund_shops": Limits(0.9, 0.75, 60, 120)}
"""RefundCoverageLagging, by indicator."""

LEAST_COMPLETE = 0.98
"""FeedIncomplete: with fewer of the expected windows there is no verdict."""

EARLY_DAYS = 31
"""An amount that counts from nothing has no verdict in its first month, where a busy week is most of
what is expected; our own choice."""

NEXT_FIGURE_DAYS = {"month": 31, "quarter": 92, "year": 366}
"""How long after a figure of such a period the next comes out."""

FIGURE_GRACE_DAYS = 3
"""FeedStale: how much later than that a figure may be."""


def find_limits(indicator_id: str) -> Limits:
    """The limits of an indicator."""
    return OWN_LIMITS.get(indicator_id, PACE)
