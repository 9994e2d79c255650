"""Faults of single events: out of order, late, corrected, retracted, or accompanied by a dead record."""

from collections.abc import Callable, Iterator
from decimal import Decimal
from math import fsum
from random import Random
from typing import Any

import msgspec

from tidemark.streams.contracts.civil import FUTURE_TOLERANCE_MS
from tidemark.streams.contracts.family import DAY, HOUR, MINUTE, SECOND, Stream
from tidemark.streams.contracts.payload import Payload
from tidemark.streams.families.activity import ActivityChanged
from tidemark.streams.families.circular import LotChanged
from tidemark.streams.families.footfall import FootfallCounted
from tidemark.streams.families.official import FigurePublished
from tidemark.streams.families.payment import InboundSettled
from tidemark.streams.families.port import CrossingsCounted
from tidemark.streams.families.refund import FormIssued, FormPreaudited, FormVerified, PayoutChanged
from tidemark.streams.families.registry import EntityChanged
from tidemark.streams.families.retail import SalesReported
from tidemark.streams.families.sensor import StatusReported
from tidemark.streams.families.service_trade import ServiceTradeReported
from tidemark.streams.families.ticket import BenefitChanged, TicketAdmitted
from tidemark.streams.families.trade import DeclarationChanged

from .faults import Profile
from .planned import Batch, DeadReason, Fact, Planned, Writer
from .randomness import RandomStreams, between, draw_skewed, pick

_NUMBERS: dict[type[Payload], str] = {
    ActivityChanged: "expected_attendance",
    LotChanged: "amount_fen",
    FootfallCounted: "entered",
    InboundSettled: "amount_fen",
    CrossingsCounted: "persons",
    FormIssued: "invoice_fen",
    FormVerified: "queue_s",
    PayoutChanged: "amount_fen",
    EntityChanged: "area_m2",
    SalesReported: "gross_fen",
    ServiceTradeReported: "amount_usd_cents",
    BenefitChanged: "order_fen",
    TicketAdmitted: "face_value_fen",
    DeclarationChanged: "value_fen",
}
_WORDS: dict[type[Payload], tuple[str, tuple[str, ...]]] = {
    FormPreaudited: ("result", ("pass", "fail", "manual")),
    FormVerified: ("result", ("pass", "fail", "partial")),
    TicketAdmitted: ("result", ("admitted", "rejected", "re_entry")),
    BenefitChanged: ("benefit", ("discount", "points", "parking", "content")),
}
_WORD_SHARE = 0.4


def correct_payload(payload: Any, random: Random) -> Any:
    """The payload with another number or another result; entity and place are unchanged."""
    if isinstance(payload, FigurePublished):
        return msgspec.structs.replace(payload, value=_change_last_digit(payload.value, random))
    kind = type(payload)
    if kind not in _NUMBERS or (kind in _WORDS and random.random() < _WORD_SHARE):
        field, words = _WORDS[kind]
        others = [word for word in words if word != getattr(payload, field)]
        return msgspec.structs.replace(payload, **{field: others[between(random, 0, len(others))]})
    field = _NUMBERS[kind]
    number = (getattr(payload, field) or 0) + between(random, 1, 90)
    return msgspec.structs.replace(payload, **{field: number})


def _change_last_digit(value: str, random: Random) -> str:
    """The decimal number with 1 to 9 added in its last place."""
    places = len(value.partition(".")[2])
    return f"{Decimal(value) + Decimal(between(random, 1, 10)).scaleb(-places)}"


_DATA = b'"simulated":true,"data":{'
_SPOILT: tuple[tuple[DeadReason, Callable[[bytes], bytes]], ...] = (
    ("undecodable", lambda raw: raw[: len(raw) // 2]),
    ("undecodable", lambda raw: b"\xff" + raw),
    ("undecodable", lambda raw: b"[" + raw + b"]"),
    ("unknown_type", lambda raw: raw.replace(b".v1", b".v9", 1)),
    ("invalid", lambda raw: raw.replace(b'"specversion":"1.0"', b'"specversion":"0.3"', 1)),
    ("invalid", lambda raw: raw.replace(b'"time":"', b'"time":"on ', 1)),
    ("invalid", lambda raw: raw.replace(_DATA, _DATA + b'"surprise":1,', 1)),
    (
        "invalid",
        lambda raw: raw.replace(_DATA, b'"simulated":true,"op":"correct","data":{"before":{', 1) + b"}",
    ),
    ("mixed", lambda raw: raw.replace(b'"simulated":true,', b"", 1)),
)
"""Ways to spoil bytes, and the reason for which they are then refused. The last `invalid` is a correction
without `after`."""

_OTHERS = ("partition", "stream", "future")


class Junk:
    """Makes records that become dead letters from events, which are sent unchanged as well."""

    def __init__(self, random_streams: RandomStreams, writer: Writer) -> None:
        self._random = random_streams.derive("junk")
        self._writer = writer

    def make_record(self, planned: Planned, fact: Fact) -> Planned:
        """A dead record of a random kind that arrives shortly after the event."""
        arrival_ms = planned.arrival_ms + between(self._random, 1, 20 * SECOND)
        which = between(self._random, 0, len(_SPOILT) + len(_OTHERS))
        if which < len(_SPOILT):
            reason, spoil = _SPOILT[which]
            return Planned(arrival_ms, Stream.FACTS, planned.partition, spoil(planned.raw), reason)
        other = _OTHERS[which - len(_SPOILT)]
        if other == "future":
            return self._make_future_event(fact, arrival_ms)
        if other == "partition" and self._writer.partitions > 1:
            elsewhere = (planned.partition + 1) % self._writer.partitions
            return Planned(arrival_ms, Stream.FACTS, elsewhere, planned.raw, "partition")
        return self._make_signal(planned.partition, arrival_ms)

    def _make_future_event(self, fact: Fact, arrival_ms: int) -> Planned:
        ahead_ms = FUTURE_TOLERANCE_MS + between(self._random, SECOND, 2 * DAY)
        event_id = f"future-{self._random.getrandbits(60):x}"
        return self._writer.create(
            event_id, "/clocks/wrong", arrival_ms + ahead_ms, fact.subject, fact.after, arrival_ms
        )

    def _make_signal(self, partition: int, arrival_ms: int) -> Planned:
        """A signal sent to the facts stream."""
        name = f"sensor-{pick(self._random, 'abcdef')}"
        signal = self._writer.create(
            f"{name}-{self._random.getrandbits(60):x}",
            "/counters/astray",
            arrival_ms,
            "district.futian",
            StatusReported(name, "up", 0),
            arrival_ms,
        )
        return Planned(arrival_ms, Stream.FACTS, partition, signal.raw, "stream")


_CORRECTION_TAKEN_BACK = 0.25
_CHANGE_FIRST = 0.35


class _Named(msgspec.Struct):
    """The fields of an event that a change refers to."""

    id: str
    source: str


_named = msgspec.json.Decoder(_Named)


class Disturbance:
    """Applies a profile's faults to planned events, at most one to each."""

    def __init__(self, random_streams: RandomStreams, profile: Profile, writer: Writer) -> None:
        self._random = random_streams.derive("disturbance")
        self._writer = writer
        self._junk = Junk(random_streams, writer)
        self._faults = (
            (profile.disordered, self._reorder),
            (profile.late, self._delay),
            (profile.corrected, self._correct),
            (profile.retracted, self._retract),
            (profile.junk, self._accompany),
        )
        self._any = fsum(share for share, _ in self._faults)

    def disturb(self, batches: Iterator[Batch]) -> Iterator[Batch]:
        """The batches with faults. No event arrives earlier than planned."""
        if not self._any:
            yield from batches
        for batch in batches:
            disturbed: list[Planned] = []
            for planned in batch.planned:
                chance = self._random.random()
                if chance >= self._any or not isinstance(planned.meaning, Fact):
                    disturbed.append(planned)
                else:
                    disturbed += self._apply_fault(planned, planned.meaning, chance)
            yield Batch(batch.from_ms, disturbed)

    def _apply_fault(self, planned: Planned, fact: Fact, chance: float) -> list[Planned]:
        for share, fault in self._faults:
            if chance < share:
                return fault(planned, fact)
            chance -= share
        return [planned]

    def _reorder(self, planned: Planned, _fact: Fact) -> list[Planned]:
        planned.arrival_ms += between(self._random, SECOND, 5 * MINUTE)
        return [planned]

    def _delay(self, planned: Planned, _fact: Fact) -> list[Planned]:
        planned.arrival_ms += draw_skewed(self._random, 2 * HOUR, 48 * HOUR)
        return [planned]

    def _accompany(self, planned: Planned, fact: Fact) -> list[Planned]:
        return [planned, self._junk.make_record(planned, fact)]

    def _correct(self, planned: Planned, fact: Fact) -> list[Planned]:
        after = correct_payload(fact.after, self._random)
        sent = self._add_change(planned, Fact(fact.kind, fact.time_ms, fact.subject, fact.after, after), "c")
        if len(sent) > 1 and self._random.random() < _CORRECTION_TAKEN_BACK:
            retraction = Fact(fact.kind, fact.time_ms, fact.subject, after, None)
            sent += self._add_change(sent[-1], retraction, "x")[1:]
        return sent

    def _retract(self, planned: Planned, fact: Fact) -> list[Planned]:
        return self._add_change(planned, Fact(fact.kind, fact.time_ms, fact.subject, fact.after, None), "r")

    def _add_change(self, planned: Planned, change: Fact, suffix: str) -> list[Planned]:
        """The event and its change, which may arrive first. An event too far in the future is left unchanged:
        its change would be refused.
        """
        if change.time_ms > planned.arrival_ms + FUTURE_TOLERANCE_MS:
            return [planned]
        named = _named.decode(planned.raw)
        later_ms = planned.arrival_ms + draw_skewed(self._random, 20 * SECOND, 60 * HOUR)
        change_ms = later_ms
        if self._random.random() < _CHANGE_FIRST:
            change_ms, planned.arrival_ms = planned.arrival_ms, later_ms
        return [planned, self._writer.change(f"{named.id}-{suffix}", named.source, change, change_ms)]
