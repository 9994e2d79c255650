"""What a refund form's life adds, told from its facts in the order they happened."""

from collections.abc import Iterator

from tidemark.streams.contracts.civil import millis
from tidemark.streams.contracts.family import DAY, Measure
from tidemark.streams.contracts.histogram import DURATION_BOUNDS_S, observation
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

from .planned import Fact
from .sums import Portion


def refund_portions(life: list[Fact]) -> list[Portion]:
    """All that a form adds. `life`: its facts, repeated as often as they hold, first ones first."""
    found: list[Portion] = []
    for fact in life:
        found += _of_one(fact)
    found += _clocks(life)
    return found


def _took(measure: Measure, dimension: str, at_ms: int, seconds: int) -> Portion:
    return Portion(measure, (dimension,), at_ms, observation(seconds, DURATION_BOUNDS_S))


def _seconds(p: FormPreaudited | FormVerified) -> int:
    return (millis(p.ended_at) - millis(p.started_at)) // 1000


def _of_one(fact: Fact) -> Iterator[Portion]:
    place, at = fact.subject, fact.time_ms
    match fact.after:
        case FormIssued() as p:
            forms = (1, p.invoice_fen, p.item_count)
            yield Portion(REFUND_ISSUED, (place, p.mode, p.region_group), at, forms)
            yield Portion(REFUND_SHOP, (place, p.shop_id), at, forms[:2])
        case FormPreaudited() as p:
            yield Portion(REFUND_PREAUDITS, (place, p.result), at, (1,))
            yield _took(REFUND_PREAUDIT_TIME, place, at, _seconds(p))
        case FormVerified() as p:
            checks = (1, int(p.manual_check), int(not p.seal_ok))
            yield Portion(REFUND_VERIFICATIONS, (p.port_id, p.result), at, checks)
            yield _took(REFUND_VERIFICATION_TIME, p.port_id, at, _seconds(p))
            yield _took(REFUND_QUEUE_TIME, p.port_id, at, p.queue_s)
        case PayoutChanged() as p:
            yield Portion(REFUND_PAYOUTS, (p.rail, p.stage), at, (1, p.amount_fen, p.fee_fen))


def _clocks(life: list[Fact]) -> Iterator[Portion]:
    """Custody, payout and what became of the form: from the first fact of each sort."""
    issue = next((f for f in life if isinstance(f.after, FormIssued)), None)
    audit = next((f for f in life if isinstance(f.after, FormPreaudited)), None)
    seen = next((f for f in life if isinstance(f.after, FormVerified)), None)
    passed = next((f for f in life if isinstance(f.after, FormVerified) and f.after.result == "pass"), None)
    payouts = [f for f in life if isinstance(f.after, PayoutChanged)]
    credit = next((f for f in payouts if f.after.stage == "credited"), None)
    paid = next((f for f in payouts if f.after.stage in ("credited", "advance_paid")), None)
    if issue and seen:
        waited_ms = millis(seen.after.started_at) - issue.time_ms
        if waited_ms >= 0:
            yield _took(REFUND_CUSTODY_TIME, issue.after.mode, seen.time_ms, waited_ms // 1000)
    if passed and credit:
        waited_ms = credit.time_ms - millis(passed.after.ended_at)
        if waited_ms >= 0:
            yield _took(REFUND_PAYOUT_TIME, credit.after.rail, credit.time_ms, waited_ms // 1000)
    if issue:
        limit = issue.time_ms + 90 * DAY
        done = passed is not None and paid is not None and max(passed.time_ms, paid.time_ms) <= limit
        became = (audit, seen, passed, paid)
        vector = (1, *(int(fact is not None) for fact in became), int(done))
        yield Portion(REFUND_COHORT, (issue.subject, issue.after.mode), issue.time_ms, vector)
