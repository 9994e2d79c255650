"""An indicator month by month, for its season and its projection."""

from collections.abc import Callable, Iterator, Sequence
from datetime import date

from tidemark.streams.contracts.civil import Grain, Month, last_day, month_of
from tidemark.streams.families.table import MEASURES
from tidemark.streams.indicators.formulas import Live
from tidemark.streams.indicators.official.series import ANY_BASIS, STOCK, Series, read_month, read_since_plan
from tidemark.streams.indicators.projection.history import History
from tidemark.streams.indicators.targets.catalogue import Indicator
from tidemark.streams.indicators.targets.goal import PLAN_START, Kind
from tidemark.streams.indicators.values.spans import PLAN_FIRST_DAY, Span, month_span, stock_at
from tidemark.streams.indicators.values.spans import since_plan as days_since_plan
from tidemark.streams.indicators.values.value import Absent, Value

from .context import AssessmentContext
from .measuring import Provenance

_PROJECTED: frozenset[Kind] = frozenset({"stock", "annual_flow", "cumulative", "ratio"})

_SPANS: dict[Kind, Callable[[date], Span]] = {
    "stock": stock_at,
    "cumulative": days_since_plan,
    "annual_flow": lambda last: month_span(last.year, last.month),
    "ratio": lambda last: month_span(last.year, last.month),
}
"""By kind, the span of a month's live value, from the month's last day."""


def build_history(context: AssessmentContext, indicator: Indicator, provenance: Provenance) -> History | None:
    """The whole months up to the context's day, from the side that counts, or the official figures for a
    nowcast; None for kinds and paths that are not projected, and where no month has a value."""
    if indicator.reads_as not in _PROJECTED or indicator.path == "milestone":
        return None
    if provenance == "live" and indicator.live is not None:
        return _trim_history(*_collect_live_months(context, indicator.reads_as, indicator.live))
    return _trim_history(*_collect_official_months(context, indicator))


def _collect_live_months(
    context: AssessmentContext, kind: Kind, live: Live
) -> tuple[Month, list[float | None]]:
    first = _find_first_month(context, live.family)
    if kind == "cumulative":
        first = max(first, month_of(PLAN_FIRST_DAY))
    values: list[float | None] = []
    for last in _list_month_ends(first, context.last_whole_day):
        value = live.value(context.reading, _SPANS[kind](last))
        values.append(float(value.amount) if isinstance(value, Value) else None)
    return first, values


def _find_first_month(context: AssessmentContext, family: str) -> Month:
    """The first month with facts of the family; for the registry, whose entries say from when on they hold,
    that of the plan's start."""
    if family == "registry":
        return month_of(PLAN_START)
    if family == "activity":
        return min(
            (month_of(begins) for begins, _ in context.reading.activities), default=month_of(context.day)
        )
    view = context.reading.view
    held = (view.periods((measure, Grain.MONTH)) for measure in MEASURES if measure.family == family)
    return min((months[0] for months in held if months), default=month_of(context.day))


def _collect_official_months(
    context: AssessmentContext, indicator: Indicator
) -> tuple[Month, list[float | None]]:
    series = Series(context.figures, indicator.id, indicator.unit)
    period_ends = [
        figure.ends for figure in context.figures.of_indicator(indicator.id) if figure.ends <= context.upto
    ]
    if not period_ends:
        return 0, []
    kind, first = indicator.reads_as, month_of(min(period_ends))
    if kind == "cumulative":
        first = max(first, month_of(PLAN_FIRST_DAY))
    ends = list(_list_month_ends(first, max(period_ends)))
    if kind in {"stock", "ratio"}:
        by_end = _collect_levels(series, STOCK if kind == "stock" else ANY_BASIS)
        return first, [by_end.get(last) for last in ends]
    if kind == "cumulative":
        return first, [_take_month_value(last, read_since_plan(series, last)) for last in ends]
    by_end = _collect_levels(series, ("month",))
    return first, [by_end.get(last) or _take_month_value(last, read_month(series, last)) for last in ends]


def _collect_levels(series: Series, bases: Sequence[str]) -> dict[date, float]:
    """Figures in the right unit, by the last day of their period; the first basis wins where several have
    one."""
    return {
        figure.ends: float(figure.value)
        for basis in reversed(bases)
        for figure in series.latest(basis).values()
        if figure.data.unit == series.unit
    }


def _take_month_value(last: date, value: Value | Absent) -> float | None:
    """The value, if it is of the month and not of an earlier one."""
    return float(value.amount) if isinstance(value, Value) and value.origin.span.last == last else None


def _list_month_ends(first: Month, upto: date) -> Iterator[date]:
    """The last days of the months from `first` that are over by the end of a day."""
    number = first
    while (last := last_day(number)) <= upto:
        yield last
        number += 1


def _trim_history(first: Month, values: list[float | None]) -> History | None:
    """The history without leading and trailing months that have no value."""
    filled = [at for at, value in enumerate(values) if value is not None]
    return History(first + filled[0], values[filled[0] : filled[-1] + 1]) if filled else None
