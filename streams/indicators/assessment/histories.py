"""An indicator month by month, for its season and its projection."""

from collections.abc import Callable, Iterator, Sequence
from datetime import date

from tidemark.streams.contracts.civil import Grain, Month, last_day, month_of
from tidemark.streams.families.table import MEASURES
from tidemark.streams.indicators.formulas import Live
from tidemark.streams.indicators.official.series import ANY_BASIS, STOCK, Series, month, since_plan
from tidemark.streams.indicators.projection.history import History
from tidemark.streams.indicators.targets.catalogue import Indicator
from tidemark.streams.indicators.targets.goal import PLAN_START, Kind
from tidemark.streams.indicators.values.spans import PLAN_FIRST_DAY, Span, month_span, stock_at
from tidemark.streams.indicators.values.spans import since_plan as days_since_plan
from tidemark.streams.indicators.values.value import Absent, Value

from .context import Scene
from .measuring import Provenance

_PROJECTED: frozenset[Kind] = frozenset({"stock", "annual_flow", "cumulative", "ratio"})

_SPANS: dict[Kind, Callable[[date], Span]] = {
    "stock": stock_at,
    "cumulative": days_since_plan,
    "annual_flow": lambda last: month_span(last.year, last.month),
    "ratio": lambda last: month_span(last.year, last.month),
}
"""By kind, what a month's live value is of, from the month's last day."""


def history(scene: Scene, indicator: Indicator, provenance: Provenance) -> History | None:
    """The whole months up to the scene's day, measured as the value that counts is, a nowcast as its
    official figures; None for kinds and paths that are not projected, and where no month is known."""
    if indicator.reads_as not in _PROJECTED or indicator.path == "milestone":
        return None
    if provenance == "live" and indicator.live is not None:
        return _trimmed(*_live(scene, indicator.reads_as, indicator.live))
    return _trimmed(*_official(scene, indicator))


def _live(scene: Scene, kind: Kind, live: Live) -> tuple[Month, list[float | None]]:
    first = _first_month(scene, live.family)
    if kind == "cumulative":
        first = max(first, month_of(PLAN_FIRST_DAY))
    values: list[float | None] = []
    for last in _month_ends(first, scene.last_whole_day):
        found = live.value(scene.reading, _SPANS[kind](last))
        values.append(float(found.amount) if isinstance(found, Value) else None)
    return first, values


def _first_month(scene: Scene, family: str) -> Month:
    """The first month with facts of the family: of the registry, which knows from when on entries
    hold, the plan's start."""
    if family == "registry":
        return month_of(PLAN_START)
    if family == "activity":
        return min((month_of(begins) for begins, _ in scene.reading.activities), default=month_of(scene.day))
    view = scene.reading.view
    held = (view.periods((one, Grain.MONTH)) for one in MEASURES if one.family == family)
    return min((months[0] for months in held if months), default=month_of(scene.day))


def _official(scene: Scene, indicator: Indicator) -> tuple[Month, list[float | None]]:
    series = Series(scene.figures, indicator.id, indicator.unit)
    known = [one.ends for one in scene.figures.of_indicator(indicator.id) if one.ends <= scene.upto]
    if not known:
        return 0, []
    kind, first = indicator.reads_as, month_of(min(known))
    if kind == "cumulative":
        first = max(first, month_of(PLAN_FIRST_DAY))
    ends = list(_month_ends(first, max(known)))
    if kind in {"stock", "ratio"}:
        by_end = _levels(series, STOCK if kind == "stock" else ANY_BASIS)
        return first, [by_end.get(last) for last in ends]
    if kind == "cumulative":
        return first, [_reaching(last, since_plan(series, last)) for last in ends]
    by_end = _levels(series, ("month",))
    return first, [by_end.get(last) or _reaching(last, month(series, last)) for last in ends]


def _levels(series: Series, bases: Sequence[str]) -> dict[date, float]:
    """By the last day of their period, figures in the right unit; of several for the same day that
    on the first of the bases."""
    return {
        one.ends: float(one.value)
        for basis in reversed(bases)
        for one in series.latest(basis).values()
        if one.data.unit == series.unit
    }


def _reaching(last: date, found: Value | Absent) -> float | None:
    """The value, if it is of the month and not of an earlier one."""
    return float(found.amount) if isinstance(found, Value) and found.origin.span.last == last else None


def _month_ends(first: Month, upto: date) -> Iterator[date]:
    """The last days of the months from `first` that are over by the end of a day."""
    number = first
    while (last := last_day(number)) <= upto:
        yield last
        number += 1


def _trimmed(first: Month, values: list[float | None]) -> History | None:
    """Without the months before the first and after the last that is known."""
    known = [at for at, value in enumerate(values) if value is not None]
    return History(first + known[0], values[known[0] : known[-1] + 1]) if known else None
