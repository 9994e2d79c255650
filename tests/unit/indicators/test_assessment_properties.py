"""Properties of every assessment, each with a control that violates it."""

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.support.assessments import CALENDAR, assess_in_context, assess_on, entity
from tests.support.events import change_of, envelope
from tests.support.indicator_readings import CATALOGUE, figure, publish_figures, reading
from tidemark.streams.contracts.envelope import Event
from tidemark.streams.families.official import FigurePublished
from tidemark.streams.families.retail import FAMILY as RETAIL
from tidemark.streams.families.retail import SalesReported
from tidemark.streams.indicators.assessment.assessing import assess_all
from tidemark.streams.indicators.assessment.assessment import Status
from tidemark.streams.indicators.assessment.context import AssessmentContext
from tidemark.streams.indicators.paths.seasons import SeasonBook

NOW = datetime(2026, 6, 15, 4, tzinfo=UTC)
TODAY = date(2026, 6, 15)
HOUR = timedelta(hours=1)
SHOPS = CATALOGUE["refund_shops"]
RETAIL_TOTAL = CATALOGUE["retail_sales_total"]
VERDICTS = {Status.REACHED, Status.ON_TRACK, Status.AT_RISK, Status.BEHIND, Status.MISSED}


def shops(number: int) -> list[Event]:
    return [entity(n, NOW - HOUR) for n in range(number)]


@given(number=st.integers(1, 60), more=st.integers(1, 20))
@settings(max_examples=20, deadline=None)
def test_more_is_more_progress_a_greater_index_and_fewer_days_behind(number, more):
    before, after = (assess_on(SHOPS, reading(shops(n), NOW), TODAY).course for n in (number, number + more))
    assert before is not None
    assert after is not None
    assert before.progress < after.progress
    assert before.index < after.index
    assert before.lag_days > after.lag_days
    assert before.distance - after.distance == more


def sale(number: int, month: int) -> Event:
    at = datetime(2026, month, 10, tzinfo=UTC)
    data = SalesReported(at, 3600, "food", 1, 60 * 10**10, 0, 1, 1)
    return envelope(RETAIL.types[0], f"s{number}", at, "mall.a", data)


def all_events() -> list[Event]:
    figures = publish_figures(*(figure(f"2026-0{m}", "120", date(2026, m + 1, 15)) for m in range(1, 6)))
    return [*shops(40), *(sale(n, n) for n in range(1, 7)), *figures]


def change_payload(event: Event) -> object:
    """The payload with a different value."""
    match event.family.name:
        case "registry":
            return msgspec.structs.replace(event.data, status="closed")
        case "retail":
            return msgspec.structs.replace(event.data, gross_fen=event.data.gross_fen * 3)
        case _:
            return msgspec.structs.replace(event.data, value="999")


def assess_every_target(events: list[Event]) -> list[object]:
    return list(assess_all(CATALOGUE, reading(events, NOW), TODAY, SeasonBook(CALENDAR)))


@given(at=st.integers(0, 50))
@settings(max_examples=15, deadline=None)
def test_a_reverted_correction_leaves_every_assessment_unchanged(at):
    events = all_events()
    corrected = change_of(events[at], "c1", change_payload(events[at]))
    as_corrected = msgspec.structs.replace(events[at], data=change_payload(events[at]))
    back = change_of(as_corrected, "c2", events[at].data)
    assert assess_every_target([*events, corrected, back]) == assess_every_target(events)
    assert assess_every_target([*events, corrected]) != assess_every_target(events)


@given(
    days=st.lists(st.integers(0, 150), min_size=1, max_size=12), asked=st.integers(0, 160), odd=st.booleans()
)
@settings(max_examples=40, deadline=None)
def test_as_of_a_day_no_assessment_uses_a_later_figure(days, asked, odd):
    figures = [_vintage(number, published_on) for number, published_on in enumerate(days)]
    if odd:
        figures.append(_vintage(99, 0))
    day = date(2026, 1, 10) + timedelta(days=asked)
    by_day = [vintage for vintage in figures if vintage.published_at.date() <= day]
    now = datetime(2026, 7, 1, tzinfo=UTC)
    with_later, without = (reading(publish_figures(*some), now) for some in (figures, by_day))
    assert assess_on(RETAIL_TOTAL, with_later, day) == assess_on(RETAIL_TOTAL, without, day)


def _vintage(number: int, day: int) -> FigurePublished:
    """A figure of one of the months before its publication."""
    out = date(2026, 1, 10) + timedelta(days=day)
    month = max(1, out.month - 1 - number % 2)
    return figure(f"2026-0{month}", str(100 + number), out, vintage=f"v{number}")


def test_a_context_that_leaks_later_figures_is_detected():
    late = figure("2026-01", "777", date(2026, 5, 1), vintage="late")
    read, day = reading(publish_figures(_vintage(1, 30), late), NOW), date(2026, 2, 20)
    context = AssessmentContext.of(read, day)
    leaking = AssessmentContext(read, day, read.figures, context.feeds)
    assert assess_in_context(RETAIL_TOTAL, leaking) != assess_in_context(RETAIL_TOTAL, context)


@given(hours=st.integers(0, 24 * 30))
@settings(max_examples=25, deadline=None)
def test_a_stale_feed_gives_no_verdict_and_a_fresh_one_does(hours):
    now = NOW + hours * HOUR
    assessment = assess_on(SHOPS, reading(shops(60), now), now.date())
    week = timedelta(days=7)
    assert (assessment.status is Status.STALE) == (now - (NOW - HOUR) > week)
    assert (assessment.status in VERDICTS) == (assessment.status is not Status.STALE)


@pytest.mark.parametrize(("days", "stale"), [(33, False), (35, True)])
def test_an_official_figure_is_stale_three_days_after_the_next_was_due(days, stale):
    out = date(2026, 5, 10)
    events = publish_figures(figure("2026-04", "500", out, basis="ytd"))
    assessment = assess_on(RETAIL_TOTAL, reading(events, NOW + timedelta(days=9)), out + timedelta(days=days))
    assert (assessment.status is Status.STALE) == stale
    assert (assessment.status in VERDICTS) != stale


@given(number=st.integers(1, 60))
@settings(max_examples=20, deadline=None)
def test_few_observations_give_a_value_and_its_interval_but_no_verdict(number):
    indicator = msgspec.structs.replace(
        CATALOGUE["card_acceptance"], baseline=Decimal(10), baseline_year=2025
    )
    merchants = [
        entity(n, NOW - HOUR, entity_class="merchant", capabilities=("visa", "mastercard")[: n % 2 + 1])
        for n in range(number)
    ]
    assessment = assess_on(indicator, reading(merchants, NOW), TODAY)
    assert assessment.amount is not None
    assert assessment.amount.sample is not None
    assert assessment.amount.sample.low <= assessment.amount.value <= assessment.amount.sample.high
    assert (assessment.status in VERDICTS) == (number >= 30)
    assert (assessment.why.reason == "small_sample") == (number < 30)
