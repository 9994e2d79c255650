"""An indicator at a moment: its value, how certain that is, and how it compares with its path."""

from datetime import date
from enum import StrEnum

import msgspec

from tidemark.streams.indicators.official.figures import Vintage
from tidemark.streams.indicators.paths.seasons import SeasonBasis
from tidemark.streams.indicators.targets.goal import Kind
from tidemark.streams.indicators.values.cause import Cause

from .measuring import Provenance


class Status(StrEnum):
    """The status of an indicator. The first five are verdicts, the others say why there is none."""

    REACHED = "reached"
    ON_TRACK = "on_track"
    AT_RISK = "at_risk"
    BEHIND = "behind"
    MISSED = "missed"
    UNKNOWN = "unknown"
    STALE = "stale"
    AMBIGUOUS = "ambiguous"


class Sample(msgspec.Struct, frozen=True, gc=False):
    """The sample of a ratio: `n` observations, of which fewer than `minimum` allow no verdict. `low` and
    `high`: the 95 % interval of the true share, in percent; None for a ratio that is not a share."""

    n: int
    minimum: int
    low: float | None
    high: float | None


class Amount(msgspec.Struct, frozen=True, gc=False, kw_only=True):
    """A value in the indicator's unit, for the days from `first` to `last`.

    `exact`: a whole number, a decimal, or a fraction such as 2/3. `begins`: set where the facts begin after
    `first`. An official figure has `vintage`, `periods` and the day it was `published`; a nowcast has
    `calibration`, its months as `periods`, the `drift` at the last vintage (nowcast ÷ official − 1), and the
    `previous_drift` at the one before.
    """

    exact: str
    value: float
    first: date
    last: date
    computed_from: str
    families: tuple[str, ...]
    begins: date | None = None
    sample: Sample | None = None
    vintage: Vintage | None = None
    published: date | None = None
    periods: tuple[str, ...] = ()
    calibration: float | None = None
    drift: float | None = None
    previous_drift: float | None = None


class Side(msgspec.Struct, frozen=True, gc=False):
    """The result of one way of measuring: an amount, or why there is none."""

    amount: Amount | None
    absent: Cause | None


class Freshness(msgspec.Struct, frozen=True, gc=False):
    """The age of the newest event of the most overdue feed among those read; `age_s` is None before its first
    event."""

    family: str
    age_s: float | None
    limit_s: float
    stale: bool


class Completeness(msgspec.Struct, frozen=True, gc=False):
    """Received ÷ expected, 0 to 1, or why it is not known."""

    ratio: float | None
    received: int | None
    expected: int | None
    why: Cause | None


class Course(msgspec.Struct, frozen=True, gc=False, kw_only=True):
    """A value compared with its path, in the indicator's unit; fields as in `pace.Pace`.

    All but `expected_today` are as of the day `on` that the value stands for, which for official figures is
    in the past. `expected` is on the catalogue's path; for a stock, `linear` and `geometric` show both paths
    on that day. `required_per_day` is the change per day that still meets the target. `season`: what the
    season of an annual flow was learned from; `warnings`: what to know about its years. The other indices are
    as in `momentum.Momentum`.
    """

    on: date
    expected_today: float | None
    level: float | None
    distance: float | None
    progress: float | None
    expected: float | None
    linear: float | None
    geometric: float | None
    index: float | None
    lag_days: float | None
    required_per_day: float | None
    previous_index: float | None = None
    short_index: float | None = None
    long_index: float | None = None
    season: SeasonBasis | None = None
    warnings: tuple[str, ...] = ()


class Bounds(msgspec.Struct, frozen=True, gc=False):
    """The ends of a central interval."""

    low: float
    high: float


class Forecast(msgspec.Struct, frozen=True, gc=False):
    """The value on 31 December 2030 (of an annual flow, the amount of 2030), with the central 50, 80 and 95 %
    intervals, and the probability of meeting the target."""

    median: float
    p50: Bounds
    p80: Bounds
    p95: Bounds
    probability: float


class Assessment(msgspec.Struct, frozen=True, gc=False, kw_only=True):
    """An indicator on a day.

    `amount` is the value that counts, from the side that `provenance` names; `absent` is the cause where
    there is none. `live`, `official` and `nowcast` are the sides, None where the indicator is not measured
    that way. `kind` is the declared one where the plan is ambiguous. Without a `forecast`, `no_forecast` is
    the cause.
    """

    id: str
    day: date
    unit: str
    kind: Kind
    target: float
    baseline: float | None
    status: Status
    why: Cause
    live: Side | None
    official: Side | None
    nowcast: Side | None
    absent: Cause | None = None
    provenance: Provenance | None = None
    amount: Amount | None = None
    freshness: Freshness | None = None
    completeness: Completeness | None = None
    course: Course | None = None
    forecast: Forecast | None = None
    no_forecast: Cause | None = None
