"""The rules between fields, whose messages are stored as details of dead letters."""

from datetime import UTC, date, datetime, timedelta

import msgspec
import pytest

from tidemark.streams.contracts.payload import rule_fields
from tidemark.streams.families.activity import ActivityChanged
from tidemark.streams.families.circular import LotChanged
from tidemark.streams.families.payment import InboundSettled
from tidemark.streams.families.refund import FormIssued, FormPreaudited, FormVerified, PayoutChanged
from tidemark.streams.families.registry import EntityChanged
from tidemark.streams.families.retail import SalesReported
from tidemark.streams.families.table import EVENT_TYPES
from tidemark.streams.families.trade import DeclarationChanged

NOON = datetime(2026, 3, 10, 4, tzinfo=UTC)
LATER = NOON + timedelta(minutes=1)
FORM = FormIssued("f", "s", "ordinary", 1, 1300, 1100, 200, "bags", 2, "EU", "t")
AUDIT = FormPreaudited("f", "pass", NOON, NOON)
CHECK = FormVerified("f", "port.a", NOON, LATER, "pass", True, False, 0)
PAYOUT = PayoutChanged("f", "p", "failed", "card", 1, 0, "E1")
LOT = LotChanged("l", "acquired", "phone", 1, 1, "B2C")
DECLARED = DeclarationChanged("d", "9610", "export", "850440", "EU", 1, 1, "released")
SETTLED = InboundSettled(NOON, 60, "visa", "food", 6, 3, 2, 1, 100, 5, (1,) * 9)
SALES = SalesReported(NOON, 60, "food", 1, 100, 0, 1, 1, 100)
ACTIVITY = ActivityChanged("a", "concert", "planned", NOON, NOON, "venue.a")
ENTITY = EntityChanged("merchant", "m", "active", date(2026, 1, 1), ("visa", "stub"))

BROKEN = [
    (ENTITY, {"capabilities": ("visa", "visa")}, "capabilities: names one twice; list each once"),
    (
        FORM,
        {"mode": "instant"},
        "commit_by: belongs to instant forms and only to them; give it with mode instant",
    ),
    (
        FORM,
        {"commit_by": date(2026, 3, 1)},
        "commit_by: belongs to instant forms and only to them; give it with mode instant",
    ),
    (AUDIT, {"started_at": LATER}, "ended_at: lies before started_at; swap them"),
    (CHECK, {"ended_at": NOON - timedelta(seconds=1)}, "ended_at: lies before started_at; swap them"),
    (PAYOUT, {"stage": "credited"}, "error_code: belongs to stage failed only; leave it out"),
    (SETTLED, {"attempts": 5}, "attempts: fewer than approved + failed; count every attempt"),
    (
        SETTLED,
        {"auth_ms_histogram": (1, 2)},
        "auth_ms_histogram: has 2 counts; send 9, one per bucket",
    ),
    (SALES, {"gross_fen": 99}, "online_fen: more than gross_fen; it is a part of it"),
    (ACTIVITY, {"starts": LATER}, "ends: lies before starts; swap them"),
    (
        DECLARED,
        {"status": "returned"},
        "previous: required with status returned; give the status before it",
    ),
    (DECLARED, {"previous": "released"}, "previous: is the status itself; give the one before it"),
    (LOT, {"stage": "reversed"}, "previous: required with stage reversed; give the stage before it"),
    (LOT, {"previous": "acquired"}, "previous: is the stage itself; give the one before it"),
]
VALID = [
    (FORM, {"mode": "instant", "commit_by": date(2026, 3, 1)}),
    (PAYOUT, {"error_code": None}),
    (PAYOUT, {"stage": "credited", "error_code": None}),
    (SETTLED, {"auth_ms_histogram": ()}),
    (DECLARED, {"status": "accepted", "previous": "released"}),
    (DECLARED, {"status": "cancelled", "previous": "accepted"}),
    (LOT, {"stage": "sold"}),
    (LOT, {"stage": "sold", "previous": "graded"}),
]


@pytest.mark.parametrize(("whole", "change", "problem"), BROKEN)
def test_a_payload_that_breaks_a_rule_is_refused_with_its_message(whole, change, problem):
    with pytest.raises(ValueError) as constructed:  # noqa: PT011  the whole message is compared
        msgspec.structs.replace(whole, **change)
    assert str(constructed.value) == problem
    raw = msgspec.json.encode(msgspec.to_builtins(whole) | msgspec.to_builtins(change))
    with pytest.raises(msgspec.ValidationError) as decoded:
        msgspec.json.decode(raw, type=type(whole))
    assert str(decoded.value) == problem


@pytest.mark.parametrize(("whole", "change"), VALID)
def test_a_payload_that_obeys_the_rules_is_accepted(whole, change):
    changed = msgspec.structs.replace(whole, **change)
    assert msgspec.json.decode(msgspec.json.encode(changed), type=type(whole)) == changed


def test_every_rule_is_broken_above():
    """So that a new rule comes with its message."""
    broken = {(type(whole), problem.partition(":")[0]) for whole, _, problem in BROKEN}
    for kind in EVENT_TYPES:
        for rule in kind.payload.rules:
            assert any((kind.payload, field) in broken for field in rule_fields(rule)), rule
