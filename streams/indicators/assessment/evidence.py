"""Everything an assessment rests on, summed from the view and the official figures."""

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction

from tidemark.streams.indicators.official.nowcast import Nowcast, drifts
from tidemark.streams.indicators.official.series import Series
from tidemark.streams.indicators.projection.history import History
from tidemark.streams.indicators.targets.catalogue import Indicator
from tidemark.streams.indicators.values.value import Absent, Value

from .assessment import Completeness, Freshness
from .context import Scene
from .freshness import completeness, freshness
from .histories import history
from .measuring import Measured, Provenance, live_months, measure


@dataclass(frozen=True)
class Found:
    """The value that counts, as `provenance` says, and what is known of it; `drifts` are
    the nowcast's against official figures, newest first."""

    provenance: Provenance
    value: Value
    freshness: Freshness
    completeness: Completeness
    history: History | None
    drifts: Sequence[Fraction]


@dataclass(frozen=True)
class Evidence:
    """What was measured, and the value that counts or why there is none."""

    measured: Measured
    found: Found | Absent


def gather(scene: Scene, indicator: Indicator) -> Evidence:
    """The evidence on an indicator, as known in the scene."""
    measured = measure(indicator, scene.reading, scene.figures, scene.upto)
    counts = measured.counts
    if isinstance(counts, Absent):
        return Evidence(measured, counts)
    provenance, value = counts
    found = Found(
        provenance,
        value,
        freshness(scene, value),
        completeness(scene, indicator, value),
        history(scene, indicator, provenance),
        _drifts(scene, indicator, measured),
    )
    return Evidence(measured, found)


def _drifts(scene: Scene, indicator: Indicator, measured: Measured) -> list[Fraction]:
    if indicator.live is None or not isinstance(measured.nowcast, Nowcast):
        return []
    series = Series(scene.figures, indicator.id, indicator.unit)
    found = drifts(series, live_months(indicator.live, scene.reading))
    return [one.drift for one in reversed(found)]
