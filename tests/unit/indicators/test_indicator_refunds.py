"""Shares, durations and coverage of the tax refund, against a plain recount of forms."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from fractions import Fraction
from typing import NamedTuple

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.support.events import change_of, envelope
from tests.support.indicator_readings import reading
from tidemark.services.wording import explain_cause
from tidemark.streams.contracts.civil import Grain
from tidemark.streams.contracts.envelope import Event
from tidemark.streams.contracts.family import Measure
from tidemark.streams.families import payment, refund, registry
from tidemark.streams.families.payment import InboundSettled
from tidemark.streams.families.refund import (
    REFUND_ISSUED,
    REFUND_PAYOUT_TIME,
    REFUND_PREAUDIT_TIME,
    REFUND_VERIFICATION_TIME,
    FormIssued,
    FormPreaudited,
    FormVerified,
    PayoutChanged,
)
from tidemark.streams.families.registry import EntityChanged
from tidemark.streams.indicators.formulas import refund as formulas
from tidemark.streams.indicators.formulas.payment import ACCEPTANCE
from tidemark.streams.indicators.formulas.ratios import compute_shares
from tidemark.streams.indicators.formulas.refund_coverage import compute_coverage, compute_need
from tidemark.streams.indicators.formulas.times import MINIMUM_OBSERVATIONS, Times, compute_times
from tidemark.streams.indicators.reading.reading import Reading
from tidemark.streams.indicators.values.cause import Reason
from tidemark.streams.indicators.values.spans import Span, month_span, since_plan, year_to_date
from tidemark.streams.indicators.values.value import (
    Absent,
    NoValue,
    Quotient,
    Share,
    Value,
    build_quotient,
    return_absent,
)
from tidemark.streams.view.windows import Window, recent_windows

ISSUED, PREAUDITED, VERIFIED, PAYOUT = refund.FAMILY.types
SETTLED, REGISTERED = payment.FAMILY.types[0], registry.FAMILY.types[0]
NOW = datetime(2026, 5, 20, 4, tzinfo=UTC)
TODAY = date(2026, 5, 20)
MINUTE = timedelta(minutes=1)
MAY = Window("may", Grain.MONTH, range(2026 * 12 + 4, 2026 * 12 + 5))


def times_in(read: Reading, measure: Measure, *windows: Window) -> dict[tuple[str, ...], Times]:
    by = tuple(dimension.name for dimension in measure.dimensions)
    sums = [(window, read.view.sums((measure, window.grain), window.periods, by)) for window in windows]
    return compute_times(measure, sums)


def recent_times(read: Reading, measure: Measure) -> dict[tuple[str, ...], Times]:
    return times_in(read, measure, *recent_windows(read.view.civil, read.now_ms))


class Form(NamedTuple):
    """A form issued `age` days ago, and after how many days each step came; None if it did not."""

    age: int
    mode: str
    invoice_fen: int
    shop: str
    preaudited: bool
    verified_after: int | None
    paid_after: int | None


forms = st.lists(
    st.builds(
        Form,
        st.integers(1, 118),
        st.sampled_from(["ordinary", "instant"]),
        st.integers(1, 10_000),
        st.sampled_from(["s1", "s2", "s3"]),
        st.booleans(),
        st.none() | st.integers(0, 95),
        st.none() | st.integers(0, 95),
    ),
    min_size=1,
    max_size=6,
)


def issued_at(form: Form) -> datetime:
    return NOW - timedelta(days=form.age)


def form_steps(number: int, form: Form) -> list[Event]:
    token, at = f"t{number}", issued_at(form)
    commit = TODAY if form.mode == "instant" else None
    issue = FormIssued(
        token, form.shop, form.mode, form.invoice_fen, 1300, 1100, 200, "x", 1, "EU", "v", commit  # type: ignore[arg-type]
    )  # fmt: skip
    steps = [envelope(ISSUED, f"i{number}", at, "mall.a", issue)]
    if form.preaudited:
        audit = FormPreaudited(token, "pass", at, at + MINUTE)
        steps.append(envelope(PREAUDITED, f"a{number}", at + MINUTE, "mall.a", audit))
    if form.verified_after is not None:
        seen = at + timedelta(days=form.verified_after) + 2 * MINUTE
        check = FormVerified(token, "port.a", seen - MINUTE, seen, "pass", True, False, 30)
        steps.append(envelope(VERIFIED, f"v{number}", seen, "port.a", check))
    if form.paid_after is not None:
        paid = at + timedelta(days=form.paid_after) + 3 * MINUTE
        payout = PayoutChanged(token, f"p{number}", "credited", "card", form.invoice_fen, 1)
        steps.append(envelope(PAYOUT, f"c{number}", paid, "port.a", payout))
    return [step for step in steps if step.time < NOW]


def form_events(issued: list[Form]) -> list[Event]:
    events = [event for number, form in enumerate(issued) for event in form_steps(number, form)]
    return sorted(events, key=lambda event: event.time)


def has_happened(form: Form, after: int | None) -> bool:
    """Whether a step `after` days after the issue has come by now."""
    return after is not None and after < form.age


def parts(value: Share | Quotient | Absent) -> tuple[int, int] | None:
    return None if isinstance(value, Absent) else (value.numerator, value.denominator)


@return_absent
def instant_value_share(reading: Reading, span: Span) -> Quotient:
    """Invoices of instant forms ÷ invoices of all forms, in percent. n: forms."""
    instant, every = (
        reading.total(REFUND_ISSUED, span, where) for where in ({"mode": frozenset({"instant"})}, {})
    )
    origin = reading.origin(REFUND_ISSUED, span, "invoice_fen of mode instant ÷ invoice_fen")
    return build_quotient(instant["invoice_fen"], every["invoice_fen"], every["forms"], "percent", origin)


@given(forms)
@settings(max_examples=60, deadline=None)
def test_shares_of_forms_match_a_recount_of_their_steps(issued):
    read, span = reading(form_events(issued), NOW), year_to_date(TODAY)
    of_year = [form for form in issued if issued_at(form) >= datetime(2025, 12, 31, 16, tzinfo=UTC)]
    instant = [form for form in of_year if form.mode == "instant"]
    assert parts(formulas.compute_instant_share(read, span)) == (
        (len(instant), len(of_year)) if of_year else None
    )
    by_value = instant_value_share(read, span)
    if not isinstance(by_value, Absent):
        assert by_value.numerator == sum(form.invoice_fen for form in instant)
        assert by_value.n == len(of_year)
    preaudited = sum(form.preaudited for form in of_year)
    verified = sum(has_happened(form, form.verified_after) for form in of_year)
    assert parts(formulas.compute_preaudit_share(read, span)) == (
        (preaudited, verified) if verified else None
    )


@given(forms)
@settings(max_examples=60, deadline=None)
def test_completion_is_of_whole_months_of_forms_whose_ninety_days_are_over(issued):
    read = reading(form_events(issued), NOW)
    # 20 May less 90 days is 19 February: January is the last month that is over.
    cohort = [
        form
        for form in issued
        if datetime(2025, 12, 31, 16, tzinfo=UTC) <= issued_at(form) < datetime(2026, 1, 31, 16, tzinfo=UTC)
    ]

    def in_time(form: Form, after: int | None, late: timedelta) -> bool:
        return has_happened(form, after) and timedelta(days=after or 0) + late <= timedelta(days=90)

    done = sum(
        in_time(form, form.verified_after, 2 * MINUTE) and in_time(form, form.paid_after, 3 * MINUTE)
        for form in cohort
    )
    share = formulas.compute_completion(read, year_to_date(TODAY))
    assert parts(share) == ((done, len(cohort)) if cohort else None)
    if isinstance(share, Share):
        assert share.origin.span.last == date(2026, 1, 31)


def test_completion_waits_until_a_month_is_over():
    absent = formulas.compute_completion(reading(form_events([]), NOW), month_span(2026, 4))
    assert isinstance(absent, Absent)
    assert absent.reason is Reason.NOT_YET


def shop(number: int, entity: str, place: str = "mall.a", **fields: object) -> Event:
    settings_ = {"entity_class": "refund_shop", "status": "active", "valid_from": date(2026, 1, 1), **fields}
    data = EntityChanged(entity_id=entity, **settings_)  # type: ignore[arg-type]
    return envelope(REGISTERED, f"r{number}", NOW - timedelta(days=119, seconds=-number), place, data)


SHOPS = [shop(1, "s1"), shop(2, "s2"), shop(3, "s3", status="closed"), shop(4, "s4", "mall.b")]


@given(forms)
@settings(max_examples=40, deadline=None)
def test_a_shop_is_active_when_it_issued_a_form_in_thirty_days(issued):
    read = reading([*SHOPS, *form_events(issued)], NOW)
    issuing = {form.shop for form in issued if form.age < 30} & {"s1", "s2"}
    share = formulas.compute_shop_activity(read, TODAY)
    if isinstance(share, Absent):
        assert issuing == set()
    else:
        assert (share.numerator, share.denominator, share.conclusive) == (len(issuing), 3, False)


def test_a_retraction_that_comes_before_its_form_makes_no_shop_active():
    first, second = form_events([Form(2, "ordinary", 1, shop, False, None, None) for shop in ("s1", "s2")])
    share = formulas.compute_shop_activity(reading([*SHOPS, change_of(first, "r"), second], NOW), TODAY)
    assert isinstance(share, Share)
    assert share.numerator == 1


def payment_event(number: int, scheme: str, place: str, tries: tuple[int, int, int, int], fen: int) -> Event:
    attempts, approved, technical, issuer = tries
    at = NOW - timedelta(days=2)
    data = InboundSettled(
        at, 300, scheme, "retail", attempts, approved, technical, issuer, fen, 3  # type: ignore[arg-type]
    )  # fmt: skip
    return envelope(SETTLED, f"p{number}", at, place, data)


def test_the_form_rate_is_of_non_cash_spend_and_shows_both_sides():
    issued = [Form(2, "ordinary", 700, "s1", False, None, None)] * 2
    events = [
        *form_events(issued),
        payment_event(1, "visa", "mall.a", (1, 1, 0, 0), 9_000),
        payment_event(2, "alipay_plus", "mall.b", (1, 1, 0, 0), 1_000),
        payment_event(3, "cash_exchange", "mall.a", (1, 1, 0, 0), 50_000),
    ]
    rate = formulas.compute_form_rate(reading(events, NOW), month_span(2026, 5))
    assert isinstance(rate, Quotient)
    assert (rate.numerator, rate.denominator, rate.amount, rate.n) == (1_400, 10_000, 14, 2)
    assert (rate.interval, rate.conclusive) == (None, False)
    assert rate.origin.families == ("refund", "payment")


def test_acceptance_leaves_out_what_the_issuer_refused_and_needs_fifty_attempts():
    events = [
        payment_event(1, "visa", "mall.a", (60, 50, 5, 5), 0),
        payment_event(2, "visa", "mall.b", (10, 8, 2, 0), 0),
        payment_event(3, "jcb", "mall.a", (4, 0, 0, 4), 0),
    ]
    read = reading(events, NOW)
    by_place = compute_shares(read, ACCEPTANCE, MAY)
    visa = by_place["mall.a", "visa"]
    assert (visa.amount, visa.n, visa.conclusive) == (Fraction(5000, 55), 55, True)
    small = by_place["mall.b", "visa"]
    assert not small.conclusive
    assert ("mall.a", "jcb") not in by_place
    scheme = compute_shares(read, replace(ACCEPTANCE, by=("scheme",)), MAY)["visa",]
    assert (scheme.numerator, scheme.denominator) == (58, 65)


def test_times_carry_their_sample_and_take_the_shortest_window_that_is_large_enough():
    quick = [Form(age, "ordinary", 1, "s1", False, 0, 0) for age in (3,) * 30 + (20,) * 29]
    read = reading(form_events(quick), NOW)
    month = times_in(read, REFUND_VERIFICATION_TIME, MAY)["port.a",]
    assert (month.n, month.conclusive) == (30, False)
    few = recent_times(read, REFUND_VERIFICATION_TIME)["port.a",]
    assert (few.n, few.window.name, few.conclusive) == (59, "30d", False)
    enough = form_events([*quick, Form(20, "ordinary", 1, "s1", False, 0, 0)])
    many = recent_times(reading(enough, NOW), REFUND_VERIFICATION_TIME)["port.a",]
    assert (many.n, many.window.name, many.conclusive) == (MINIMUM_OBSERVATIONS, "30d", True)
    p50, p90, p95 = many.quantiles.values()
    assert 30 <= p50 <= p90 <= p95 <= 60
    today = form_events([*quick, *[Form(1, "ordinary", 1, "s1", False, 0, 0)] * 60])
    assert recent_times(reading(today, NOW), REFUND_PAYOUT_TIME)["card",].window.name == "7d"


def test_times_of_a_span_without_any_raise_with_the_reason():
    with pytest.raises(NoValue) as raised:
        reading([], NOW).sums(REFUND_PAYOUT_TIME, since_plan(TODAY), ("rail",))
    assert explain_cause(raised.value.absent).en.startswith("there are no refund events")


def test_coverage_rolls_places_up_and_lists_those_without_shops_or_forms():
    points = [
        shop(5, "p1", entity_class="instant_point"),
        shop(6, "c1", "mall.b", entity_class="instant_complex", status="applied"),
    ]
    issued = [Form(2, "ordinary", 1, "s1", True, 0, 0), Form(40, "instant", 1, "s4", False, 1, 1)]
    read = reading([*SHOPS, *points, *form_events(issued)], NOW)
    whole = compute_coverage(read, TODAY)
    assert isinstance(whole.shops, Value)
    assert isinstance(whole.points, Value)
    assert isinstance(whole.complexes, Value)
    assert (whole.shops.amount, whole.points.amount, whole.complexes.amount) == (3, 1, 0)
    rows = {row.place: row[1:] for row in whole.places}
    assert rows["district.all"] == (3, 1, 0, 1)
    assert rows["district.a"] == rows["mall.a"] == (2, 1, 0, 1)
    assert rows["mall.b"] == (1, 0, 0, 0)
    assert (whole.without_shop, whole.without_form) == ((), ("district.b", "mall.b"))
    preaudit, verification, payout = (
        recent_times(read, measure)
        for measure in (REFUND_PREAUDIT_TIME, REFUND_VERIFICATION_TIME, REFUND_PAYOUT_TIME)
    )
    assert set(preaudit) == {("mall.a",)}
    assert set(verification) == {("port.a",)}
    assert set(payout) == {("card",)}


def test_coverage_of_an_earlier_day_counts_the_shops_and_forms_until_then():
    late = shop(9, "s9", "mall.b", valid_from=TODAY - timedelta(days=5))
    issued = [
        Form(2, "ordinary", 1, "s1", False, None, None),
        Form(20, "ordinary", 1, "s4", False, None, None),
    ]
    read = reading([*SHOPS, late, *form_events(issued)], NOW)
    now, before = compute_coverage(read, TODAY), compute_coverage(read, TODAY - timedelta(days=6))
    assert [day.shops.amount for day in (now, before) if isinstance(day.shops, Value)] == [4, 3]
    assert [parts(day.active_share) for day in (now, before)] == [(2, 4), (1, 3)]


def test_without_reports_of_forms_no_place_is_listed_as_having_none():
    whole = compute_coverage(reading(SHOPS, NOW), TODAY)
    assert {row.forms for row in whole.places} == {None}
    assert whole.without_form == ()
    assert isinstance(whole.active_share, Absent)


@given(st.integers(0, 700), st.integers(0, 700), st.integers(1, 1800))
def test_the_shops_needed_per_week_reach_the_goal_on_its_day(shops, goal, days):
    need = compute_need(shops, goal, TODAY, TODAY + timedelta(days=days))
    assert shops + need.per_week * days / 7 == max(shops, goal)
    assert need.missing == max(0, goal - shops)


def test_needed_shops_are_rounded_up_and_the_day_is_in_the_future():
    assert compute_need(100, 153.4, TODAY, TODAY + timedelta(days=7)).missing == 54
    with pytest.raises(ValueError, match="is not after"):
        compute_need(1, 2, TODAY, TODAY)
