import re

import pytest
from prometheus_client.parser import text_string_to_metric_families

from tests.support.metric_names import PLAIN
from tests.support.readers import (
    CIVIL,
    NOON_MS,
    TODAY,
    at_once,
    both,
    cell,
    exposition_of,
    follower_of,
    head,
    make_vector,
    publish_updates,
)
from tidemark.services.exporter.metrics import QUANTILE_METRICS, RATIOS
from tidemark.services.exporter.rendering import build_exporter_reach
from tidemark.services.plan import read_plan
from tidemark.streams.contracts.civil import Grain
from tidemark.streams.contracts.family import DURATION_BOUNDS_S, observation
from tidemark.streams.contracts.published import Feed, Kind, Row
from tidemark.streams.families.definitions import SUMS
from tidemark.streams.families.footfall import FOOTFALL_PLACE
from tidemark.streams.families.payment import PAYMENT_AUTHORISATION_TIME, PAYMENT_INBOUND
from tidemark.streams.families.refund import REFUND_QUEUE_TIME
from tidemark.streams.families.service_trade import SERVICE_TRADE_VALUE
from tidemark.streams.log.port import Update

HOUR_MS = 3_600_000
PLAN = read_plan()


async def export_values(*updates, now_ms=NOON_MS, budget=2_000):
    """The exported values of published updates."""
    follower = follower_of(await publish_updates(*updates), build_exporter_reach(), lambda: now_ms)
    await follower.refresh(at_once)
    return read_exposition(exposition_of(follower, PLAN, lambda: now_ms, 5_000, "1.2.3", budget).render())


def read_exposition(text):
    """Look up values by name and labels in an exposition, read by the client library's parser."""
    shown = {
        (sample.name, frozenset(sample.labels.items())): sample.value
        for family in text_string_to_metric_families(text.decode())
        for sample in family.samples
    }
    return lambda name, labels=None: shown.get((name, frozenset((labels or {}).items())))


def visits(place, entered, at_ms=NOON_MS):
    return both(
        FOOTFALL_PLACE, (place,), make_vector(FOOTFALL_PLACE, entered=entered, windows=1, seconds=60), at_ms
    )


async def test_a_total_is_summed_over_partitions_and_shown_for_every_window():
    june = CIVIL.start_ms(Grain.MONTH, 2026 * 12 + 5)
    value = await export_values(
        Update(0, visits("mall.a", 7), 0),
        Update(1, [*visits("mall.a", 5, NOON_MS), *visits("mall.b", 3, june)], 0),
    )
    name = "tidemark_footfall_entered_persons"
    shown = {
        place: [
            value(name, {"place": place, "period": period}) for period in ("today", "month", "year", "plan")
        ]
        for place in ("mall.a", "mall.b")
    }
    assert shown == {"mall.a": [12, 12, 12, 12], "mall.b": [0, 0, 3, 3]}


async def test_money_is_in_yuan_and_ratios_between_0_and_1():
    vector = make_vector(PAYMENT_INBOUND, attempts=100, approved=72, failed_issuer=20, amount_fen=123_456)
    value = await export_values(Update(0, both(PAYMENT_INBOUND, ("mall.a", "visa", "retail"), vector), 0))
    labels = {"place": "mall.a", "scheme": "visa", "period": "today"}
    assert value("tidemark_payment_inbound_amount_yuan", {**labels, "merchant_group": "retail"}) == 1234.56
    assert value("tidemark_payment_inbound_acceptance_ratio", labels) == 0.9


async def test_a_ratio_without_a_denominator_is_absent_and_not_zero():
    vector = make_vector(PAYMENT_INBOUND, attempts=20, failed_issuer=20)
    value = await export_values(Update(0, both(PAYMENT_INBOUND, ("mall.a", "visa", "retail"), vector), 0))
    labels = {"place": "mall.a", "scheme": "visa", "period": "today"}
    assert value("tidemark_payment_inbound_acceptance_ratio", labels) is None


async def test_a_measure_kept_by_months_has_no_value_for_today():
    rows = both(
        SERVICE_TRADE_VALUE, ("export", "SI", "EU"), make_vector(SERVICE_TRADE_VALUE, amount_usd_cents=250)
    )
    value = await export_values(Update(0, rows, 0))
    labels = {"direction": "export", "ebops_code": "SI", "counterpart_region": "EU"}
    name = "tidemark_service_trade_amount_usd"
    assert value(name, {**labels, "period": "month"}) == 2.5
    assert value(name, {**labels, "period": "today"}) is None


@pytest.mark.parametrize(
    ("last_hour", "yesterday", "window", "samples"),
    [(60, 500, "1h", 60), (59, 500, "1d", 559), (1, 2, "30d", 3)],
)
async def test_quantiles_come_from_the_shortest_window_with_enough_observations(
    last_hour, yesterday, window, samples
):
    rows = [
        cell(REFUND_QUEUE_TIME, grain, CIVIL.periods(at)[grain], ("port.futian",), vector)
        for at, count in ((NOON_MS - HOUR_MS // 4, last_hour), (NOON_MS - 20 * HOUR_MS, yesterday))
        for vector in [tuple(count * x for x in observation(100, DURATION_BOUNDS_S))]
        for grain in (Grain.QUARTER, Grain.DAY)
    ]
    value = await export_values(Update(0, rows, 0))
    labels = {"port": "port.futian", "window": window}
    assert value("tidemark_refund_queue_time_samples", labels) == samples
    median = value("tidemark_refund_queue_time_seconds", {**labels, "quantile": "0.5"})
    assert median == (90 if samples >= 60 else None)


async def test_authorisation_times_are_in_seconds():
    vector = (0, 0, 0, 100, 0, 0, 0, 0, 0)
    value = await export_values(Update(0, both(PAYMENT_AUTHORISATION_TIME, ("mall.a", "visa"), vector), 0))
    labels = {"place": "mall.a", "scheme": "visa", "window": "1h", "quantile": "0.5"}
    assert value("tidemark_payment_authorisation_time_seconds", labels) == 0.35


async def test_series_over_the_budget_are_merged_and_counted():
    rows = [row for i in range(30) for row in visits(f"mall.{i:02d}", i + 1)]
    value = await export_values(Update(0, rows, 0), budget=40)
    name = "tidemark_footfall_entered_persons"
    assert value(name, {"place": "mall.29", "period": "today"}) == 30
    assert value(name, {"place": "mall.00", "period": "today"}) is None
    assert value(name, {"place": "other", "period": "today"}) == sum(range(1, 22))
    assert value("tidemark_exporter_folded_series", {"metric": name}) == 21 * 4


async def test_the_pipeline_shows_freshness_completeness_and_dedup_reach():
    feed = Feed(newest_ms=NOON_MS - 5_000, accepted=9, duplicate=4, late=3, expired=2, future=1)
    row = head(
        position=7,
        watermark_ms=NOON_MS - 5_000,
        arrival_ms=NOON_MS,
        segments=((3, NOON_MS - 1_000), (2, NOON_MS - 7_000)),
        feeds={"footfall": feed},
        dead={"invalid": 6},
    )
    value = await export_values(Update(0, [row], 7), now_ms=NOON_MS + 500)
    family, partition = {"family": "footfall"}, {"partition": "0"}
    assert value("tidemark_newest_event_age_seconds", family) == 5.5
    assert value("tidemark_newest_event_age_seconds", {"family": "trade"}) is None
    counters = ("accepted", "duplicate", "late", "expired", "future")
    assert [value(f"tidemark_events_{name}_total", family) for name in counters] == [9, 4, 3, 2, 1]
    assert value("tidemark_dead_letters_total", {"reason": "invalid"}) == 6
    assert value("tidemark_ledger_position_offset", partition) == 7
    assert value("tidemark_dedup_reach_seconds", partition) == 7
    assert value("tidemark_dedup_forgotten_generations", partition) == 2
    assert value("tidemark_free_disk_bytes") == 5_000
    assert value("tidemark_build_info", {"version": "1.2.3"}) == 1


async def test_refund_shops_are_counted_by_status():
    timeline = (
        b'{"timeline":[{"time_ms":0,"subject":"mall.a","data":{"entity_class":"refund_shop",'
        b'"entity_id":"s","status":"active","valid_from":"2026-01-01"}}]}'
    )
    value = await export_values(Update(0, [Row(Kind.LATEST, b'["registry","s"]', timeline)], 0))
    labels = {"entity_class": "refund_shop", "status": "active"}
    assert value("tidemark_registry_entities", labels) == 1


async def test_changes_and_a_new_day_are_shown():
    now = [NOON_MS]
    state = await publish_updates(Update(0, visits("mall.a", 1), 0))
    follower = follower_of(state, build_exporter_reach(), lambda: now[0])
    await follower.refresh(at_once)
    exposition = exposition_of(follower, PLAN, lambda: now[0])

    def read_entered(period):
        labels = {"place": "mall.a", "period": period}
        return read_exposition(exposition.render())("tidemark_footfall_entered_persons", labels)

    assert read_entered("today") == 1
    await state.publish([Update(0, visits("mall.a", 2), 0)])
    await follower.refresh(at_once)
    assert read_entered("today") == 2
    now[0] = CIVIL.start_ms(Grain.DAY, TODAY + 1)
    assert (read_entered("today"), read_entered("month")) == (0, 2)


def test_every_metric_is_listed_once_with_its_unit_and_without_entities():
    names = [row.name for row in (*SUMS, *RATIOS, *QUANTILE_METRICS, *PLAIN)]
    assert len(names) == len(set(names))
    for row in SUMS:
        component = next(c for c in row.measure.components if c.name == row.component)
        suffix = {"fen": "_yuan", "usd_cents": "_usd", "persons": "_persons"}.get(component.unit)
        assert suffix is None or row.name.endswith(suffix)
        assert not re.search("_(yuan|usd|persons)$", row.name) or suffix
    for row in (*SUMS, *QUANTILE_METRICS):
        assert all(dimension.public for dimension in row.measure.dimensions)
    for row in PLAIN:
        assert row.name.endswith("_total") == (row.kind == "counter")
