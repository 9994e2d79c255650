"""Sessions of entities: the facts of an entity are held for two inactivity gaps after the newest one, since
some measures (of refund forms and tickets) depend on all of them together."""

from collections.abc import Callable, Iterator
from heapq import heappop, heappush
from typing import Any

import msgspec

from tidemark.streams.contracts.civil import millis
from tidemark.streams.contracts.family import DAY, DURATION_BOUNDS_S, Family, Measure, observation
from tidemark.streams.families import activity, official, refund, registry, ticket
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
from tidemark.streams.families.ticket import (
    TICKET_ACTIVITY,
    TICKET_ADMITTED,
    TICKET_BENEFITS,
    TICKET_MERCHANT,
    TICKET_SCANS,
    BenefitChanged,
    TicketAdmitted,
)

from .planned import Fact
from .truth_sums import Portion


def refund_portions(facts: list[Fact]) -> list[Portion]:
    """Everything that a form adds. `facts`: its facts in order of time, each as often as it counts."""
    portions: list[Portion] = []
    for fact in facts:
        portions += _add_form_fact(fact)
    portions += _add_times(facts)
    return portions


def _measure_time(measure: Measure, dimension: str, at_ms: int, seconds: int) -> Portion:
    return Portion(measure, (dimension,), at_ms, observation(seconds, DURATION_BOUNDS_S))


def _seconds(p: FormPreaudited | FormVerified) -> int:
    return (millis(p.ended_at) - millis(p.started_at)) // 1000


def _add_form_fact(fact: Fact) -> Iterator[Portion]:
    place, at = fact.subject, fact.time_ms
    match fact.after:
        case FormIssued() as p:
            forms = (1, p.invoice_fen, p.item_count)
            yield Portion(REFUND_ISSUED, (place, p.mode, p.region_group), at, forms)
            yield Portion(REFUND_SHOP, (place, p.shop_id), at, forms[:2])
        case FormPreaudited() as p:
            yield Portion(REFUND_PREAUDITS, (place, p.result), at, (1,))
            yield _measure_time(REFUND_PREAUDIT_TIME, place, at, _seconds(p))
        case FormVerified() as p:
            checks = (1, int(p.manual_check), int(not p.seal_ok))
            yield Portion(REFUND_VERIFICATIONS, (p.port_id, p.result), at, checks)
            yield _measure_time(REFUND_VERIFICATION_TIME, p.port_id, at, _seconds(p))
            yield _measure_time(REFUND_QUEUE_TIME, p.port_id, at, p.queue_s)
        case PayoutChanged() as p:
            yield Portion(REFUND_PAYOUTS, (p.rail, p.stage), at, (1, p.amount_fen, p.fee_fen))


def _add_times(facts: list[Fact]) -> Iterator[Portion]:
    """Custody time, payout time and the form's outcome, each from the first fact of its sort."""
    issue = next((f for f in facts if isinstance(f.after, FormIssued)), None)
    audit = next((f for f in facts if isinstance(f.after, FormPreaudited)), None)
    seen = next((f for f in facts if isinstance(f.after, FormVerified)), None)
    passed = next((f for f in facts if isinstance(f.after, FormVerified) and f.after.result == "pass"), None)
    payouts = [f for f in facts if isinstance(f.after, PayoutChanged)]
    credit = next((f for f in payouts if f.after.stage == "credited"), None)
    paid = next((f for f in payouts if f.after.stage in ("credited", "advance_paid")), None)
    if issue and seen:
        waited_ms = millis(seen.after.started_at) - issue.time_ms
        if waited_ms >= 0:
            yield _measure_time(REFUND_CUSTODY_TIME, issue.after.mode, seen.time_ms, waited_ms // 1000)
    if passed and credit:
        waited_ms = credit.time_ms - millis(passed.after.ended_at)
        if waited_ms >= 0:
            yield _measure_time(REFUND_PAYOUT_TIME, credit.after.rail, credit.time_ms, waited_ms // 1000)
    if issue:
        limit = issue.time_ms + 90 * DAY
        done = passed is not None and paid is not None and max(passed.time_ms, paid.time_ms) <= limit
        became = (audit, seen, passed, paid)
        vector = (1, *(int(fact is not None) for fact in became), int(done))
        yield Portion(REFUND_COHORT, (issue.subject, issue.after.mode), issue.time_ms, vector)


def ticket_portions(facts: list[Fact]) -> list[Portion]:
    """Everything that a ticket adds. `facts`: its facts in order of time, each as often as it counts."""
    portions: list[Portion] = []
    for fact in facts:
        portions += _add_ticket_fact(fact)
    entry = next(
        (f for f in facts if isinstance(f.after, TicketAdmitted) and f.after.result == "admitted"), None
    )
    if entry is not None:
        portions += _add_stub(entry, facts)
    return portions


def _add_ticket_fact(fact: Fact) -> Iterator[Portion]:
    place, at, p = fact.subject, fact.time_ms, fact.after
    if isinstance(p, TicketAdmitted):
        yield Portion(TICKET_SCANS, (place, p.result), at, (1,))
        return
    benefit = (1, p.order_fen, p.discount_fen)
    yield Portion(TICKET_BENEFITS, (place, p.benefit, p.stage), at, benefit)
    if p.merchant_id and p.stage == "redeemed":
        yield Portion(TICKET_MERCHANT, (p.merchant_id,), at, benefit)
    if p.merchant_id and p.stage == "reversed":
        yield Portion(TICKET_MERCHANT, (p.merchant_id,), at, (-1, -p.order_fen, -p.discount_fen))


def _add_stub(entry: Fact, facts: list[Fact]) -> Iterator[Portion]:
    """The admitted ticket, and the benefits redeemed with its stub."""
    last = {fact.after.benefit_id: fact for fact in facts if isinstance(fact.after, BenefitChanged)}
    redeemed = [fact for fact in last.values() if fact.after.stage == "redeemed"]
    linked = [
        fact.after.order_fen
        for fact in redeemed
        if fact.after.order_fen > 0 and -2 * DAY <= fact.time_ms - entry.time_ms <= 7 * DAY
    ]
    ticket = entry.after
    vector = (
        1,
        ticket.face_value_fen,
        int(ticket.cross_city),
        int(bool(redeemed)),
        int(bool(linked)),
        sum(linked),
    )
    yield Portion(TICKET_ADMITTED, (entry.subject,), entry.time_ms, vector)
    yield Portion(TICKET_ACTIVITY, (entry.subject, ticket.activity_id), entry.time_ms, vector)


EntityKey = tuple[str, ...]

_encode = msgspec.json.Encoder().encode

_PORTIONS: dict[str, Callable[[list[Fact]], list[Portion]]] = {
    "refund": refund_portions,
    "ticket": ticket_portions,
}
_NAMES: dict[Family, Callable[[Any], tuple[str, ...]]] = {
    refund.FAMILY: lambda p: (p.form_token,),
    ticket.FAMILY: lambda p: (p.ticket_token,),
    registry.FAMILY: lambda p: (p.entity_id,),
    activity.FAMILY: lambda p: (p.activity_id,),
    official.FAMILY: lambda p: (p.indicator_id, p.period, p.basis, p.vintage),
}


def has_sessions(family: Family) -> bool:
    """Whether the family's measures depend on all facts of an entity together."""
    return family in _NAMES


class Sessions:
    """The sessions of one partition: by entity, how often each fact was stated, minus how often retracted."""

    def __init__(self) -> None:
        self._counts: dict[EntityKey, dict[Fact, int]] = {}
        self._due: list[tuple[int, EntityKey]] = []

    def take(self, family: Family, fact: Fact) -> None:
        """Count a fact and what it replaces."""
        name = _NAMES[family]
        for payload, change in ((fact.before, -1), (fact.after, 1)):
            if payload is None:
                continue
            key = (family.name, *name(payload))
            counts = self._counts.get(key)
            if counts is None:
                counts = self._counts[key] = {}
                if family.inactivity_gap_ms is not None:
                    heappush(self._due, (fact.time_ms + 2 * family.inactivity_gap_ms, key))
            stated = Fact(fact.kind, fact.time_ms, fact.subject, None, payload)
            counts[stated] = counts.get(stated, 0) + change

    def close_sessions(self, watermark_ms: int, gaps_ms: dict[str, int]) -> Iterator[Portion]:
        """Remove the sessions whose newest fact is two inactivity gaps old; yield what they add.

        `gaps_ms`: the inactivity gap of each family, after which two facts are never combined.
        """
        while self._due and self._due[0][0] < watermark_ms:
            _, key = heappop(self._due)
            newest = max(fact.time_ms for fact in self._counts[key])
            ends_ms = newest + 2 * gaps_ms[key[0]]
            if ends_ms < watermark_ms:
                yield from _PORTIONS[key[0]](_list_facts(self._counts.pop(key)))
            else:
                heappush(self._due, (ends_ms, key))

    def sum_open_sessions(self) -> Iterator[Portion]:
        """What the open sessions add so far."""
        for key, counts in self._counts.items():
            if key[0] in _PORTIONS:
                yield from _PORTIONS[key[0]](_list_facts(counts))

    def records(self) -> Iterator[tuple[str, Any]]:
        """The latest values of entities without measures, by the text of their keys."""
        for key, counts in self._counts.items():
            if key[0] in _PORTIONS:
                continue
            facts = _list_facts(counts)
            if facts:
                yield (
                    _encode(key).decode(),
                    _describe_timeline(facts) if key[0] == "registry" else _describe_fact(facts[-1]),
                )


def _list_facts(counts: dict[Fact, int]) -> list[Fact]:
    held = sorted(
        (fact.time_ms, fact.kind.name, fact.subject, _encode(fact.after), position)
        for position, fact in enumerate(counts)
    )
    facts = list(counts)
    return [facts[row[4]] for row in held for _ in range(counts[facts[row[4]]])]


def _describe_fact(fact: Fact) -> dict[str, Any]:
    data = msgspec.json.decode(_encode(fact.after))
    return {"time_ms": fact.time_ms, "subject": fact.subject, "data": data}


def _describe_timeline(facts: list[Fact]) -> dict[str, Any]:
    """For each day from which a status is valid, the last fact stating it."""
    by_day = {fact.after.valid_from: fact for fact in facts}
    return {"timeline": [_describe_fact(by_day[day]) for day in sorted(by_day)]}
