"""Short ways to write limits and times."""

from collections.abc import Mapping

from .condition import Severity

MINUTE_S = 60
HOUR_S = 60 * MINUTE_S
DAY_S = 24 * HOUR_S

Limits = Mapping[Severity, float]


def info(limit: float) -> Limits:
    """For information only."""
    return {Severity.INFO: limit}


def warning(limit: float) -> Limits:
    """A warning that never becomes critical."""
    return {Severity.WARNING: limit}


def critical(limit: float) -> Limits:
    """Critical at once."""
    return {Severity.CRITICAL: limit}


def both(warning: float, critical: float) -> Limits:
    """A warning that becomes critical."""
    return {Severity.WARNING: warning, Severity.CRITICAL: critical}
