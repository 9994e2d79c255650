"""Which status an indicator gets, and why."""

from datetime import UTC, date, datetime, timedelta
from fractions import Fraction

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.support.assessments import assess_on, entity
from tests.support.events import envelope
from tests.support.folding import fold, make_arrivals
from tests.support.indicator_readings import CATALOGUE, PARENTS, figure, publish_figures, reading, reading_of
from tidemark.streams.contracts.envelope import Event
from tidemark.streams.families import footfall
from tidemark.streams.families.footfall import FootfallCounted
from tidemark.streams.indicators.assessment.assessing import format_exact
from tidemark.streams.indicators.assessment.assessment import Status
from tidemark.streams.indicators.targets.loading import declare_meanings

NOW = datetime(2026, 6, 15, 4, tzinfo=UTC)
TODAY = date(2026, 6, 15)
JUST = NOW - timedelta(hours=1)
SHOPS = CATALOGUE["refund_shops"]
PARKS = CATALOGUE["park_area_per_capita"]


def shops(number: int) -> list[Event]:
    return [entity(n, JUST) for n in range(number)]


@pytest.mark.parametrize(
    ("number", "status"),
    [(600, "reached"), (95, "on_track"), (84, "at_risk"), (79, "at_risk"), (70, "behind"), (43, "behind")],
)
def test_the_refund_shops_are_judged_by_their_own_limits(number, status):
    """The path stands at 43 + 557 · 166/1826 = 93.6, and a shop is 3.3 days: 84 is 32 days behind and
    0.897 of it, 79 is 48 days and 0.844, 70 is 77 days and 0.748."""
    assessment = assess_on(SHOPS, reading(shops(number), NOW), TODAY)
    assert assessment.course is not None
    assert assessment.course.expected == pytest.approx(43 + 557 * 166 / 1826)
    assert assessment.status == status


def test_both_paths_of_a_stock_are_shown():
    course = assess_on(SHOPS, reading(shops(95), NOW), TODAY).course
    assert course is not None
    assert course.linear == course.expected
    assert course.geometric == pytest.approx(43 * (600 / 43) ** (166 / 1826))


def test_far_behind_on_a_narrow_path_is_behind_though_the_index_is_near_1():
    ground = CATALOGUE["sports_area_per_capita"]
    fields = {"indicator_id": ground.id, "unit": "m2", "basis": "stock"}
    now = datetime(2028, 6, 15, 4, tzinfo=UTC)
    read = reading(publish_figures(figure("2028-05", "3.3925", date(2028, 6, 10), **fields)), now)
    assessment = assess_on(ground, read, now.date())
    assert assessment.course is not None
    assert assessment.course.index > 0.98
    assert assessment.status is Status.BEHIND


def test_without_a_baseline_there_is_a_value_and_a_distance_but_no_status():
    firms = [entity(n, JUST, entity_class="service_trade_firm") for n in range(501)]
    assessment = assess_on(CATALOGUE["service_trade_firms"], reading(firms, NOW), TODAY)
    assert (assessment.status, assessment.why.reason) == (Status.UNKNOWN, "no_baseline")
    assert assessment.course is not None
    assert assessment.course.distance == -1


def test_an_ambiguous_target_has_neither_value_nor_status_until_it_is_declared():
    stores = [entity(n, JUST, entity_class="premium_store") for n in range(20)]
    read = reading(stores, NOW)
    undeclared = assess_on(CATALOGUE["premium_stores_added"], read, TODAY)
    assert (undeclared.status, undeclared.amount) == (Status.AMBIGUOUS, None)
    declared = declare_meanings(CATALOGUE, {"premium_stores_added": "cumulative_2026_2030"})
    assessment = assess_on(declared["premium_stores_added"], read, TODAY)
    assert (assessment.status, assessment.kind, assessment.amount and assessment.amount.exact) == (
        "on_track",
        "cumulative",
        "20",
    )


def test_without_data_the_status_is_unknown_with_the_reason():
    assessment = assess_on(SHOPS, reading([], NOW), TODAY)
    assert (assessment.status, assessment.why.reason, assessment.absent) == (
        Status.UNKNOWN,
        "no_events",
        assessment.why,
    )


@pytest.mark.parametrize(("value", "status"), [("10", "reached"), ("9.99", "missed")])
def test_at_the_plan_s_end_the_official_figure_decides(value, status):
    fields = {"indicator_id": PARKS.id, "unit": "m2", "basis": "stock"}
    now = datetime(2031, 3, 1, tzinfo=UTC)
    before = figure("2030-09", "9.9", date(2030, 10, 20), **fields)
    awaiting = assess_on(PARKS, reading(publish_figures(before), now), now.date())
    assert (awaiting.status, awaiting.why.reason) != ("missed", "missed")
    final = figure("2030-12", value, date(2031, 2, 1), **fields)
    assert assess_on(PARKS, reading(publish_figures(before, final), now), now.date()).status == status


def test_an_amount_that_starts_at_zero_has_no_verdict_in_its_first_month():
    complexes = CATALOGUE["instant_refund_complexes"]
    for day, reason in ((30, "too_early"), (31, "pace")):
        now = datetime(2026, 1, day, 8, tzinfo=UTC)
        registered = [entity(0, now - timedelta(hours=1), entity_class="instant_complex")]
        assert assess_on(complexes, reading(registered, now), now.date()).why.reason == reason


def footfall_event(number: int, start: datetime) -> Event:
    data = FootfallCounted("gate-1", start, 3600, 9, 9)
    return envelope(footfall.FAMILY.types[0], f"f{number}", start + timedelta(hours=1), "district.a", data)


@pytest.mark.parametrize(("missing", "complete"), [(0, True), (28, True), (29, False)])
def test_completeness_is_received_over_expected_windows_of_registered_sensors(missing, complete):
    first = datetime(2025, 12, 31, 16, tzinfo=UTC)
    hours = 60 * 24
    now = first + timedelta(hours=hours)
    events = [entity(0, first, entity_class="sensor", entity_id="gate-1", valid_from=date(2026, 1, 1))]
    events = [msgspec.structs.replace(events[0], subject="district.a")]
    events += [footfall_event(n, first + timedelta(hours=n)) for n in range(missing, hours)]
    plan = declare_meanings(CATALOGUE, {"key_district_visits": "annual_2030"})
    visits = plan["key_district_visits"]
    assert visits.live is not None
    indicator = msgspec.structs.replace(
        visits, live=msgspec.structs.replace(visits.live, districts=("district.a",))
    )
    read = reading_of(fold(make_arrivals(*events)), now, PARENTS)
    assessment = assess_on(indicator, read, now.date())
    assert assessment.completeness is not None
    assert assessment.completeness.ratio == pytest.approx((hours - missing) / hours, abs=1e-6)
    assert (assessment.why.reason == "incomplete") != complete


@given(st.integers(-(10**20), 10**20), st.integers(1, 10**6))
def test_the_exact_text_is_the_amount(numerator, denominator):
    assert Fraction(format_exact(Fraction(numerator, denominator))) == Fraction(numerator, denominator)
