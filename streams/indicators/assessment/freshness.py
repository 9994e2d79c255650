"""How old the facts behind a value are, and whether all of them are there."""

from tidemark.streams.contracts.civil import millis
from tidemark.streams.contracts.family import DAY
from tidemark.streams.families.definitions import stale_after_ms
from tidemark.streams.families.footfall import FOOTFALL_PLACE
from tidemark.streams.indicators.formulas.footfall import Visits
from tidemark.streams.indicators.formulas.sensors import expected_s
from tidemark.streams.indicators.official.series import OfficialValue
from tidemark.streams.indicators.reading.places import directly_within
from tidemark.streams.indicators.targets.catalogue import Indicator
from tidemark.streams.indicators.thresholds import FIGURE_GRACE_DAYS, NEXT_FIGURE_DAYS
from tidemark.streams.indicators.values.cause import Cause, Code
from tidemark.streams.indicators.values.value import NoValue, Value
from tidemark.streams.view.feeds import age_ms

from .assessment import Completeness, Freshness
from .context import Scene

_S = 1000


def freshness(scene: Scene, value: Value) -> Freshness:
    """Of the feeds that the value reads the one most overdue; of official figures, how long the
    newest period's has been out, and when the next should be."""
    if isinstance(value, OfficialValue):
        return _of_figure(scene, value)
    return max(
        (_of_feed(scene, family) for family in value.origin.families),
        key=lambda one: (one.age_s is None, (one.age_s or 0) / one.limit_s),
    )


def _of_feed(scene: Scene, family: str) -> Freshness:
    limit_ms, age = stale_after_ms(family), age_ms(scene.feeds.get(family), scene.moment_ms)
    stale = age is None or age > limit_ms
    return Freshness(family, None if age is None else age / _S, limit_ms / _S, stale)


def _of_figure(scene: Scene, value: OfficialValue) -> Freshness:
    newest = max(value.figures, key=lambda one: one.ends)
    data = newest.data
    first = scene.figures.vintages(data.indicator_id, data.basis, data.period)[0]
    limit_s = (NEXT_FIGURE_DAYS[_length(data.period)] + FIGURE_GRACE_DAYS) * DAY / _S
    age_s = max(0, scene.moment_ms - millis(first.at)) / _S
    return Freshness("official", age_s, limit_s, stale=age_s > limit_s)


def _length(period: str) -> str:
    return {"Q": "quarter", "-": "month"}.get(period[4:5], "year")


def completeness(scene: Scene, indicator: Indicator, value: Value) -> Completeness:
    """Received ÷ expected seconds of counting, of sensors that the registry knows; other feeds do
    not say how much they owe."""
    if isinstance(value, OfficialValue):
        return _unknown(Cause(Code.OFFICIAL))
    if not isinstance(indicator.live, Visits):
        return _unknown(Cause(Code.NO_WINDOWS))
    places = directly_within(scene.reading.parents, indicator.live.districts)
    end_ms = min(scene.moment_ms, scene.feeds["footfall"].newest_ms)
    owed_s = expected_s(scene.reading, scene.reading.start_ms(value.origin.span.first), end_ms, places)
    if not owed_s:
        return _unknown(Cause(Code.NO_SENSORS))
    try:
        where = {"place": places} if places else {}
        received_s = scene.reading.total(FOOTFALL_PLACE, value.origin.span, where)["seconds"]
    except NoValue as none:
        return _unknown(none.absent)
    return Completeness(min(received_s / owed_s, 1.0), received_s, owed_s, None)


def _unknown(cause: Cause) -> Completeness:
    return Completeness(None, None, None, cause)
