"""How old the facts behind a value are, and how complete."""

from tidemark.streams.contracts.civil import millis
from tidemark.streams.contracts.family import DAY
from tidemark.streams.families.definitions import stale_after_ms
from tidemark.streams.families.footfall import FOOTFALL_PLACE
from tidemark.streams.indicators.formulas.footfall import Visits
from tidemark.streams.indicators.formulas.sensors import sum_expected_s
from tidemark.streams.indicators.official.series import OfficialValue
from tidemark.streams.indicators.reading.places import find_directly_within
from tidemark.streams.indicators.targets.catalogue import Indicator
from tidemark.streams.indicators.thresholds import FIGURE_GRACE_DAYS, NEXT_FIGURE_DAYS
from tidemark.streams.indicators.values.cause import Cause, Code
from tidemark.streams.indicators.values.value import NoValue, Value
from tidemark.streams.view.feeds import age_ms

from .assessment import Completeness, Freshness
from .context import AssessmentContext

_S = 1000


def compute_freshness(context: AssessmentContext, value: Value) -> Freshness:
    """The freshness of the most overdue feed that the value reads; for official figures, the age of the
    newest period's first vintage, and the age by which the next is overdue."""
    if isinstance(value, OfficialValue):
        return _compute_figure_freshness(context, value)
    return max(
        (_compute_feed_freshness(context, family) for family in value.origin.families),
        key=lambda freshness: (freshness.age_s is None, (freshness.age_s or 0) / freshness.limit_s),
    )


def _compute_feed_freshness(context: AssessmentContext, family: str) -> Freshness:
    limit_ms, age = stale_after_ms(family), age_ms(context.feeds.get(family), context.moment_ms)
    stale = age is None or age > limit_ms
    return Freshness(family, None if age is None else age / _S, limit_ms / _S, stale)


def _compute_figure_freshness(context: AssessmentContext, value: OfficialValue) -> Freshness:
    newest = max(value.figures, key=lambda figure: figure.ends)
    data = newest.data
    first = context.figures.vintages(data.indicator_id, data.basis, data.period)[0]
    limit_s = (NEXT_FIGURE_DAYS[_name_period_length(data.period)] + FIGURE_GRACE_DAYS) * DAY / _S
    age_s = max(0, context.moment_ms - millis(first.at)) / _S
    return Freshness("official", age_s, limit_s, stale=age_s > limit_s)


def _name_period_length(period: str) -> str:
    return {"Q": "quarter", "-": "month"}.get(period[4:5], "year")


def compute_completeness(context: AssessmentContext, indicator: Indicator, value: Value) -> Completeness:
    """Received ÷ expected seconds of counting by registered sensors; other feeds do not state how much to
    expect."""
    if isinstance(value, OfficialValue):
        return _build_unknown(Cause(Code.OFFICIAL))
    if not isinstance(indicator.live, Visits):
        return _build_unknown(Cause(Code.NO_WINDOWS))
    places = find_directly_within(context.reading.parents, indicator.live.districts)
    end_ms = min(context.moment_ms, context.feeds["footfall"].newest_ms)
    expected_s = sum_expected_s(
        context.reading, context.reading.start_ms(value.origin.span.first), end_ms, places
    )
    if not expected_s:
        return _build_unknown(Cause(Code.NO_SENSORS))
    try:
        where = {"place": places} if places else {}
        received_s = context.reading.total(FOOTFALL_PLACE, value.origin.span, where)["seconds"]
    except NoValue as none:
        return _build_unknown(none.absent)
    return Completeness(min(received_s / expected_s, 1.0), received_s, expected_s, None)


def _build_unknown(cause: Cause) -> Completeness:
    return Completeness(None, None, None, cause)
