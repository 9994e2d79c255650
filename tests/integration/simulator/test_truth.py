"""The truth, compared with sums over the decoded events."""

from collections import Counter
from typing import Any

import msgspec
import pytest

from tests.support.simulations import quiet, select_accepted, sent_in, sign_payloads, week
from tidemark.streams.contracts.civil import Civil, Grain, format_period, millis

pytestmark = pytest.mark.xdist_group("simulated-week")

CIVIL = Civil("Asia/Shanghai")


def cell(simulation: Any, *key: str) -> list[int]:
    vector: list[int] = simulation.truth.cells().get(msgspec.json.encode(key).decode(), [])
    return vector


def day(at: Any) -> str:
    return format_period(Grain.DAY, CIVIL.periods(millis(at))[Grain.DAY])


def same(
    cells: dict[str, list[int]], measure: str, grain: str, component: int, expected: Counter[Any]
) -> None:
    numbers = {
        tuple(key[2:]): vector[component]
        for key, vector in ((msgspec.json.decode(text), vector) for text, vector in cells.items())
        if key[:2] == [measure, grain] and vector[component]
    }
    assert numbers == {key: number for key, number in expected.items() if number}


@pytest.mark.parametrize("faults", ["none", "hostile"])
def test_cells_are_the_sums_of_the_accepted_events(faults: str) -> None:
    simulation, records = week(faults)
    entered: Counter[Any] = Counter()
    gross: Counter[Any] = Counter()
    released: Counter[Any] = Counter()
    services: Counter[Any] = Counter()
    crossed: Counter[Any] = Counter()
    for event, data, sign in sign_payloads(select_accepted(records)):
        match event.kind.name, data:
            case "footfall.counted", p:
                entered[day(p.window_start), event.subject] += sign * p.entered
            case "retail.sales_reported", p:
                gross[day(p.window_start)[:7], event.subject, p.category] += sign * p.gross_fen
            case "port.crossings_counted", p:
                crossed[day(p.window_start), event.subject, p.direction, p.group] += sign * p.persons
            case "trade.declaration_changed", p:
                way = 1 if p.status == "released" else -1 if p.previous == "released" else 0
                released[day(event.time), p.direction, p.hs6[:2]] += sign * way * p.value_fen
            case "service_trade.reported", p:
                key = (p.period, p.direction, p.ebops_code, p.counterpart_region)
                services[key] += sign * p.amount_usd_cents
    cells = simulation.truth.cells()
    assert entered
    assert released
    same(cells, "footfall.place", "day", 0, entered)
    same(cells, "retail.sales", "month", 1, gross)
    same(cells, "port.crossings", "day", 0, crossed)
    same(cells, "trade.chapter", "day", 1, released)
    same(cells, "service_trade.value", "month", 1, services)


@pytest.mark.parametrize("faults", ["none", "hostile"])
def test_sessions_count_facts_stated_more_often_than_retracted(faults: str) -> None:
    simulation, records = week(faults)
    counts: Counter[Any] = Counter()
    for event, data, sign in sign_payloads(select_accepted(records)):
        if event.family.name in ("refund", "ticket"):
            counts[event.kind.name, event.time, event.subject, data] += sign
    issued: Counter[Any] = Counter()
    scans: Counter[Any] = Counter()
    for (name, time, subject, data), number in counts.items():
        if number > 0 and name == "refund.form_issued":
            issued[day(time), subject, data.mode, data.region_group] += number * data.invoice_fen
        if number > 0 and name == "ticket.admitted":
            scans[day(time), subject, data.result] += number
    cells = simulation.truth.cells()
    same(cells, "refund.issued", "day", 1, issued)
    same(cells, "ticket.scans", "day", 0, scans)


def test_records_hold_the_latest_value_of_each_figure_and_activity() -> None:
    simulation, records = week("none")
    latest: dict[tuple[str, ...], Any] = {}
    for event in sorted(select_accepted(records), key=lambda event: event.time):
        if event.family.name == "activity":
            latest["activity", event.data.activity_id] = event.data.status
        elif event.family.name == "official":
            latest[
                "official",
                event.data.indicator_id,
                event.data.period,
                event.data.basis,
                event.data.vintage,
            ] = event.data.status
    entries = {tuple(msgspec.json.decode(key)): value for key, value in simulation.truth.records().items()}
    assert {key: entries[key]["data"]["status"] for key in latest} == latest


def test_a_shop_has_a_timeline() -> None:
    simulation, _ = week("none")
    timeline = simulation.truth.records()['["registry","refund-shop-0001"]']["timeline"]
    assert [entry["data"]["status"] for entry in timeline] == ["applied", "active"]


def test_counts_are_of_every_record() -> None:
    simulation, _ = week("hostile")
    truth = simulation.truth
    families = sum(counts["accepted"] + counts["duplicate"] for counts in truth.counts.values())
    assert families + truth.dead.total() == truth.events == sum(truth.ends)


def test_minutes_are_dropped_a_day_later_and_days_are_kept() -> None:
    simulation = quiet()
    sent_in(simulation, 4)
    keys = [msgspec.json.decode(key) for key in simulation.truth.cells()]
    minutes = {key[2][:10] for key in keys if key[:2] == ["footfall.place", "minute"]}
    days = {key[2] for key in keys if key[:2] == ["footfall.place", "day"]}
    assert minutes == {"2026-01-03", "2026-01-04"}
    assert {"2026-01-01", "2026-01-02", "2026-01-03", "2026-01-04"} == days


def test_the_truth_file_names_its_simulation() -> None:
    simulation, _ = week("none")
    written = msgspec.json.decode(simulation.truth.to_json())
    assert set(written) == {"format", "identity", "cells", "records", "counts", "dead", "events", "ends"}
    assert written["format"] == 1
    assert written["identity"]["seed"] == 7
    assert all(any(vector) for vector in written["cells"].values())
