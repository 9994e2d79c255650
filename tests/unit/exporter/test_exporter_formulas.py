"""Formulas over the view as metrics."""

from datetime import timedelta

import pytest
from prometheus_client.parser import text_string_to_metric_families

from tests.support.assessments import entity
from tests.support.district import district
from tests.support.events import envelope
from tests.support.folding import fold, make_arrivals
from tests.support.metric_names import PLAIN
from tests.support.readers import (
    NOON_MS,
    at_once,
    cell,
    exposition_of,
    follower_of,
    make_vector,
    publish_updates,
)
from tidemark.services.exporter.rendering import build_exporter_reach
from tidemark.services.plan import read_plan
from tidemark.streams.contracts.civil import Grain, instant
from tidemark.streams.contracts.envelope import Event
from tidemark.streams.contracts.published import Row
from tidemark.streams.families.activity import FAMILY as ACTIVITY
from tidemark.streams.families.activity import ActivityChanged
from tidemark.streams.families.definitions import STALE_AFTER_MS
from tidemark.streams.families.footfall import FAMILY as FOOTFALL
from tidemark.streams.families.footfall import FootfallCounted
from tidemark.streams.families.registry import FAMILY as REGISTRY
from tidemark.streams.families.registry import EntityChanged
from tidemark.streams.families.retail import RETAIL_SALES
from tidemark.streams.log.port import Update

PLAN = read_plan()
NOON = instant(NOON_MS)


async def export_families(*updates: Update):
    follower = follower_of(await publish_updates(*updates), build_exporter_reach(), lambda: NOON_MS)
    await follower.refresh(at_once)
    text = exposition_of(follower, PLAN, lambda: NOON_MS).render().decode()
    return list(text_string_to_metric_families(text))


async def expose_events(*events: Event):
    """The samples of folded events, by name without prefix and labels."""
    ordered = sorted(events, key=lambda event: event.time)
    rows = [Row(kind, key, value) for (kind, key), value in fold(make_arrivals(*ordered)).items()]
    shown = {
        (sample.name.removeprefix("tidemark_"), *sorted(sample.labels.values())): sample.value
        for family in await export_families(Update(0, rows, 0))
        for sample in family.samples
    }
    return lambda name, *labels: shown.get((name, *sorted(labels)))


def footfall_event(number: int, minutes: int, entered: int, exited: int, place: str = "venue.a") -> Event:
    start = NOON - timedelta(minutes=minutes)
    data = FootfallCounted("s1", start, 900, entered, exited)
    return envelope(FOOTFALL.types[0], f"c{number}", start + timedelta(minutes=15), place, data)


def concert(capacity: int, space: str | None = None) -> Event:
    starts = NOON - timedelta(hours=1)
    data = ActivityChanged(
        "a1", "product_debut", "live", starts, starts + timedelta(hours=3), "venue.a", capacity=capacity,
        debut_space_id=space,
    )  # fmt: skip
    return envelope(ACTIVITY.types[0], "a1", starts, "venue.a", data)


async def test_every_metric_of_the_tables_is_described_in_every_answer():
    named = {family.name for family in await export_families(*district())}
    for row in PLAIN:
        assert row.name.removesuffix("_total") in named


async def test_a_district_has_a_value_for_every_share_of_a_period():
    samples = {family.name: family.samples for family in await export_families(*district())}
    for name in ("refund_form_rate", "refund_instant", "refund_preaudited", "ticket_pull"):
        for suffix in ("ratio", "samples"):
            periods = {sample.labels["period"] for sample in samples[f"tidemark_{name}_{suffix}"]}
            assert periods == {"month", "year", "plan"}


async def test_a_place_that_fills_shows_occupancy_capacity_and_time_until_full():
    value = await expose_events(
        concert(1_000), footfall_event(1, 60, 200, 0), footfall_event(2, 30, 400, 100)
    )
    assert value("footfall_occupancy_persons", "venue.a") == 500
    assert value("footfall_capacity_persons", "venue.a") == 1_000
    # The hour's quarter-hours began 45 minutes ago, and 300 more are inside since.
    assert value("footfall_full_seconds", "venue.a") == pytest.approx(500 / (300 / 2_700))
    assert value("footfall_dwell_seconds", "venue.a") == pytest.approx(
        (200 * 450 + 200 * 900 + 350 * 900 + 500 * 900) / 600
    )


async def test_a_place_that_empties_is_never_full():
    value = await expose_events(concert(1_000), footfall_event(1, 60, 200, 0), footfall_event(2, 30, 0, 100))
    assert value("footfall_occupancy_persons", "venue.a") == 100
    assert value("footfall_full_seconds", "venue.a") is None


async def test_debut_footfall_is_by_the_place_of_the_space():
    space = EntityChanged("debut_space", "space-1", "active", instant(NOON_MS - 10**9).date())
    registered = envelope(REGISTRY.types[0], "r1", NOON - timedelta(days=3), "debut.hall", space)
    events = [
        concert(1_000, "space-1"),
        footfall_event(1, 45, 70, 0, "debut.hall"),
        footfall_event(2, 120, 9, 0, "debut.hall"),
    ]
    value = await expose_events(registered, *events)
    assert value("debut_footfall_persons", "debut.hall", "30d") == 70


async def test_feeds_show_their_age_limits_and_completeness():
    sensor = entity(1, NOON - timedelta(days=2), entity_class="sensor")
    value = await expose_events(sensor, *[footfall_event(n, 15 * n, 1, 1) for n in range(1, 4)])
    assert {family: value("feed_age_limit_seconds", family) for family in STALE_AFTER_MS} == {
        "footfall": 120, "refund": 900, "payment": 600, "retail": 1_800, "port": 3_600, "trade": 86_400,
    }  # fmt: skip
    assert value("feed_age_limit_seconds", "official") is None
    assert value("feed_completeness_ratio", "footfall", "1h") == pytest.approx(2 / 4)
    assert value("feed_completeness_ratio", "footfall", "1d") == pytest.approx(2 / 96)


async def test_a_share_without_observations_has_no_series():
    value = await expose_events(concert(10))
    assert value("refund_clawback_ratio", "30d") is None
    assert value("refund_clawback_base_ratio") is None
    assert value("ticket_pull_ratio", "year") is None


async def test_the_view_reaches_back_to_the_comparable_days():
    week = 7 * 24 * 60
    usual = [footfall_event(n, 30 + n * week, 100, 0) for n in range(1, 9)]
    value = await expose_events(*usual, footfall_event(0, 30, 150, 0))
    assert value("footfall_anomaly_score", "venue.a") == 5


async def test_growth_compares_the_years_whole_months_with_the_same_months_a_year_before():
    def sales_event(year: int, month: int, fen: int) -> Row:
        vector = make_vector(RETAIL_SALES, gross_fen=fen)
        return cell(RETAIL_SALES, Grain.MONTH, year * 12 + month - 1, ("mall.a", "food"), vector)

    rows = [sales_event(2025, month, 100) for month in range(1, 13)] + [
        sales_event(2026, month, 130) for month in range(1, 11)
    ]
    [growth] = [
        sample.value
        for family in await export_families(Update(0, [*rows, sales_event(2026, 11, 9_999)], 0))
        for sample in family.samples
        if sample.name == "tidemark_indicator_year_on_year_ratio"
        and sample.labels["indicator"] == "retail_sales_total"
    ]
    assert growth == pytest.approx(0.3)
