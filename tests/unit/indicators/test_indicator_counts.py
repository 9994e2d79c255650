"""Registered entities, activities, and shares of both, against a plain recount."""

from datetime import UTC, date, datetime, timedelta

from hypothesis import given, settings
from hypothesis import strategies as st

from tests.support.events import envelope
from tests.support.folding import fold, make_arrivals
from tests.support.indicator_readings import NOW, reading
from tests.support.readers import page
from tidemark.services.wording import explain_cause
from tidemark.streams.contracts.envelope import Event
from tidemark.streams.contracts.published import Row
from tidemark.streams.families import activity, registry
from tidemark.streams.families.activity import ActivityChanged
from tidemark.streams.families.registry import EntityChanged
from tidemark.streams.families.retail import FAMILY as RETAIL
from tidemark.streams.families.retail import SalesReported
from tidemark.streams.indicators.formulas.activity import ActivitiesHeld, TopBrandDebutShare
from tidemark.streams.indicators.formulas.registry import CapabilityShare, Registered
from tidemark.streams.indicators.formulas.retail import LargeComplexes
from tidemark.streams.indicators.values.cause import Reason
from tidemark.streams.indicators.values.spans import full_year, month_span, since_plan, stock_at, year_to_date
from tidemark.streams.indicators.values.value import Absent, Share, Value

REGISTERED, CHANGED, SOLD = registry.FAMILY.types[0], activity.FAMILY.types[0], RETAIL.types[0]
DAYS = [date(2025, 11, 1), date(2025, 12, 31), date(2026, 1, 1), date(2026, 1, 20), date(2026, 3, 1)]
SPAN_DAYS = [date(2025, 12, 31), date(2026, 1, 19), date(2026, 2, 9)]

entries = st.lists(
    st.tuples(
        st.sampled_from(["s1", "s2", "s3"]),
        st.sampled_from(["applied", "active", "suspended", "closed"]),
        st.sampled_from(DAYS),
    ),
    min_size=1,
    max_size=8,
    unique_by=lambda entry: (entry[0], entry[2]),
)


def entry(number: int, entity: str, status: str, since: date, **fields: object) -> Event:
    data = EntityChanged("refund_shop", entity, status, since)  # type: ignore[arg-type]
    fields = {"entity_class": "refund_shop", **fields}
    data = EntityChanged(**{**{name: getattr(data, name) for name in data.__struct_fields__}, **fields})
    return envelope(REGISTERED, f"r{number}", NOW - timedelta(days=1, seconds=-number), "mall.a", data)


@given(entries)
@settings(max_examples=60, deadline=None)
def test_registered_entities_are_counted_by_the_entry_in_force_and_by_their_first_active_day(timeline):
    read = reading(entry(number, *fields) for number, fields in enumerate(timeline))
    shops = Registered(entity_class="refund_shop")
    entities = {entity for entity, _, _ in timeline}
    for day in SPAN_DAYS:
        active, added = 0, 0
        for entity in entities:
            of_entity = sorted((since, status) for named, status, since in timeline if named == entity)
            begun = [status for since, status in of_entity if since <= day]
            active += bool(begun) and begun[-1] == "active"
            first = min((since for since, status in of_entity if status == "active"), default=None)
            added += first is not None and date(2026, 1, 1) <= first <= day
        stock, since_plan_began = shops.value(read, stock_at(day)), shops.value(read, since_plan(day))
        assert isinstance(stock, Value)
        assert isinstance(since_plan_began, Value)
        assert (stock.amount, since_plan_began.amount) == (active, added)


def test_a_class_that_nobody_registered_has_no_value_and_one_without_active_entities_has_zero():
    read = reading([entry(1, "s1", "applied", date(2026, 1, 1))])
    absent = Registered(entity_class="unicorn").value(read, stock_at(NOW.date()))
    assert isinstance(absent, Absent)
    assert absent.reason is Reason.NO_EVENTS
    assert "unicorn" in explain_cause(absent).en
    assert "unicorn" in explain_cause(absent).zh
    zero = Registered(entity_class="refund_shop").value(read, stock_at(NOW.date()))
    assert isinstance(zero, Value)
    assert zero.amount == 0


def merchants(offers: list[tuple[str, ...]]) -> list[Event]:
    return [
        entry(number, f"m{number}", "active", date(2026, 1, 1), entity_class="merchant", capabilities=offered)
        for number, offered in enumerate(offers)
    ]


def test_a_share_counts_active_merchants_with_all_capabilities_and_needs_thirty_for_a_verdict():
    offers = [("visa", "mastercard"), ("visa",), (), ("mastercard", "visa", "stub")]
    closed = entry(99, "gone", "closed", date(2026, 1, 1), entity_class="merchant", capabilities=("visa",))
    formula = CapabilityShare(capabilities=("visa", "mastercard"))
    few = formula.value(reading([*merchants(offers), closed]), stock_at(NOW.date()))
    assert isinstance(few, Share)
    assert (few.numerator, few.denominator, few.n, few.amount, few.conclusive) == (2, 4, 4, 50, False)
    many = formula.value(reading(merchants(offers * 8)), stock_at(NOW.date()))
    assert isinstance(many, Share)
    assert (many.n, many.amount, many.conclusive) == (32, 50, True)
    assert many.interval is not None
    assert few.interval is not None
    assert few.interval[0] < many.interval[0] < 50 < many.interval[1] < few.interval[1]


def test_without_an_active_merchant_there_is_no_share():
    events = [entry(1, "m", "closed", date(2026, 1, 1), entity_class="merchant")]
    absent = CapabilityShare(capabilities=("visa",)).value(reading(events), stock_at(NOW.date()))
    assert isinstance(absent, Absent)
    assert absent.reason is Reason.ZERO_DENOMINATOR


def activity_event(number: int, starts: datetime, status: str = "ended", **fields: object) -> Event:
    at = min(starts, NOW) - timedelta(hours=1)
    data = ActivityChanged(
        f"a{number}",
        fields.pop("category", "conference"),  # type: ignore[arg-type]
        status,  # type: ignore[arg-type]
        starts,
        starts + timedelta(hours=2),
        fields.pop("venue_id", "mall.a"),  # type: ignore[arg-type]
        **fields,  # type: ignore[arg-type]
    )
    return envelope(CHANGED, f"e{number}", at, "mall.a", data)


NEW_YEAR = datetime(2025, 12, 31, 16, tzinfo=UTC)  # midnight in Shanghai


def test_activities_count_on_the_civil_day_they_begin_once_they_are_held():
    events = [
        activity_event(1, NEW_YEAR),
        activity_event(2, NEW_YEAR - timedelta(seconds=1)),
        activity_event(3, NEW_YEAR + timedelta(days=3), "live"),
        activity_event(4, NEW_YEAR + timedelta(days=3), "cancelled"),
        activity_event(5, NEW_YEAR + timedelta(days=3), "approved"),
        activity_event(6, NEW_YEAR + timedelta(days=40)),
    ]
    read = reading(sorted(events, key=lambda event: event.time))
    held = ActivitiesHeld()
    values = [held.value(read, span) for span in (month_span(2026, 1), full_year(2025), full_year(2026))]
    assert [value.amount for value in values if isinstance(value, Value)] == [2, 1, 3]
    stock = held.value(read, stock_at(date(2026, 1, 31)))
    assert isinstance(stock, Value)
    assert stock.amount == 3
    before = held.value(read, full_year(2024))
    assert isinstance(before, Absent)


def test_conditions_on_activities_narrow_together():
    day = NEW_YEAR + timedelta(days=3)
    events = [
        activity_event(1, day, high_end=True),
        activity_event(2, day),
        activity_event(3, day, category="cultural", high_end=True, venue_id="mall.b"),
        activity_event(4, day, category="product_debut", consumer_electronics=True, debut_tier="asia"),
        activity_event(5, day, category="product_debut", consumer_electronics=True, debut_tier="city"),
        activity_event(6, day, category="product_debut", debut_tier="global"),
    ]
    read, span = reading(events), month_span(2026, 1)

    def count_held(**conditions: object) -> int:
        value = ActivitiesHeld(**conditions).value(read, span)  # type: ignore[arg-type]
        assert isinstance(value, Value)
        return int(value.amount)

    assert count_held() == 6
    assert count_held(categories=("conference",), high_end=True) == 1
    assert count_held(consumer_electronics=True, debut_tiers=("global", "asia")) == 1
    assert count_held(venues_within=("district.b",)) == 1
    assert count_held(venues_within=("district.all",)) == 6


def test_the_share_of_top_brands_is_of_debuts_of_consumer_electronics_whose_tier_is_known():
    day = NEW_YEAR + timedelta(days=3)
    origins = ["international_top", "domestic", None, "international_top"]
    events = [
        activity_event(n, day, consumer_electronics=True, debut_tier="city", brand_origin=origin)
        for n, origin in enumerate(origins)
    ]
    events += [activity_event(8, day, consumer_electronics=True, brand_origin="international_top")]
    events += [activity_event(9, day, debut_tier="city", brand_origin="international_top")]
    share = TopBrandDebutShare().value(reading(events), year_to_date(NOW.date()))
    assert isinstance(share, Share)
    assert (share.numerator, share.denominator, share.conclusive) == (2, 4, False)


def sales(number: int, mall: str, at: datetime, gross_fen: int, returned_fen: int = 0) -> Event:
    data = SalesReported(at, 3600, "food", 1, gross_fen, returned_fen, 1, 1)
    return envelope(SOLD, f"s{number}", at, mall, data)


def test_a_complex_counts_from_the_first_year_in_which_it_reaches_the_sum_unless_it_did_before():
    year_2025, year_2026 = datetime(2025, 6, 1, tzinfo=UTC), datetime(2026, 1, 5, tzinfo=UTC)
    events = [
        sales(1, "mall.old", year_2025, 1_000),
        sales(2, "mall.old", year_2026, 2_000),
        sales(3, "mall.a", year_2025, 600),
        sales(4, "mall.a", year_2026, 600),
        sales(5, "mall.a", year_2026 + timedelta(days=20), 500),
        sales(6, "mall.b", year_2026, 1_200, 300),
        sales(7, "district.a", year_2026, 9_000),
    ]
    read = reading(sorted(events, key=lambda event: event.time))
    formula = LargeComplexes(yearly_fen=1_000)
    complexes = formula.value(read, since_plan(NOW.date()))
    assert isinstance(complexes, Value)
    assert (complexes.amount, "mall.a" in complexes.origin.computed_from) == (1, True)
    earlier = formula.value(read, since_plan(date(2026, 1, 15)))
    assert isinstance(earlier, Value)
    assert earlier.amount == 0


def test_latest_values_are_decoded_again_when_one_has_changed():
    register = reading([entry(1, "s1", "active", date(2026, 1, 1))]).register
    first = register.read_latest()
    assert register.read_latest() is first
    rows = [
        (0, Row(kind, key, value))
        for (kind, key), value in fold(make_arrivals(entry(2, "s2", "active", date(2026, 1, 1)))).items()
    ]
    register.view.apply(page(2, *rows))
    assert [shop.entity_id for shop in register.read_latest().registrations["refund_shop"]] == ["s1", "s2"]
