"""The meaning of events, by example: forms, tickets, declarations, lots, service trade, registry."""

from datetime import date, timedelta

import msgspec

from tests.support.events import envelope
from tests.support.folding import NOON, cells, fold, make_arrivals
from tidemark.streams.contracts.envelope import Event
from tidemark.streams.contracts.payload import Payload
from tidemark.streams.contracts.published import Kind
from tidemark.streams.families.circular import LotChanged
from tidemark.streams.families.refund import FormIssued, FormVerified, PayoutChanged
from tidemark.streams.families.registry import EntityChanged
from tidemark.streams.families.service_trade import ServiceTradeReported
from tidemark.streams.families.table import TYPE_BY_NAME
from tidemark.streams.families.ticket import BenefitChanged, TicketAdmitted
from tidemark.streams.families.trade import DeclarationChanged


def event(name: str, after: timedelta, payload: Payload, subject: str = "mall.a") -> Event:
    kind = TYPE_BY_NAME[f"tidemark.{name}.v1"]
    return envelope(kind, f"{name}-{after}", NOON + after, subject, payload)


def form(after: timedelta = timedelta(0)) -> Event:
    payload = FormIssued("f1", "shop-1", "ordinary", 100_000, 1300, 1100, 200, "bags", 2, "EU", "t1")
    return event("refund.form_issued", after, payload)


def verified_event(after: timedelta, result: str = "pass") -> Event:
    start = NOON + after
    data = FormVerified("f1", "port.futian", start, start + timedelta(seconds=45), result, True, False, 120)
    return event("refund.form_verified", after + timedelta(seconds=45), data, "port.futian")


def payout_event(after: timedelta, stage: str = "credited") -> Event:
    return event("refund.payout_changed", after, PayoutChanged("f1", "p1", stage, "wechat", 9_000, 0))


DAY = timedelta(days=1)


def test_a_form_verified_and_paid_within_90_days_completes_its_issue_days_cohort() -> None:
    state = fold(
        make_arrivals(form(), verified_event(5 * DAY), payout_event(5 * DAY + timedelta(seconds=75)))
    )
    assert cells(state, "refund.cohort")["day", "2026-03-10", "mall.a", "ordinary"] == [1, 0, 1, 1, 1, 1]


def test_a_form_paid_after_90_days_is_credited_but_not_completed() -> None:
    state = fold(make_arrivals(form(), verified_event(5 * DAY), payout_event(91 * DAY)))
    assert cells(state, "refund.cohort")["day", "2026-03-10", "mall.a", "ordinary"] == [1, 0, 1, 1, 1, 0]


def test_custody_verification_queue_and_payout_times_are_measured_separately() -> None:
    state = fold(
        make_arrivals(form(), verified_event(2 * DAY), payout_event(2 * DAY + timedelta(seconds=75)))
    )

    def read_seconds(measure: str, dimension: str) -> int:
        return cells(state, measure)["day", "2026-03-12", dimension][-1]

    assert read_seconds("refund.custody_time", "ordinary") == 2 * 86_400
    assert read_seconds("refund.verification_time", "port.futian") == 45
    assert read_seconds("refund.queue_time", "port.futian") == 120
    assert read_seconds("refund.payout_time", "wechat") == 30


def test_a_failed_verification_is_counted_but_completes_nothing() -> None:
    state = fold(make_arrivals(form(), verified_event(DAY, "fail"), payout_event(2 * DAY)))
    assert cells(state, "refund.verifications")["day", "2026-03-11", "port.futian", "fail"] == [1, 0, 0]
    assert cells(state, "refund.cohort")["day", "2026-03-10", "mall.a", "ordinary"] == [1, 0, 1, 0, 1, 0]
    assert cells(state, "refund.payout_time") == {}


def admission_event(after: timedelta, result: str = "admitted") -> Event:
    return event("ticket.admitted", after, TicketAdmitted("t1", "show", "g1", result, 58_000), "venue.v")


def benefit(after: timedelta, stage: str, order_fen: int = 0) -> Event:
    data = BenefitChanged("t1", "b1", "show", stage, "discount", "m1", order_fen, 500)
    return event("ticket.benefit_changed", after, data)


def test_a_stub_redeemed_with_an_order_within_7_days_is_used_and_converted() -> None:
    state = fold(
        make_arrivals(
            admission_event(timedelta(0)),
            admission_event(timedelta(hours=1)),
            benefit(6 * DAY, "redeemed", 20_000),
        )
    )
    assert cells(state, "ticket.admitted")["day", "2026-03-10", "venue.v"] == [1, 58_000, 0, 1, 1, 20_000]
    assert cells(state, "ticket.merchant")["day", "2026-03-16", "m1"] == [1, 20_000, 500]


def test_an_order_8_days_later_uses_the_stub_but_does_not_convert_it() -> None:
    state = fold(make_arrivals(admission_event(timedelta(0)), benefit(8 * DAY, "redeemed", 20_000)))
    assert cells(state, "ticket.admitted")["day", "2026-03-10", "venue.v"] == [1, 58_000, 0, 1, 0, 0]


def test_a_reversed_redemption_no_longer_counts_as_use() -> None:
    state = fold(
        make_arrivals(
            admission_event(timedelta(0)),
            benefit(DAY, "redeemed", 20_000),
            benefit(2 * DAY, "reversed", 20_000),
        )
    )
    assert cells(state, "ticket.admitted")["day", "2026-03-10", "venue.v"] == [1, 58_000, 0, 0, 0, 0]
    assert cells(state, "ticket.benefits")["day", "2026-03-11", "mall.a", "discount", "redeemed"] == [
        1,
        20_000,
        500,
    ]


def test_a_rejected_ticket_is_scanned_but_not_admitted() -> None:
    state = fold(make_arrivals(admission_event(timedelta(0), "rejected")))
    assert cells(state, "ticket.scans")["day", "2026-03-10", "venue.v", "rejected"] == [1]
    assert cells(state, "ticket.admitted") == {}


def declaration_event(after: timedelta, status: str, previous: str | None) -> Event:
    data = DeclarationChanged("d1", "9610", "export", "850440", "ASEAN", 5_000, 2, status, previous)
    return event("trade.declaration_changed", after, data)


def test_a_return_takes_back_only_what_had_been_released() -> None:
    accepted, released = (
        declaration_event(timedelta(0), "accepted", None),
        declaration_event(DAY, "released", "accepted"),
    )
    returned = declaration_event(2 * DAY, "returned", "released")
    cancelled = declaration_event(3 * DAY, "cancelled", "accepted")
    month = ("month", "2026-03", "9610", "export", "ASEAN")
    assert cells(fold(make_arrivals(accepted, released)), "trade.released")[month] == [1, 5_000, 2]
    assert cells(fold(make_arrivals(accepted, released, returned)), "trade.released")[month] == [0, 0, 0]
    assert cells(fold(make_arrivals(accepted, cancelled)), "trade.released") == {}


def test_a_lot_reversed_after_sale_takes_its_turnover_back() -> None:
    sold = LotChanged("l1", "sold", "phone", 3, 900, "B2B", previous="graded")
    back = LotChanged("l1", "reversed", "phone", 3, 900, "B2B", previous="sold")
    state = fold(
        make_arrivals(event("circular.lot_changed", DAY, sold), event("circular.lot_changed", 2 * DAY, back))
    )
    assert cells(state, "circular.turnover")["month", "2026-03", "phone", "B2B"] == [0, 0, 0]
    assert cells(state, "circular.stage")["month", "2026-03", "phone", "sold"] == [1, 3, 900]


def test_service_trade_belongs_to_the_month_it_reports() -> None:
    report = ServiceTradeReported("r1", "SJ", "export", 7_700, "HK", "2026-01", "firm-1")
    state = fold(make_arrivals(event("service_trade.reported", DAY, report)))
    assert cells(state, "service_trade.value") == {("month", "2026-01", "export", "SJ", "HK"): [1, 7_700]}


def test_a_registry_entry_is_a_timeline_in_which_the_later_event_about_a_day_wins() -> None:
    def entry(after: timedelta, status: str, valid_from: date) -> Event:
        return event(
            "registry.entity_changed", after, EntityChanged("refund_shop", "shop-1", status, valid_from)
        )

    state = fold(
        make_arrivals(
            entry(2 * DAY, "active", date(2026, 4, 1)),
            entry(DAY, "suspended", date(2026, 4, 1)),
            entry(timedelta(0), "applied", date(2026, 3, 1)),
        )
    )
    latest_value = msgspec.json.decode(state[Kind.LATEST, b'["registry","shop-1"]'])
    steps = [(step["data"]["valid_from"], step["data"]["status"]) for step in latest_value["timeline"]]
    assert steps == [("2026-03-01", "applied"), ("2026-04-01", "active")]
