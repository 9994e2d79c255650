"""Whether a record counts: it must be admissible, and its event must not have been accepted before.

A record that is not admissible becomes a dead letter, whose text is written here. Ids are remembered for
the current and the previous segment of offsets.
"""

from tidemark.streams.contracts import admission
from tidemark.streams.contracts.envelope import Event
from tidemark.streams.contracts.identity import LogIdentity
from tidemark.streams.families.codec import InvalidEvent, decode

SEGMENT_SIZE = 200_000
"""Offsets in a segment, so how far back ids are remembered is a function of the log, not of a clock."""


class Refused(Exception):
    """The record becomes a dead letter; `family` is set if it counts as an event from the future."""

    def __init__(self, reason: str, detail: str, family: str | None = None) -> None:
        super().__init__(f"{reason}: {detail}")
        self.reason = reason
        self.detail = detail
        self.family = family


class Admission:
    """The admission rules for one partition of a log."""

    def __init__(self, identity: LogIdentity, partition: int) -> None:
        self._rules = admission.Rules(identity)
        self._partition = partition

    def admit(self, raw: bytes, arrival_ms: int) -> tuple[Event, int]:
        """The event and its time in ms. Raises Refused."""
        try:
            event = decode(raw)
            self._rules.check_partition(event, self._partition)
            return event, self._rules.check(event, arrival_ms)
        except InvalidEvent as error:
            raise Refused(error.reason, str(error)) from None
        except admission.Refused as refused:
            family = refused.family.name if isinstance(refused, admission.Ahead) else None
            raise Refused(refused.reason.value, _describe(refused), family) from None


class RecentIds:
    """The (source, id) pairs of the current and the previous segment of offsets.

    `segments` holds the number and the first arrival of each, newest first; `next_start` is
    the offset at which the next segment begins.
    """

    def __init__(self, size: int = SEGMENT_SIZE) -> None:
        self._size = size
        self._current: dict[str, set[str]] = {}
        self._previous: dict[str, set[str]] = {}
        self.segments: tuple[tuple[int, int], ...] = ()
        self.next_start = 0

    @classmethod
    def first_needed(cls, position: int, size: int = SEGMENT_SIZE) -> int:
        """The first offset whose id is still remembered at a position."""
        return max(0, (max(0, position - 1) // size - 1) * size)

    def advance(self, offset: int, arrival_ms: int) -> None:
        """Move on to the segment of an offset at or after `next_start`; forget ids too far back."""
        number = offset // self._size
        follows = bool(self.segments) and self.segments[0][0] == number - 1
        self._previous = self._current if follows else {}
        self._current = {}
        self.segments = ((number, arrival_ms), *(self.segments[:1] if follows else ()))
        self.next_start = (number + 1) * self._size

    def add(self, source: str, event_id: str) -> bool:
        """Remember the pair; False if it was remembered already."""
        previous = self._previous.get(source)
        if previous is not None and event_id in previous:
            return False
        ids = self._current.get(source)
        if ids is None:
            self._current[source] = {event_id}
            return True
        if event_id in ids:
            return False
        ids.add(event_id)
        return True

    def __len__(self) -> int:
        return sum(len(ids) for pairs in (self._current, self._previous) for ids in pairs.values())


def _describe(refused: admission.Refused) -> str:
    """The detail of the dead letter; it is part of the state, so its wording never changes."""
    match refused:
        case admission.OtherStream(family=family):
            return f"{family.name} is a signal; send it to {family.stream}"
        case admission.OtherPartition(home=home):
            return f"belongs in partition {home}; send it through the gateway"
        case admission.Ahead(ahead_s=ahead_s):
            return f"time is {ahead_s} s after arrival; set the source's clock"
        case _:
            return "real and simulated events must not mix; use a log of its own"
