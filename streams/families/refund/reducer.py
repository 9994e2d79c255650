"""What a refund form adds: at each step, its durations, and its cohort."""

from collections.abc import Sequence

from tidemark.streams.contracts.civil import millis
from tidemark.streams.contracts.definition import EntityReducer
from tidemark.streams.contracts.facts import Contribution, Fact
from tidemark.streams.contracts.family import DAY, DURATION_BOUNDS_S, Measure, observation
from tidemark.streams.families.refund import (
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
    FormIssued,
    FormPreaudited,
    FormVerified,
    PayoutChanged,
)

COMPLETION_MS = 90 * DAY
"""Goods leave within 90 days of purchase (departure tax refund rules)."""


def _contribute_fact(fact: Fact) -> Sequence[Contribution]:
    payload = fact.payload
    if isinstance(payload, PayoutChanged):
        return (_contribute_payout(fact, payload),)
    if isinstance(payload, FormIssued):
        return _contribute_issue(fact, payload)
    if isinstance(payload, FormVerified):
        return _contribute_verification(fact, payload)
    return _contribute_preaudit(fact, payload)


class _FormHistory:
    """The first fact of each step of a form."""

    __slots__ = ("credit", "issue", "paid", "passed", "preaudit", "verification")

    def __init__(self, facts: Sequence[Fact]) -> None:
        self.issue: Fact | None = None
        self.preaudit: Fact | None = None
        self.verification: Fact | None = None
        self.passed: Fact | None = None
        self.paid: Fact | None = None
        self.credit: Fact | None = None
        for fact in facts:
            payload = fact.payload
            if isinstance(payload, FormIssued):
                self.issue = self.issue or fact
            elif isinstance(payload, FormPreaudited):
                self.preaudit = self.preaudit or fact
            elif isinstance(payload, FormVerified):
                self.verification = self.verification or fact
                if payload.result == "pass":
                    self.passed = self.passed or fact
            elif payload.stage == "credited":
                self.credit = self.credit or fact
                self.paid = self.paid or fact
            elif payload.stage == "advance_paid":
                self.paid = self.paid or fact


def _contribute_session(facts: Sequence[Fact]) -> list[Contribution]:
    form = _FormHistory(facts)
    contributions: list[Contribution] = []
    if form.issue is not None:
        contributions.append(_contribute_cohort(form, form.issue))
        if form.verification is not None:
            contributions += _contribute_custody_time(form.issue, form.verification)
    if form.passed is not None and form.credit is not None:
        contributions += _contribute_payout_time(form.passed, form.credit)
    return contributions


def _contribute_issue(fact: Fact, form: FormIssued) -> tuple[Contribution, ...]:
    dimensions = (fact.subject, form.mode, form.region_group)
    return (
        (REFUND_ISSUED, fact.when, dimensions, (1, form.invoice_fen, form.item_count)),
        (REFUND_SHOP, fact.when, (fact.subject, form.shop_id), (1, form.invoice_fen)),
    )


def _contribute_preaudit(fact: Fact, audit: FormPreaudited) -> tuple[Contribution, ...]:
    lasted_ms = millis(audit.ended_at) - millis(audit.started_at)
    return (
        (REFUND_PREAUDITS, fact.when, (fact.subject, audit.result), (1,)),
        _contribute_time(REFUND_PREAUDIT_TIME, fact, fact.subject, lasted_ms),
    )


def _contribute_verification(fact: Fact, verified: FormVerified) -> tuple[Contribution, ...]:
    vector = (1, int(verified.manual_check), int(not verified.seal_ok))
    lasted_ms = millis(verified.ended_at) - millis(verified.started_at)
    return (
        (REFUND_VERIFICATIONS, fact.when, (verified.port_id, verified.result), vector),
        _contribute_time(REFUND_VERIFICATION_TIME, fact, verified.port_id, lasted_ms),
        _contribute_time(REFUND_QUEUE_TIME, fact, verified.port_id, verified.queue_s * 1000),
    )


def _contribute_payout(fact: Fact, payout: PayoutChanged) -> Contribution:
    return (REFUND_PAYOUTS, fact.when, (payout.rail, payout.stage), (1, payout.amount_fen, payout.fee_fen))


def _contribute_custody_time(issue: Fact, verification: Fact) -> list[Contribution]:
    lasted_ms = millis(verification.payload.started_at) - issue.time_ms
    return (
        [_contribute_time(REFUND_CUSTODY_TIME, verification, issue.payload.mode, lasted_ms)]
        if lasted_ms >= 0
        else []
    )


def _contribute_payout_time(passed: Fact, credited: Fact) -> list[Contribution]:
    lasted_ms = credited.time_ms - millis(passed.payload.ended_at)
    return (
        [_contribute_time(REFUND_PAYOUT_TIME, credited, credited.payload.rail, lasted_ms)]
        if lasted_ms >= 0
        else []
    )


def _contribute_cohort(form: _FormHistory, issue: Fact) -> Contribution:
    deadline_ms = issue.time_ms + COMPLETION_MS
    completed = (
        form.passed is not None
        and form.paid is not None
        and form.passed.time_ms <= deadline_ms
        and form.paid.time_ms <= deadline_ms
    )
    reached = (form.preaudit, form.verification, form.passed, form.paid)
    vector = (1, *[int(step is not None) for step in reached], int(completed))
    return (REFUND_COHORT, issue.when, (issue.subject, issue.payload.mode), vector)


def _contribute_time(measure: Measure, fact: Fact, of: str, lasted_ms: int) -> Contribution:
    return (measure, fact.when, (of,), observation(lasted_ms // 1000, DURATION_BOUNDS_S))


REDUCER = EntityReducer(("form_token",), _contribute_fact, _contribute_session)
