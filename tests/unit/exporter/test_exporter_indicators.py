"""The plan's targets and the refund's coverage as metrics."""

from datetime import date, timedelta

import pytest
from prometheus_client.parser import text_string_to_metric_families

from tests.support.assessments import entity
from tests.support.events import envelope
from tests.support.folding import fold, make_arrivals
from tests.support.readers import NOON_MS, at_once, exposition_of, follower_of, publish_updates
from tidemark.services.exporter.rendering import LONGEST_MS, SHORTEST_MS, Rendering, build_exporter_reach
from tidemark.services.plan import read_plan
from tidemark.streams.contracts.civil import instant
from tidemark.streams.contracts.envelope import Event
from tidemark.streams.contracts.published import Row
from tidemark.streams.families.refund import FAMILY as REFUND
from tidemark.streams.families.refund import FormIssued
from tidemark.streams.indicators.assessment.assessment import Status
from tidemark.streams.log.port import Update

PLAN = read_plan()
NOON = instant(NOON_MS)
MALL = "mall.coco_park"
CONSUMPTION = next(
    section.number
    for section in PLAN.catalogue.sections.values()
    for indicator in section.indicator
    if indicator.id == "refund_shops"
)


def key(name: str, *labels: str):
    return name, frozenset(labels)


async def expose_events(events: list[Event], budget: int = 2_000):
    """The samples of the exposition of folded events, by name and label values in any order."""
    rows = [Row(kind, key, value) for (kind, key), value in fold(make_arrivals(*events)).items()]
    follower = follower_of(await publish_updates(Update(0, rows, 0)), build_exporter_reach(), lambda: NOON_MS)
    await follower.refresh(at_once)
    text = exposition_of(follower, PLAN, lambda: NOON_MS, budget=budget).render().decode()
    return {
        key(sample.name.removeprefix("tidemark_"), *sample.labels.values()): sample.value
        for family in text_string_to_metric_families(text)
        for sample in family.samples
    }


def shops(number: int) -> list[Event]:
    """Active shops at a mall, registered an hour ago."""
    return [_at_mall(entity(n, NOON - timedelta(hours=1))) for n in range(number)]


def _at_mall(event: Event) -> Event:
    return envelope(event.kind, event.id, event.time, MALL, event.data)


def form(number: int) -> Event:
    data = FormIssued(
        form_token=f"form-{number}",
        shop_id=f"entity-{number}",
        mode="ordinary",
        invoice_fen=50_000,
        vat_rate_bp=1_300,
        refund_rate_bp=1_100,
        fee_rate_bp=200,
        goods_class="bags",
        item_count=1,
        region_group="HK",
        traveller_token="traveller",  # noqa: S106  a pseudonym
        bag_token="bag",  # noqa: S106  a pseudonym
    )
    return envelope(REFUND.types[0], f"form-{number}", NOON - timedelta(hours=2), MALL, data)


async def test_an_indicator_shows_value_path_pace_age_and_its_one_status():
    samples = await expose_events(shops(100))
    of = lambda name, *labels: samples.get(key(f"indicator_{name}", "refund_shops", *labels))  # noqa: E731
    linear = 43 + 557 * (date(2026, 11, 23) - date(2025, 12, 31)).days / 1826
    assert (of("value"), of("baseline"), of("target")) == (100, 43, 600)
    assert of("expected") == pytest.approx(linear)
    assert of("path_expected", "linear") == pytest.approx(linear)
    assert of("pace_index") == pytest.approx(100 / linear)
    assert of("lag_seconds") == pytest.approx((linear - 100) / (557 / 1826) * 86_400)
    assert (of("age_seconds"), of("age_limit_seconds")) == (3_600, 7 * 86_400)
    assert of("measured", "live") == of("value")
    states = {state: of("status", state.value) for state in Status}
    assert states == {state: float(state is Status.BEHIND) for state in Status}


async def test_every_target_is_described_and_has_exactly_one_status():
    samples = await expose_events(shops(1))
    infos = [labels for name, labels in samples if name == "indicator_info"]
    held = [labels for (name, labels), value in samples.items() if name == "indicator_status" and value]
    ids = {indicator.id for indicator in PLAN.catalogue}
    assert len(infos) == len(held) == len(ids) == 88
    assert {indicator for labels in held for indicator in labels & ids} == ids
    assert {"refund_shops", "离境退税商户", "Departure tax-refund shops", "count", "stock", "live"} in [
        labels - {CONSUMPTION} for labels in infos
    ]


async def test_a_missing_value_has_no_series():
    samples = await expose_events([])
    assert key("indicator_value", "refund_shops") not in samples
    assert samples[key("indicator_status", "refund_shops", "unknown")] == 1
    assert samples[key("indicator_status", "key_district_visits", "ambiguous")] == 1


async def test_the_label_budget_does_not_merge_targets():
    samples = await expose_events(shops(3), budget=16)
    folded = {
        metric
        for (name, labels), value in samples.items()
        if name == "exporter_folded_series" and value
        for metric in labels
    }
    assert not any(metric.startswith("tidemark_indicator") for metric in folded)
    assert samples[key("indicator_value", "refund_shops")] == 3


async def test_coverage_shows_shops_forms_places_without_any_and_the_shops_needed():
    samples = await expose_events([*[form(n) for n in range(3)], *shops(4)])
    assert samples[key("refund_coverage_entities", "shop")] == 4
    assert samples[key("refund_coverage_place_entities", MALL, "shop")] == 4
    assert samples[key("refund_coverage_place_entities", "district.futian_cbd", "shop")] == 4
    assert samples[key("refund_coverage_place_entities", "mall.upperhills", "shop")] == 0
    assert samples[key("refund_coverage_place_forms", MALL)] == 3
    assert samples[key("refund_coverage_place_forms", "mall.upperhills")] == 0
    assert samples[key("refund_coverage_active_ratio")] == 0.75
    assert samples[key("refund_coverage_active_samples")] == 4
    places = sum(name == "refund_coverage_place_forms" for name, _ in samples)
    assert 0 < samples[key("refund_coverage_places_without", "shop")] < places
    missing = 155 - 4
    assert samples[key("refund_coverage_needed_shops")] == missing
    assert samples[key("refund_coverage_needed_shops_per_week")] == pytest.approx(7 * missing / 38)


async def test_targets_are_assessed_seldom_however_often_the_view_changes():
    follower = follower_of(await publish_updates(), build_exporter_reach(), lambda: NOON_MS)
    rendering = Rendering(follower.view, PLAN, 100)
    first = rendering.choose_assessment(NOON_MS)
    follower.view.version += 1
    assert rendering.choose_assessment(NOON_MS + SHORTEST_MS - 1) == first
    second = rendering.choose_assessment(NOON_MS + SHORTEST_MS)
    assert second != first
    assert rendering.choose_assessment(NOON_MS + SHORTEST_MS + LONGEST_MS - 1) == second
    assert rendering.choose_assessment(NOON_MS + SHORTEST_MS + LONGEST_MS) != second
