"""The limits of verdicts: one table for assessments and for the alert rules generated from it.

docs/reference/alerts.md lists the alerts; decision 0017 says which numbers are our own.
"""

from typing import NamedTuple


class Limits(NamedTuple):
    """Below `warn_index` or more than `warn_lag_days` behind: at risk; beyond the critical limits: behind."""

    warn_index: float
    critical_index: float
    warn_lag_days: float
    critical_lag_days: float


PACE = Limits(0.97, 0.94, 365, 730)
"""Limits of IndicatorBehindPace; those of the lag are our own: where a target is close to its baseline, such
as 3.45 to 3.39, the index stays near 1 however far behind the value is."""

OWN_LIMITS = {"refund_shops": Limits(0.9, 0.75, 60, 120)}
"""Limits of single indicators (RefundCoverageLagging)."""

LEAST_COMPLETE = 0.98
"""With a smaller share of the expected windows there is no verdict (FeedIncomplete)."""

EARLY_DAYS = 31
"""An amount that starts from 0 gets no verdict in its first month, when a busy week is most of the expected
amount; our own choice."""

NEXT_FIGURE_DAYS = {"month": 31, "quarter": 92, "year": 366}
"""Days from a figure of such a period to the next."""

FIGURE_GRACE_DAYS = 3
"""How many days late a figure may be before it is stale (FeedStale)."""


def find_limits(indicator_id: str) -> Limits:
    """The limits of an indicator."""
    return OWN_LIMITS.get(indicator_id, PACE)
