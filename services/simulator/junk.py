"""Records that must become dead letters, made from events that are well."""

from collections.abc import Callable

from tidemark.streams.contracts.civil import FUTURE_TOLERANCE_MS
from tidemark.streams.contracts.family import DAY, SECOND, Stream
from tidemark.streams.families import sensor
from tidemark.streams.families.sensor import StatusReported

from .dice import Dice, between, pick
from .planned import DeadReason, Fact, Planned, Writer

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
"""How bytes are spoilt and why they are then dead. The last `invalid` is a correction without an after."""

_OTHERS = ("partition", "stream", "future")


class Junk:
    """Makes one dead record beside an event that stays as it is."""

    def __init__(self, dice: Dice, writer: Writer) -> None:
        self._random = dice.of("junk")
        self._writer = writer

    def beside(self, planned: Planned, fact: Fact) -> Planned:
        """A record that arrives a little later; of any sort."""
        arrival_ms = planned.arrival_ms + between(self._random, 1, 20 * SECOND)
        which = between(self._random, 0, len(_SPOILT) + len(_OTHERS))
        if which < len(_SPOILT):
            reason, spoil = _SPOILT[which]
            return Planned(arrival_ms, Stream.FACTS, planned.partition, spoil(planned.raw), reason)
        other = _OTHERS[which - len(_SPOILT)]
        if other == "future":
            return self._from_the_future(fact, arrival_ms)
        if other == "partition" and self._writer.partitions > 1:
            elsewhere = (planned.partition + 1) % self._writer.partitions
            return Planned(arrival_ms, Stream.FACTS, elsewhere, planned.raw, "partition")
        return self._signal(planned.partition, arrival_ms)

    def _from_the_future(self, fact: Fact, arrival_ms: int) -> Planned:
        ahead_ms = FUTURE_TOLERANCE_MS + between(self._random, SECOND, 2 * DAY)
        event_id = f"future-{self._random.getrandbits(60):x}"
        return self._writer.create(
            fact.kind, event_id, "/clocks/wrong", arrival_ms + ahead_ms, fact.subject, fact.after, arrival_ms
        )

    def _signal(self, partition: int, arrival_ms: int) -> Planned:
        """A signal among the facts."""
        name = f"sensor-{pick(self._random, 'abcdef')}"
        signal = self._writer.create(
            sensor.FAMILY.types[0],
            f"{name}-{self._random.getrandbits(60):x}",
            "/counters/astray",
            arrival_ms,
            "district.futian",
            StatusReported(name, "up", 0),
            arrival_ms,
        )
        return Planned(arrival_ms, Stream.FACTS, partition, signal.raw, "stream")
