"""The simulated district's behaviour by hour, day and week, and over the stages of its entities."""

from collections import Counter, defaultdict
from datetime import date, timedelta
from typing import Any

import pytest

from tests.support.simulations import quiet, sent_in, week
from tidemark.services.gazetteer import load_places
from tidemark.streams.families.codec import decode

pytestmark = pytest.mark.xdist_group("simulated-week")


def events(name: str) -> list[Any]:
    _, records = week("none")
    return [event for event in (decode(sent.raw) for sent in records) if event.kind.name == name]


def test_a_closed_mall_counts_nobody_and_an_open_one_somebody() -> None:
    by_hour: Counter[int] = Counter()
    for event in events("footfall.counted"):
        if event.subject.startswith("mall."):
            by_hour[event.data.window_start.hour] += event.data.entered
    assert all(by_hour[hour] == 0 for hour in [*range(10), 22, 23])
    assert all(by_hour[hour] > 0 for hour in range(10, 22))


def test_malls_are_fuller_on_weekends_and_hubs_on_working_days() -> None:
    visits: dict[tuple[str, bool], list[int]] = defaultdict(list)
    days: dict[tuple[str, date], int] = defaultdict(int)
    simulation = quiet(start=date(2026, 3, 2))
    for sent in sent_in(simulation, 21):
        event = decode(sent.raw)
        if event.kind.name == "footfall.counted":
            days[event.subject.partition(".")[0], event.data.window_start.date()] += event.data.entered
    for (kind, when), entered in days.items():
        visits[kind, when.weekday() >= 5].append(entered)
    mean = {key: sum(numbers) / len(numbers) for key, numbers in visits.items()}
    assert mean["mall", True] > 1.3 * mean["mall", False]
    assert mean["hub", True] < mean["hub", False]


def test_a_form_follows_the_rules_of_the_refund() -> None:
    forms: dict[str, list[Any]] = defaultdict(list)
    for event in events("refund.form_issued") + events("refund.payout_changed"):
        forms[event.data.form_token].append(event)
    assert len(forms) > 20
    for events_of_form in forms.values():
        form = events_of_form[0].data
        assert form.invoice_fen >= 20_000
        rate = form.refund_rate_bp - form.fee_rate_bp
        assert (form.vat_rate_bp, form.refund_rate_bp) in ((1_300, 1_100), (900, 800))
        for payout in events_of_form[1:]:
            assert payout.data.amount_fen <= (form.invoice_fen * rate + 5_000) // 10_000
            assert payout.time > events_of_form[0].time


def test_forms_end_within_their_inactivity_gap() -> None:
    first: dict[str, Any] = {}
    stages = set()
    for sent in sent_in(quiet(scale=0.3), 140):
        event = decode(sent.raw)
        if event.family.name == "refund":
            issued = first.setdefault(event.data.form_token, event.time)
            assert event.time - issued < timedelta(days=110)
            stages.add(getattr(event.data, "stage", None) or getattr(event.data, "result", None))
    assert stages >= {"advance_paid", "preauth_held", "initiated", "credited", "failed", "preauth_released"}
    assert stages >= {"clawed_back", "pass", "fail", "partial", "manual"}


def test_declarations_name_their_previous_status() -> None:
    chains: dict[str, list[Any]] = defaultdict(list)
    for event in sorted(events("trade.declaration_changed"), key=lambda event: event.time):
        chains[event.data.declaration_token].append(event.data)
    for chain in chains.values():
        assert [data.previous for data in chain] == [None, *(data.status for data in chain)][: len(chain)]


def test_online_shopping_day_multiplies_declarations() -> None:
    def accepted_on(when: date) -> int:
        raws = [sent.raw for sent in sent_in(quiet(start=when), 1)]
        return sum(b'"status":"accepted"' in raw for raw in raws)

    assert accepted_on(date(2026, 11, 11)) > 5 * accepted_on(date(2026, 11, 18))


def test_debuts_take_place_at_debut_spaces_of_malls() -> None:
    parents = {place.id: place.parent for place in load_places()}
    debuts = [event.data for event in events("activity.changed") if event.data.debut_space_id]
    assert debuts
    assert all(parents[data.debut_space_id] == data.venue_id for data in debuts)


def test_a_launch_draws_more_visitors_to_its_space() -> None:
    launches = [event.data for event in events("activity.changed") if event.data.debut_space_id]
    visits: dict[bool, list[int]] = {True: [], False: []}
    for event in events("footfall.counted"):
        if event.subject.startswith("debut.") and event.data.window_start.hour == 19:
            live = any(
                launch.debut_space_id == event.subject and launch.starts <= event.time < launch.ends
                for launch in launches
            )
            visits[live].append(event.data.entered)
    assert sum(visits[True]) / len(visits[True]) > 1.5 * sum(visits[False]) / len(visits[False])


def test_benefits_follow_tickets_that_were_admitted() -> None:
    admitted = {event.data.ticket_token for event in events("ticket.admitted")}
    redeemed = [event.data for event in events("ticket.benefit_changed") if event.data.stage == "redeemed"]
    assert redeemed
    assert {data.ticket_token for data in redeemed} <= admitted
    assert any(data.order_fen for data in redeemed)
