"""Quantiles of the exporter's clocks in PromQL."""

from tidemark.services.exporter.metrics import CLOCKS, Clock
from tidemark.streams.contracts.measures import Measure
from tidemark.streams.indicators.formulas.times import MINIMUM_OBSERVATIONS as CLOCK_SAMPLE

__all__ = ["CLOCK_SAMPLE", "clock_of", "quantile"]


def clock_of(measure: Measure) -> Clock:
    """The clock that shows the measure. Raises StopIteration without one."""
    return next(row for row in CLOCKS if row.measure is measure)


def quantile(clock: Clock, q: float, matching: str = "") -> str:
    """A quantile of a clock, of the series that match as well."""
    matchers = ", ".join(part for part in (matching, f'quantile="{q}"') if part)
    return f"max without (quantile) ({clock.name}{{{matchers}}})"
