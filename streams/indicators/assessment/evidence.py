"""Everything an assessment is based on, summed from the view and the official figures."""

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction

from tidemark.streams.indicators.official.nowcast import Nowcast, compute_drifts
from tidemark.streams.indicators.official.series import Series
from tidemark.streams.indicators.projection.history import History
from tidemark.streams.indicators.targets.catalogue import Indicator
from tidemark.streams.indicators.values.value import Absent, Value

from .assessment import Completeness, Freshness
from .context import AssessmentContext
from .freshness import compute_completeness, compute_freshness
from .histories import build_history
from .measuring import Measured, Provenance, cache_live_months, measure_indicator


@dataclass(frozen=True)
class Finding:
    """The value that counts, the side that it is from, and what is known about it. `drifts`: those of the
    nowcast against official figures, newest first."""

    provenance: Provenance
    value: Value
    freshness: Freshness
    completeness: Completeness
    history: History | None
    drifts: Sequence[Fraction]


@dataclass(frozen=True)
class Evidence:
    """What was measured, and the value that counts, or why there is none."""

    measured: Measured
    finding: Finding | Absent


def gather_evidence(context: AssessmentContext, indicator: Indicator) -> Evidence:
    """The evidence on an indicator, as known on the context's day."""
    measured = measure_indicator(indicator, context.reading, context.figures, context.upto)
    counting = measured.counting
    if isinstance(counting, Absent):
        return Evidence(measured, counting)
    provenance, value = counting
    finding = Finding(
        provenance,
        value,
        compute_freshness(context, value),
        compute_completeness(context, indicator, value),
        build_history(context, indicator, provenance),
        _list_drifts(context, indicator, measured),
    )
    return Evidence(measured, finding)


def _list_drifts(context: AssessmentContext, indicator: Indicator, measured: Measured) -> list[Fraction]:
    if indicator.live is None or not isinstance(measured.nowcast, Nowcast):
        return []
    series = Series(context.figures, indicator.id, indicator.unit)
    oldest_first = compute_drifts(series, cache_live_months(indicator.live, context.reading))
    return [drift.drift for drift in reversed(oldest_first)]
