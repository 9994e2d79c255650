"""A refund form's life: what it adds at each step, its three clocks, and its cohort."""

from streams.contracts.civil import millis
from streams.contracts.family import DAY
from streams.contracts.histogram import DURATION_BOUNDS_S, observation
from streams.contracts.measures import (
    REFUND_COHORT,
    REFUND_CUSTODY_TIME,
    REFUND_ISSUED,
    REFUND_PAYOUT_TIME,
    REFUND_PAYOUTS,
    REFUND_PREAUDIT_TIME,
    REFUND_PREAUDITS,
    REFUND_QUEUE_TIME,
    REFUND_SHOP,
    REFUND_VERIFICATION_TIME,
    REFUND_VERIFICATIONS,
    Measure,
)
from streams.contracts.refund import FAMILY, FormIssued, FormPreaudited, FormVerified, PayoutChanged
from streams.ledger.contribution import Contribution
from streams.ledger.facts import Fact, Facts

from .reducer import EntityReducer

COMPLETION_MS = 90 * DAY
"""Goods leave within 90 days of purchase (departure tax refund rules)."""


class _Life:
    """The facts of a form by what they are, each list in order."""

    __slots__ = ("credits", "issues", "passes", "payouts", "preaudits", "verifications")

    def __init__(self, facts: Facts) -> None:
        self.issues: list[Fact] = []
        self.preaudits: list[Fact] = []
        self.verifications: list[Fact] = []
        self.passes: list[Fact] = []
        self.payouts: list[Fact] = []
        self.credits: list[Fact] = []
        for fact in facts:
            payload = fact.payload
            if isinstance(payload, FormIssued):
                self.issues.append(fact)
            elif isinstance(payload, FormPreaudited):
                self.preaudits.append(fact)
            elif isinstance(payload, FormVerified):
                self.verifications.append(fact)
                if payload.result == "pass":
                    self.passes.append(fact)
            elif isinstance(payload, PayoutChanged):
                self.payouts.append(fact)
                if payload.stage == "credited":
                    self.credits.append(fact)


def _contributions(facts: Facts) -> list[Contribution]:
    life = _Life(facts)
    found: list[Contribution] = []
    for fact in life.issues:
        found += _issue(fact)
    for fact in life.preaudits:
        found += _preaudit(fact)
    for fact in life.verifications:
        found += _verification(fact)
    for fact in life.payouts:
        found.append(_payout(fact))
    if life.issues:
        found.append(_cohort(life))
        if life.verifications:
            found += _custody(life.issues[0], life.verifications[0])
    if life.passes and life.credits:
        found += _payout_clock(life.passes[0], life.credits[0])
    return found


def _issue(fact: Fact) -> tuple[Contribution, ...]:
    form: FormIssued = fact.payload
    dimensions = (fact.subject, form.mode, form.region_group)
    return (
        (REFUND_ISSUED, fact.when, dimensions, (1, form.invoice_fen, form.item_count)),
        (REFUND_SHOP, fact.when, (fact.subject, form.shop_id), (1, form.invoice_fen)),
    )


def _preaudit(fact: Fact) -> tuple[Contribution, ...]:
    audit: FormPreaudited = fact.payload
    lasted_ms = millis(audit.ended_at) - millis(audit.started_at)
    return (
        (REFUND_PREAUDITS, fact.when, (fact.subject, audit.result), (1,)),
        _clock(REFUND_PREAUDIT_TIME, fact, fact.subject, lasted_ms),
    )


def _verification(fact: Fact) -> tuple[Contribution, ...]:
    verified: FormVerified = fact.payload
    vector = (1, int(verified.manual_check), int(not verified.seal_ok))
    lasted_ms = millis(verified.ended_at) - millis(verified.started_at)
    return (
        (REFUND_VERIFICATIONS, fact.when, (verified.port_id, verified.result), vector),
        _clock(REFUND_VERIFICATION_TIME, fact, verified.port_id, lasted_ms),
        _clock(REFUND_QUEUE_TIME, fact, verified.port_id, verified.queue_s * 1000),
    )


def _payout(fact: Fact) -> Contribution:
    payout: PayoutChanged = fact.payload
    return (
        REFUND_PAYOUTS,
        fact.when,
        (payout.rail, payout.stage),
        (1, payout.amount_fen, payout.fee_fen),
    )


def _custody(issue: Fact, verification: Fact) -> list[Contribution]:
    lasted_ms = millis(verification.payload.started_at) - issue.time_ms
    return (
        [_clock(REFUND_CUSTODY_TIME, verification, issue.payload.mode, lasted_ms)] if lasted_ms >= 0 else []
    )


def _payout_clock(passed: Fact, credited: Fact) -> list[Contribution]:
    lasted_ms = credited.time_ms - millis(passed.payload.ended_at)
    return [_clock(REFUND_PAYOUT_TIME, credited, credited.payload.rail, lasted_ms)] if lasted_ms >= 0 else []


def _cohort(life: _Life) -> Contribution:
    issue = life.issues[0]
    paid = [fact for fact in life.payouts if fact.payload.stage in ("credited", "advance_paid")]
    deadline_ms = issue.time_ms + COMPLETION_MS
    completed = (
        bool(life.passes and paid)
        and life.passes[0].time_ms <= deadline_ms
        and paid[0].time_ms <= deadline_ms
    )
    reached = (life.preaudits, life.verifications, life.passes, paid, completed)
    return (
        REFUND_COHORT,
        issue.when,
        (issue.subject, issue.payload.mode),
        (1, *(int(bool(step)) for step in reached)),
    )


def _clock(measure: Measure, fact: Fact, of: str, lasted_ms: int) -> Contribution:
    return (measure, fact.when, (of,), observation(lasted_ms // 1000, DURATION_BOUNDS_S))


def _key(payload: FormIssued | FormPreaudited | FormVerified | PayoutChanged) -> tuple[str]:
    return (payload.form_token,)


REDUCER = EntityReducer(_key, _contributions, lifetime_ms=FAMILY.lifetime_ms)
