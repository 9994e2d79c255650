"""What a ticket adds: scans at gates, the first admission, and the benefits of its stub."""

from collections.abc import Iterable, Sequence

from tidemark.streams.contracts.definition import EntityReducer
from tidemark.streams.contracts.facts import Contribution, Fact, negate
from tidemark.streams.contracts.family import DAY
from tidemark.streams.families.ticket import (
    TICKET_ACTIVITY,
    TICKET_ADMITTED,
    TICKET_BENEFITS,
    TICKET_MERCHANT,
    TICKET_SCANS,
    BenefitChanged,
    TicketAdmitted,
)

LINK_BEFORE_MS = 2 * DAY
LINK_AFTER_MS = 7 * DAY
"""An order is linked from 2 days before to 7 days after the first admission."""

_MERCHANT_SIGN = {"redeemed": 1, "reversed": -1}


def _contribute_fact(fact: Fact) -> Sequence[Contribution]:
    payload = fact.payload
    if isinstance(payload, TicketAdmitted):
        return ((TICKET_SCANS, fact.when, (fact.subject, payload.result), (1,)),)
    return _contribute_benefit(fact, payload)


def _contribute_session(facts: Sequence[Fact]) -> Sequence[Contribution]:
    admission: Fact | None = None
    last_by_benefit: dict[str, Fact] = {}
    for fact in facts:
        payload = fact.payload
        if isinstance(payload, BenefitChanged):
            last_by_benefit[payload.benefit_id] = fact
        elif admission is None and payload.result == "admitted":
            admission = fact
    return () if admission is None else _contribute_admission(admission, last_by_benefit.values())


def _contribute_benefit(fact: Fact, changed: BenefitChanged) -> list[Contribution]:
    vector = (1, changed.order_fen, changed.discount_fen)
    dimensions = (fact.subject, changed.benefit, changed.stage)
    contributions: list[Contribution] = [(TICKET_BENEFITS, fact.when, dimensions, vector)]
    sign = _MERCHANT_SIGN.get(changed.stage)
    if sign and changed.merchant_id is not None:
        signed = vector if sign > 0 else negate(vector)
        contributions.append((TICKET_MERCHANT, fact.when, (changed.merchant_id,), signed))
    return contributions


def _contribute_admission(admission: Fact, benefits: Iterable[Fact]) -> tuple[Contribution, ...]:
    ticket: TicketAdmitted = admission.payload
    redeemed = [fact for fact in benefits if fact.payload.stage == "redeemed"]
    first_ms, last_ms = admission.time_ms - LINK_BEFORE_MS, admission.time_ms + LINK_AFTER_MS
    linked = [
        fact.payload.order_fen
        for fact in redeemed
        if fact.payload.order_fen > 0 and first_ms <= fact.time_ms <= last_ms
    ]
    vector = (
        1,
        ticket.face_value_fen,
        int(ticket.cross_city),
        int(bool(redeemed)),
        int(bool(linked)),
        sum(linked),
    )
    place = admission.subject
    return (
        (TICKET_ADMITTED, admission.when, (place,), vector),
        (TICKET_ACTIVITY, admission.when, (place, ticket.activity_id), vector),
    )


REDUCER = EntityReducer(("ticket_token",), _contribute_fact, _contribute_session)
