"""Faults of single events: late, out of order, corrected, retracted, and junk beside them."""

from collections.abc import Iterator
from math import fsum

import msgspec

from tidemark.streams.contracts.civil import FUTURE_TOLERANCE_MS
from tidemark.streams.contracts.family import HOUR, MINUTE, SECOND

from .corrections import corrected
from .dice import Dice, between, skewed
from .faults import Profile
from .junk import Junk
from .planned import Batch, Fact, Planned, Writer

_CORRECTION_TAKEN_BACK = 0.25
_CHANGE_FIRST = 0.35


class _Named(msgspec.Struct):
    """The part of an event that a change needs to know."""

    id: str
    source: str


_named = msgspec.json.Decoder(_Named)


class Disturbance:
    """What becomes of planned events under a profile. An event suffers one fault at most."""

    def __init__(self, dice: Dice, profile: Profile, writer: Writer) -> None:
        self._random = dice.of("disturbance")
        self._writer = writer
        self._junk = Junk(dice, writer)
        self._faults = (
            (profile.disordered, self._disordered),
            (profile.late, self._late),
            (profile.corrected, self._corrected),
            (profile.retracted, self._retracted),
            (profile.junk, self._accompanied),
        )
        self._any = fsum(share for share, _ in self._faults)

    def of(self, batches: Iterator[Batch]) -> Iterator[Batch]:
        """The batches, disturbed. Nothing comes earlier than it was planned."""
        if not self._any:
            yield from batches
        for batch in batches:
            disturbed: list[Planned] = []
            for planned in batch.planned:
                chance = self._random.random()
                if chance >= self._any or not isinstance(planned.meaning, Fact):
                    disturbed.append(planned)
                else:
                    disturbed += self._suffer(planned, planned.meaning, chance)
            yield Batch(batch.from_ms, disturbed)

    def _suffer(self, planned: Planned, fact: Fact, chance: float) -> list[Planned]:
        for share, fault in self._faults:
            if chance < share:
                return fault(planned, fact)
            chance -= share
        return [planned]

    def _disordered(self, planned: Planned, _fact: Fact) -> list[Planned]:
        planned.arrival_ms += between(self._random, SECOND, 5 * MINUTE)
        return [planned]

    def _late(self, planned: Planned, _fact: Fact) -> list[Planned]:
        planned.arrival_ms += skewed(self._random, 2 * HOUR, 48 * HOUR)
        return [planned]

    def _accompanied(self, planned: Planned, fact: Fact) -> list[Planned]:
        return [planned, self._junk.beside(planned, fact)]

    def _corrected(self, planned: Planned, fact: Fact) -> list[Planned]:
        after = corrected(fact.after, self._random)
        sent = self._changed(planned, Fact(fact.kind, fact.time_ms, fact.subject, fact.after, after), "c")
        if len(sent) > 1 and self._random.random() < _CORRECTION_TAKEN_BACK:
            retraction = Fact(fact.kind, fact.time_ms, fact.subject, after, None)
            sent += self._changed(sent[-1], retraction, "x")[1:]
        return sent

    def _retracted(self, planned: Planned, fact: Fact) -> list[Planned]:
        return self._changed(planned, Fact(fact.kind, fact.time_ms, fact.subject, fact.after, None), "r")

    def _changed(self, planned: Planned, change: Fact, suffix: str) -> list[Planned]:
        """The event and its change, which may come first; what no clock allows is left alone."""
        if change.time_ms > planned.arrival_ms + FUTURE_TOLERANCE_MS:
            return [planned]
        named = _named.decode(planned.raw)
        later_ms = planned.arrival_ms + skewed(self._random, 20 * SECOND, 60 * HOUR)
        change_ms = later_ms
        if self._random.random() < _CHANGE_FIRST:
            change_ms, planned.arrival_ms = planned.arrival_ms, later_ms
        return [planned, self._writer.change(f"{named.id}-{suffix}", named.source, change, change_ms)]
