"""The ticket economy; occupancy, dwell, debut footfall and spend per visit."""

from datetime import UTC, date, datetime, timedelta
from fractions import Fraction

from hypothesis import given, settings
from hypothesis import strategies as st

from tests.support.events import envelope
from tests.support.indicator_readings import NOW, reading
from tidemark.streams.contracts.envelope import Event
from tidemark.streams.contracts.family import DAY
from tidemark.streams.families import activity, registry, ticket
from tidemark.streams.families.activity import ActivityChanged
from tidemark.streams.families.footfall import FAMILY as FOOTFALL
from tidemark.streams.families.footfall import FootfallCounted
from tidemark.streams.families.registry import EntityChanged
from tidemark.streams.families.retail import FAMILY as RETAIL
from tidemark.streams.families.retail import SalesReported
from tidemark.streams.families.ticket import BenefitChanged, TicketAdmitted
from tidemark.streams.indicators.formulas.footfall import (
    compute_debut_footfall,
    compute_dwell,
    compute_occupancy,
    compute_spend_per_visit,
)
from tidemark.streams.indicators.formulas.ratios import compute_shares
from tidemark.streams.indicators.formulas.ticket import (
    STUB_CONVERSION,
    STUB_USE,
    compute_merchant_participation,
    compute_pull_ratio,
)
from tidemark.streams.indicators.reading.reach import build_indicators_reach
from tidemark.streams.indicators.values.cause import Reason
from tidemark.streams.indicators.values.spans import month_span
from tidemark.streams.indicators.values.value import Absent, Quotient, Share, Value
from tidemark.streams.view.windows import totals_windows

COUNTED, SOLD = FOOTFALL.types[0], RETAIL.types[0]
ADMITTED, BENEFIT = ticket.FAMILY.types
MORNING = datetime(2026, 2, 8, 20, tzinfo=UTC)  # 04:00 in Shanghai
FEBRUARY = month_span(2026, 2)


def footfall_event(number: int, at: datetime, entered: int, exited: int, place: str = "mall.a") -> Event:
    return envelope(COUNTED, f"c{number}", at, place, FootfallCounted("s1", at, 60, entered, exited))


def admission_event(number: int, token: str, at: datetime) -> Event:
    data = TicketAdmitted(token, "show", "g", "admitted", 10_000)
    return envelope(ADMITTED, f"t{number}", at, "venue.a", data)


def benefit(number: int, token: str, at: datetime, stage: str, merchant: str, order_fen: int) -> Event:
    data = BenefitChanged(token, f"b-{token}", "show", stage, "discount", merchant, order_fen)  # type: ignore[arg-type]
    return envelope(BENEFIT, f"b{number}", at, "mall.a", data)


def merchant(number: int, name: str, *capabilities: str) -> Event:
    data = EntityChanged("merchant", name, "active", date(2026, 1, 1), tuple(capabilities))  # type: ignore[arg-type]
    return envelope(registry.FAMILY.types[0], f"m{number}", NOW - timedelta(days=25), "mall.a", data)


tickets = st.lists(
    st.tuples(
        st.integers(0, 12),
        st.sampled_from(["redeemed", "reversed", "claimed", None]),
        st.sampled_from([0, 5_000]),
        st.sampled_from(["m1", "m2", "m3"]),
    ),
    min_size=1,
    max_size=6,
)


@given(tickets)
@settings(max_examples=60, deadline=None)
def test_stub_shares_match_a_recount_of_tickets(stubs):
    shown = datetime(2026, 2, 1, 4, tzinfo=UTC)
    now = shown + timedelta(days=15)
    events = [merchant(1, "m1", "stub"), merchant(2, "m2", "visa", "stub"), merchant(3, "m3", "visa")]
    for number, (after, stage, order_fen, shop) in enumerate(stubs):
        events.append(admission_event(number, f"k{number}", shown))
        if stage is not None:
            redeemed_at = shown + timedelta(days=after)
            events.append(benefit(number, f"k{number}", redeemed_at, "redeemed", shop, order_fen))
            if stage != "redeemed":
                later = redeemed_at + timedelta(hours=1)
                events.append(benefit(100 + number, f"k{number}", later, "reversed", shop, order_fen))
    read = reading(sorted(events, key=lambda event: event.time), now)
    kept = [(after, order_fen, shop) for after, stage, order_fen, shop in stubs if stage == "redeemed"]
    linked = [order_fen for after, order_fen, _ in kept if after <= 7 and order_fen]
    month = totals_windows(read.view.civil, int(shown.timestamp() * 1000))[1]
    [use], [conversion] = (compute_shares(read, of, month).values() for of in (STUB_USE, STUB_CONVERSION))
    pull = compute_pull_ratio(read, FEBRUARY)
    assert isinstance(pull, Quotient)
    assert (use.numerator, use.denominator) == (len(kept), len(stubs))
    assert (conversion.numerator, conversion.denominator) == (len(linked), len(stubs))
    assert (pull.amount, pull.n) == (Fraction(sum(linked), 10_000 * len(stubs)), len(stubs))
    assert not use.conclusive
    taking = compute_merchant_participation(read)
    if isinstance(taking, Share):
        assert taking.denominator == 2
        assert taking.numerator == len({shop for _, _, shop in kept} & {"m1", "m2"})
    else:
        assert all(stage is None for _, stage, _, _ in stubs)


def test_a_reversal_that_comes_before_its_redemption_adds_no_participant():
    events = [
        merchant(1, "m1", "stub"),
        benefit(1, "k1", NOW - timedelta(days=1), "reversed", "m1", 5_000),
        benefit(2, "k2", NOW - timedelta(days=1), "redeemed", "m9", 5_000),
    ]
    taking = compute_merchant_participation(reading(events))
    assert isinstance(taking, Share)
    assert (taking.numerator, taking.denominator) == (0, 1)


passes = st.lists(st.tuples(st.integers(-90, 470), st.integers(0, 9), st.integers(0, 9)), max_size=12)


@given(passes)
@settings(max_examples=60, deadline=None)
def test_occupancy_is_who_entered_less_who_left_since_four_in_the_morning(counts):
    events = [
        footfall_event(n, MORNING + timedelta(minutes=at), entered, exited)
        for n, (at, entered, exited) in enumerate(counts)
    ]
    read = reading(sorted(events, key=lambda event: event.time))
    expected = sum(entered - exited for at, entered, exited in counts if at >= 0)
    inside = compute_occupancy(read)
    assert (inside["mall.a"].amount if "mall.a" in inside else 0) == expected


def test_before_four_the_day_is_still_yesterday():
    before_four = MORNING - timedelta(minutes=30)
    read = reading([footfall_event(1, MORNING - timedelta(hours=10), 3, 0)], before_four)
    assert compute_occupancy(read)["mall.a"].amount == 3


def test_dwell_is_the_time_inside_per_entry():
    """Ten enter during the first quarter-hour, and leave during the fifth: 60 minutes each."""
    events = [footfall_event(1, MORNING, 10, 0), footfall_event(2, MORNING + timedelta(minutes=60), 0, 10)]
    dwell = compute_dwell(reading(events))
    assert dwell.keys() == {"mall.a"}
    assert (dwell["mall.a"].amount, dwell["mall.a"].unit, dwell["mall.a"].n) == (3_600, "s", 10)
    still_inside = compute_dwell(reading(events[:1]))["mall.a"]
    assert still_inside.amount == (8 * 60 - 7.5) * 60


def test_visitors_of_one_place_do_not_add_to_the_dwell_of_another():
    in_mall_a = [footfall_event(1, MORNING, 10, 0), footfall_event(2, MORNING + timedelta(minutes=60), 0, 10)]
    in_mall_b = [footfall_event(3, MORNING + timedelta(minutes=30), 4, 0, "mall.b")]
    both = compute_dwell(reading(sorted([*in_mall_a, *in_mall_b], key=lambda event: event.time)))
    assert both["mall.a"].amount == compute_dwell(reading(in_mall_a))["mall.a"].amount
    assert both["mall.b"].amount == compute_dwell(reading(in_mall_b))["mall.b"].amount


def launch(space: str | None) -> ActivityChanged:
    starts = MORNING + timedelta(hours=2)
    return ActivityChanged(
        "a1", "product_debut", "live", starts, starts + timedelta(hours=1), "mall.a", debut_space_id=space
    )


def test_debut_footfall_is_of_the_space_and_the_hours_of_the_activity():
    at = launch("debut.b").starts
    events = [
        footfall_event(1, at - timedelta(minutes=1), 100, 0, "debut.b"),
        footfall_event(2, at, 7, 0, "debut.b"),
        footfall_event(3, at + timedelta(minutes=59), 5, 2, "debut.b"),
        footfall_event(4, at + timedelta(minutes=20), 900, 0, "mall.a"),
        footfall_event(5, at + timedelta(minutes=60), 100, 0, "debut.b"),
    ]
    events += [
        envelope(activity.FAMILY.types[0], "x", at, "mall.a", launch("debut.b")),
        envelope(
            registry.FAMILY.types[0],
            "r",
            at,
            "debut.b",
            EntityChanged("debut_space", "space-1", "active", date(2026, 1, 1)),
        ),
    ]
    read = reading(sorted(events, key=lambda event: event.time))
    for name in ("debut.b", "space-1"):
        visits = compute_debut_footfall(read, launch(name))
        assert isinstance(visits, Value)
        assert visits.amount == 12
    for silent in (None, "debut.elsewhere"):
        absent = compute_debut_footfall(read, launch(silent))
        assert isinstance(absent, Absent)
        assert absent.reason is Reason.NO_EVENTS
    later = reading(events[:2], NOW + timedelta(days=40), reach=build_indicators_reach(62 * DAY))
    gone = compute_debut_footfall(later, launch("debut.b"))
    assert isinstance(gone, Absent)
    assert gone.reason is Reason.NOT_HELD


def test_spend_per_visit_is_net_sales_divided_by_visits():
    data = SalesReported(MORNING, 3600, "food", 1, 90_000, 10_000, 1, 1)
    events = [footfall_event(1, MORNING, 10, 0), envelope(SOLD, "s", MORNING, "mall.a", data)]
    spend = compute_spend_per_visit(reading(events), FEBRUARY)
    assert isinstance(spend, Quotient)
    assert (spend.amount, spend.unit, spend.n) == (8_000, "fen", 10)
    nothing = compute_spend_per_visit(reading(events[:1]), FEBRUARY)
    assert isinstance(nothing, Absent)
