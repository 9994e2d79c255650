"""Projections of levels: stocks, cumulative totals, ratios."""

import math
from collections.abc import Sequence
from itertools import pairwise
from statistics import fmean

from .constants import Constants
from .history import NoProjection
from .outlook import Outlook, Scale, Trend, compute_deviation, compute_width, sum_damping

MIN_MONTHS = 13
"""A whole year of changes, so that every season is in the trend once."""

_NEAR_WHOLE = 0.5
_SMOOTHED = 3
_NOISE_MONTHS = 36


def project_stock(values: Sequence[float], months: int, constants: Constants) -> Outlook | NoProjection:
    """A stock's level in its own unit; it never falls below 0."""
    return _carry_on(values, months, constants, _build_scale(0.0))


def project_cumulative(values: Sequence[float], months: int, constants: Constants) -> Outlook | NoProjection:
    """A total since the plan began; it never falls below its last value."""
    return _carry_on(values, months, constants, _build_scale(values[-1] if values else 0.0))


def project_ratio(values: Sequence[float], months: int, constants: Constants) -> Outlook | NoProjection:
    """A ratio in percent on the logit scale; 99.5 and more counts as 100, 0.5 and less as 0."""
    smooth = [fmean(values[max(0, end - _SMOOTHED) : end]) for end in range(1, len(values) + 1)]
    return _carry_on([_logit(value) for value in smooth], months, constants, _LOGIT)


def observe_trend(z: Sequence[float], size: float) -> Trend:
    """The trend over whole years, which leaves the season out, and the spread of monthly changes."""
    changes = [after - before for before, after in pairwise(z)]
    years = len(changes) // 12
    return Trend(
        recent=fmean(changes[-12:]),
        whole=fmean(changes[-12 * years :]),
        noise=compute_deviation(changes[-_NOISE_MONTHS:]),
        months=len(changes),
        size=size,
    )


def _carry_on(z: Sequence[float], months: int, constants: Constants, scale: Scale) -> Outlook | NoProjection:
    if len(z) < MIN_MONTHS:
        return NoProjection.TOO_SHORT
    recent = z[-_NOISE_MONTHS - 1 :]
    if min(recent) == max(recent):
        return NoProjection.NO_MOVEMENT
    trend = observe_trend(z, 1.0 if scale is _LOGIT else z[-1])
    centre = z[-1] + trend.blend_changes(constants) * sum_damping(months, constants)
    return Outlook(centre, compute_width(trend, months, constants), constants.tail, scale)


def _build_scale(floor: float) -> Scale:
    """The unit itself; no value falls below the floor."""
    return Scale(lambda z: max(z, floor), lambda value: value if value > floor else -math.inf)


def _logit(percent: float) -> float:
    inside = min(max(percent, _NEAR_WHOLE), 100 - _NEAR_WHOLE)
    return math.log(inside / (100 - inside))


def _percent(z: float) -> float:
    return 50 * (1 + math.tanh(z / 2))


_LOGIT = Scale(_percent, _logit)
