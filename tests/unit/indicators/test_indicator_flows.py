"""Sums over spans, against a plain recount of the events."""

from collections.abc import Callable
from datetime import date, timedelta
from fractions import Fraction
from typing import Any, NamedTuple

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.support.events import histories
from tests.support.folding import count
from tests.support.indicator_readings import NOW, reading, reading_of_raws
from tests.support.readers import CIVIL
from tests.support.simulations import sign_payloads
from tidemark.services.wording import explain_cause
from tidemark.streams.contracts.envelope import Event
from tidemark.streams.contracts.family import DAY
from tidemark.streams.families import circular, footfall, retail, service_trade, trade
from tidemark.streams.families.codec import decode
from tidemark.streams.indicators.assessment.measuring import compute_year_on_year
from tidemark.streams.indicators.formulas import Live
from tidemark.streams.indicators.formulas.footfall import Visits
from tidemark.streams.indicators.formulas.retail import RetailSales
from tidemark.streams.indicators.formulas.trade import (
    CircularTurnover,
    CrossBorderEcommerce,
    ExportsOfChapters,
    GoodsTrade,
    ServiceTrade,
)
from tidemark.streams.indicators.reading.reach import build_indicators_reach
from tidemark.streams.indicators.values.cause import Reason
from tidemark.streams.indicators.values.spans import (
    Span,
    full_year,
    last_days,
    month_span,
    since_plan,
    stock_at,
    whole_months,
    year_before,
    year_to_date,
)
from tidemark.streams.indicators.values.value import Absent, Value

TODAY = NOW.astimezone(CIVIL.zone).date()
SPANS = [
    month_span(2026, 1),
    month_span(2026, 2),
    year_to_date(TODAY),
    year_to_date(date(2026, 1, 31)),
    year_to_date(date(2026, 2, 1)),
    since_plan(date(2026, 1, 30)),
    last_days(date(2026, 2, 2), 3),
    full_year(2026),
    full_year(2025),
]


class Flow(NamedTuple):
    """A formula, the types of events it counts, and what each event adds to it, in its unit ÷ `per`."""

    live: Live
    types: tuple[Any, ...]
    adds: Callable[[Event, Any], int]
    day: Callable[[Event, Any], date]
    unit: str
    per: int = 10**10


def by_time(event: Event, payload: Any) -> date:
    return event.time.astimezone(CIVIL.zone).date()


def by_window(event: Event, payload: Any) -> date:
    return payload.window_start.astimezone(CIVIL.zone).date()


def amount_released(payload: Any) -> int:
    if payload.status == "released":
        return payload.value_fen
    back = payload.status in ("cancelled", "returned") and payload.previous == "released"
    return -payload.value_fen if back else 0


def amount_sold(payload: Any) -> int:
    if payload.stage == "sold":
        return payload.amount_fen
    return -payload.amount_fen if (payload.stage, payload.previous) == ("reversed", "sold") else 0


FLOWS = [
    Flow(CircularTurnover(), circular.FAMILY.types, lambda _, p: amount_sold(p), by_time, "CNY_100m"),
    Flow(GoodsTrade(), trade.FAMILY.types, lambda _, p: amount_released(p), by_time, "CNY_100m"),
    Flow(
        CrossBorderEcommerce(),
        trade.FAMILY.types,
        lambda _, p: amount_released(p) if p.mode in ("9610", "9710", "9810", "1210") else 0,
        by_time,
        "CNY_100m",
    ),
    Flow(
        ExportsOfChapters(chapters=("85",)),
        trade.FAMILY.types,
        lambda _, p: amount_released(p) if p.direction == "export" and p.hs6[:2] == "85" else 0,
        by_time,
        "CNY_100m",
    ),
    Flow(
        RetailSales(), retail.FAMILY.types, lambda _, p: p.gross_fen - p.returned_fen, by_window, "CNY_100m"
    ),
    Flow(
        RetailSales(districts=("district.a",)),
        retail.FAMILY.types,
        lambda e, p: p.gross_fen - p.returned_fen if e.subject == "mall.a" else 0,
        by_window,
        "CNY_100m",
    ),
    Flow(
        Visits(districts=("district.a", "district.b")),
        footfall.FAMILY.types,
        lambda e, p: p.entered if e.subject == "mall.a" else 0,
        by_window,
        "visits",
        1,
    ),
]


def recount(flow: Flow, raws: list[bytes], span: Span) -> Fraction:
    total = 0
    for event, payload, sign in sign_payloads(decode(raw) for raw in raws):
        if span.first <= flow.day(event, payload) <= span.last:
            total += sign * flow.adds(event, payload)
    return Fraction(total, flow.per)


@pytest.mark.parametrize("flow", FLOWS, ids=lambda flow: type(flow.live).__name__)
@given(data=st.data())
@settings(max_examples=25, deadline=None)
def test_a_flow_is_the_sum_of_the_accepted_events_of_the_span(flow, data):
    raws = data.draw(histories(list(flow.types), most=8))
    read = reading_of_raws(raws)
    for span in SPANS:
        value = flow.live.value(read, span)
        if isinstance(value, Absent):
            assert value.reason is Reason.NO_EVENTS
            assert recount(flow, raws, span) == 0
        else:
            assert (value.amount, value.unit, value.origin.span) == (
                recount(flow, raws, span),
                flow.unit,
                span,
            )


@given(histories(list(service_trade.FAMILY.types), most=8))
@settings(max_examples=25, deadline=None)
def test_service_trade_belongs_to_the_months_it_was_reported_for(raws):
    read = reading_of_raws(raws)
    for month in (1, 2):
        cents = sum(
            sign * payload.amount_usd_cents
            for _, payload, sign in sign_payloads(decode(raw) for raw in raws)
            if payload.period == f"2026-{month:02d}"
        )
        value = ServiceTrade().value(read, month_span(2026, month))
        if isinstance(value, Value):
            assert (value.amount, value.unit) == (Fraction(cents, 10**10), "USD_100m")
        else:
            assert cents == 0


def test_a_span_without_any_event_has_no_value_and_one_that_begins_late_says_so():
    read = reading([count("c1", NOW - timedelta(hours=3), entered=7)])
    absent = Visits().value(read, month_span(2026, 1))
    assert isinstance(absent, Absent)
    assert absent.reason is Reason.NO_EVENTS
    assert "2026-01-01 to 2026-01-31" in explain_cause(absent).en
    assert explain_cause(absent).zh
    visits = Visits().value(read, year_to_date(TODAY))
    assert isinstance(visits, Value)
    assert (visits.amount, visits.origin.begins, visits.origin.families) == (
        7,
        date(2026, 2, 1),
        ("footfall",),
    )


def test_days_that_the_reader_does_not_hold_give_a_reason_and_never_a_smaller_sum():
    read = reading([count("c1", NOW - timedelta(days=9), entered=7)], reach=build_indicators_reach(5 * DAY))
    absent = Visits().value(read, year_to_date(date(2026, 2, 5)))
    assert isinstance(absent, Absent)
    assert absent.reason is Reason.NOT_HELD
    assert "from 2026-02-01 on" in explain_cause(absent).en
    everything = reading(
        [count("c1", NOW - timedelta(days=9), entered=7)], reach=build_indicators_reach(None)
    )
    assert isinstance(Visits().value(everything, year_to_date(date(2026, 2, 5))), Value)


def test_growth_compares_the_same_days_of_the_year_before():
    earlier, now = NOW.replace(year=2025), NOW - timedelta(hours=2)
    events = [
        count("c0", earlier - timedelta(days=40), entered=1),
        count("c1", earlier, entered=4),
        count("c2", now, entered=5),
    ]
    read = reading(events)
    grown = compute_year_on_year(Visits(), read, month_span(2026, 2))
    assert isinstance(grown, Value)
    assert (grown.amount, grown.unit) == (25, "percent")
    incomplete = compute_year_on_year(Visits(), reading(events[1:]), full_year(2026))
    assert isinstance(incomplete, Absent)
    assert isinstance(compute_year_on_year(Visits(), reading(events[2:]), month_span(2026, 2)), Absent)


def test_a_year_before_keeps_the_ends_of_months():
    assert year_before(month_span(2024, 2)) == month_span(2023, 2)
    assert year_before(month_span(2025, 2)) == month_span(2024, 2)
    assert year_before(stock_at(date(2024, 2, 29))).last == date(2023, 2, 28)


def test_whole_months_are_those_over_before_today_and_in_january_the_year_before():
    assert whole_months(date(2026, 11, 30)) == Span("ytd", date(2026, 1, 1), date(2026, 10, 31))
    assert whole_months(date(2026, 3, 1)) == Span("ytd", date(2026, 1, 1), date(2026, 2, 28))
    assert whole_months(date(2027, 1, 31)) == Span("ytd", date(2026, 1, 1), date(2026, 12, 31))
