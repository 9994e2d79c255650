"""Folding a few events, and reading the resulting state."""

from datetime import UTC, datetime, timedelta

import msgspec

from tidemark.streams.contracts.envelope import Event
from tidemark.streams.contracts.identity import LogIdentity
from tidemark.streams.contracts.published import DeadLetter, Head, Kind, decode_head
from tidemark.streams.families.codec import encode
from tidemark.streams.families.footfall import FAMILY as FOOTFALL
from tidemark.streams.families.footfall import FootfallCounted
from tidemark.streams.families.ticket import FAMILY as TICKETS
from tidemark.streams.families.ticket import BenefitChanged, TicketAdmitted
from tidemark.streams.ledger.fold import PartitionFold

from .events import IDENTITY, envelope
from .ledgers import State, merge

NOON = datetime(2026, 3, 10, 4, tzinfo=UTC)  # 12:00 in Shanghai


def ms(instant: datetime) -> int:
    return int(instant.timestamp() * 1000)


COUNTED = FOOTFALL.types[0]
ADMITTED, REDEEMED = TICKETS.types


def count(event_id: str, start: datetime, entered: int = 1, place: str = "mall.a") -> Event:
    payload = FootfallCounted("s1", start, 60, entered, 0)
    return envelope(COUNTED, event_id, start + timedelta(minutes=1), place, payload)


def admission(event_id: str, ticket: str, at: datetime) -> Event:
    payload = TicketAdmitted(ticket, "show", "g1", "admitted", 10_000)
    return envelope(ADMITTED, event_id, at, "venue.a", payload)


def benefit(event_id: str, ticket: str, at: datetime) -> Event:
    """A benefit of the ticket's stub, redeemed with an order."""
    payload = BenefitChanged(ticket, "b1", "show", "redeemed", "discount", "m1", 20_000, 500)
    return envelope(REDEEMED, event_id, at, "mall.a", payload)


def make_arrivals(*events: Event, delay: timedelta = timedelta(seconds=5)) -> list[tuple[int, int, bytes]]:
    return [(n, ms(event.time + delay), encode(event)) for n, event in enumerate(events)]


def fold(records: list[tuple[int, int, bytes]], identity: LogIdentity = IDENTITY) -> State:
    partition = PartitionFold(identity, 0)
    partition.fold(records)
    return merge({}, partition.drain_changes())


def head_of(state: State) -> Head:
    return next(decode_head(value) for (kind, _), value in state.items() if kind is Kind.HEAD)


def cells(state: State, measure: str) -> dict[tuple[str, ...], list[int]]:
    vectors = {}
    for (kind, key), value in state.items():
        name, *rest = msgspec.json.decode(key) if kind is Kind.CELL else ("",)
        if name == measure:
            vectors[tuple(rest)] = msgspec.json.decode(value)
    return vectors


def dead(state: State) -> list[DeadLetter]:
    return [msgspec.json.decode(v, type=DeadLetter) for (kind, _), v in state.items() if kind is Kind.DEAD]
