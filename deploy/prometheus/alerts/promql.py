"""PromQL expressions that several conditions share."""

from tidemark.services.exporter import indicator_metrics as i
from tidemark.services.exporter import pipeline_metrics as p
from tidemark.services.exporter.metrics import QUANTILE_METRICS, QuantileMetric
from tidemark.streams.contracts.family import Measure
from tidemark.streams.indicators.values.value import Z_95


def build_wilson_lower(share: str, n: str) -> str:
    """The lower bound of the Wilson 95 % interval of a share of n, as PromQL.

    (p·n + z²/2 − z·√(p(1 − p)·n + z²/4)) ÷ (n + z²); see streams.indicators.values.value.value.
    """
    square = Z_95 * Z_95
    root = f"sqrt({share} * (1 - {share}) * {n} + {square / 4})"
    return f"({share} * {n} + {square / 2} - {Z_95} * {root}) / ({n} + {square})"


def require_fresh(family: str) -> str:
    """A guard: the family's newest event is within the feed's limit."""
    newest = f'{p.NEWEST_EVENT_AGE.name}{{family="{family}"}}'
    return f"and on () ({newest} <= {p.AGE_LIMIT.name})"


def require_samples(samples: str, least: int, on: str) -> str:
    """A guard: at least `least` observations in the series with the same labels `on`."""
    return f"and on ({on}) ({samples} >= {least})"


def require_history(series: str, days: int) -> str:
    """A guard: the series has existed for `days` days, so that its extremes over them are meaningful."""
    return f"and last_over_time({series}[1d] offset {days - 1}d)"


def build_growth(counter: str, minutes: int) -> str:
    """The increase of a counter over the last minutes; a counter that did not exist before counts from 0."""
    return f"(({counter} unless {counter} offset {minutes}m) or increase({counter}[{minutes}m]))"


INDICATOR_FRESH = f"and on (indicator) ({i.AGE.name} <= {i.AGE_LIMIT.name})"
"""A guard: the data behind the indicator's value is within its age limit."""

HAS_VERDICT = f'unless on (indicator) ({i.STATUS.name}{{status=~"unknown|stale|ambiguous"}} == 1)'
"""A guard: the assessment has a verdict: complete data, enough observations, not too early in the year."""

BACKLOG = f"sum without (partition) ({p.LAG.name})"
"""Records in the log that are not yet in the totals."""

NOT_ADVANCING = f"and on () ((sum(changes({p.POSITION.name}[5m])) or vector(0)) == 0)"
"""A guard: the ledger has not advanced for five minutes, or never did."""

LEDGER_ADVANCES = f"unless on () ({BACKLOG} > 0 {NOT_ADVANCING})"
"""A guard: while the ledger is not advancing, totals are out of date and prove nothing."""


def find_quantile_metric(measure: Measure) -> QuantileMetric:
    """The metric that shows the quantiles of the measure. Raises StopIteration without one."""
    return next(row for row in QUANTILE_METRICS if row.measure is measure)


def select_quantile(metric: QuantileMetric, q: float, matching: str = "") -> str:
    """One quantile of a metric, of the series that also match `matching`."""
    matchers = ", ".join(part for part in (matching, f'quantile="{q}"') if part)
    return f"max without (quantile) ({metric.name}{{{matchers}}})"
