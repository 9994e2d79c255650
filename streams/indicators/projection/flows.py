"""Projections of the annual amount of 2030 from monthly amounts.

A month is the same month of the last known year times the growth since. Growth is measured over
whole years, and January is only read together with February, as the National Bureau of
Statistics publishes them, since the Spring Festival moves between the two.
"""

import math
from collections.abc import Sequence

from .constants import Constants
from .history import NoProjection
from .outlook import Outlook, Scale, Trend, compute_deviation, compute_width, sum_damping

MIN_MONTHS = 24
"""Two whole years: growth compares one with the other."""

_LARGEST = 700.0
_NOISE_MONTHS = 36


def project_annual_flow(values: Sequence[float], months: int, constants: Constants) -> Outlook | NoProjection:
    """The amount of the twelve months to a December that is `months` ahead."""
    if months % 12 == 11:
        values, months = values[:-1], months + 1
    if len(values) < MIN_MONTHS:
        return NoProjection.TOO_SHORT
    if min(values) <= 0:
        return NoProjection.NOT_POSITIVE
    ahead = range(max(months - 11, 1), months + 1)
    trend = observe_growth(values, (11 - months) % 12)._replace(apart=12 / len(ahead))
    to_come = sum(_project_month(values, month, trend.blend_changes(constants), constants) for month in ahead)
    so_far = sum(values[len(values) - (12 - len(ahead)) :])
    scale = Scale(
        lambda z: so_far + math.exp(min(z, _LARGEST)),
        lambda value: math.log(value - so_far) if value > so_far else -math.inf,
    )
    return Outlook(math.log(to_come), compute_width(trend, months, constants), constants.tail, scale)


def observe_growth(values: Sequence[float], last: int) -> Trend:
    """Logarithmic growth per month, over the last year and the whole history; the noise is that of a month's
    growth on the year before.

    `last`: the last value's month of the year; 0 is January.
    """
    years = len(values) // 12
    sums = [sum(values[len(values) - 12 * year :][:12]) for year in range(years, 0, -1)]
    even = _even_out_spring(values, last)
    on_year = [math.log(after / before) for before, after in zip(even, even[12:], strict=False)]
    return Trend(
        recent=math.log(sums[-1] / sums[-2]) / 12,
        whole=math.log(sums[-1] / sums[0]) / (12 * (years - 1)),
        noise=compute_deviation(on_year[-_NOISE_MONTHS:]) / math.sqrt(2),
        months=len(on_year),
        size=1.0,
    )


def _even_out_spring(values: Sequence[float], last: int) -> list[float]:
    """The values with January and February at their mean; a first February without its January is left
    out."""
    even = list(values)
    first = (last - len(values) + 1) % 12
    for january in range(-first % 12, len(values) - 1, 12):
        even[january] = even[january + 1] = (values[january] + values[january + 1]) / 2
    return even[1:] if first == 1 else even


def _project_month(values: Sequence[float], ahead: int, growth: float, constants: Constants) -> float:
    """The month `ahead` months from now: the same month of the last known year, grown at the full rate up to
    now and at the damped rate after that."""
    back = 12 * math.ceil(ahead / 12) - ahead
    return values[-1 - back] * math.exp(min(growth * (back + sum_damping(ahead, constants)), _LARGEST))
