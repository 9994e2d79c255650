"""What a ticket's life adds, told from its facts in the order they happened."""

from collections.abc import Iterator

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

from .planned import Fact
from .sums import Portion


def ticket_portions(life: list[Fact]) -> list[Portion]:
    """All that a ticket adds. `life`: its facts, repeated as often as they hold, first ones first."""
    found: list[Portion] = []
    for fact in life:
        found += _of_one(fact)
    entry = next(
        (f for f in life if isinstance(f.after, TicketAdmitted) and f.after.result == "admitted"), None
    )
    if entry is not None:
        found += _stub(entry, life)
    return found


def _of_one(fact: Fact) -> Iterator[Portion]:
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


def _stub(entry: Fact, life: list[Fact]) -> Iterator[Portion]:
    """The admitted ticket, and what its stub was spent on."""
    last = {fact.after.benefit_id: fact for fact in life if isinstance(fact.after, BenefitChanged)}
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
