"""The rules on whether an event may be in a log, shared by the gateway and the ledger.

They depend only on the event, the log's identity and the time of the check. A refusal carries a code and its
details; the caller words the message.
"""

from dataclasses import dataclass
from enum import StrEnum
from typing import ClassVar

from .civil import FUTURE_TOLERANCE_MS, millis
from .envelope import Event, key_of
from .family import Family, Stream
from .identity import LogIdentity
from .partitions import partition_of


class Reason(StrEnum):
    """Why an event is refused. The reasons of `InvalidEvent` are checked before these."""

    STREAM = "stream"
    PARTITION = "partition"
    MIXED = "mixed"
    FUTURE = "future"


class Refused(Exception):
    """The event may not be in the log."""

    reason: ClassVar[Reason]


@dataclass(eq=False)
class OtherStream(Refused):
    """The family's events do not belong in the stream of facts."""

    reason = Reason.STREAM
    family: Family


@dataclass(eq=False)
class OtherPartition(Refused):
    """The event's key belongs in the partition `home`."""

    reason = Reason.PARTITION
    home: int


class OtherContent(Refused):
    """The log holds real events and this event is simulated, or the other way round."""

    reason = Reason.MIXED


@dataclass(eq=False)
class Ahead(Refused):
    """The event's time is `ahead_s` whole seconds in the future, more than is tolerated."""

    reason = Reason.FUTURE
    family: Family
    ahead_s: int


class Rules:
    """The rules of one log."""

    def __init__(self, identity: LogIdentity) -> None:
        self._partitions = identity.partitions
        self._simulated = {"real": (False,), "simulated": (True,), "mixed": (False, True)}[identity.content]

    def home_of(self, event: Event) -> int:
        """The partition in which the event belongs."""
        return partition_of(key_of(event), self._partitions)

    def check_partition(self, event: Event, partition: int) -> None:
        """Check that a fact is in its stream and partition. Raises OtherStream, OtherPartition."""
        family = event.family
        if family.stream is not Stream.FACTS:
            raise OtherStream(family)
        home = self.home_of(event)
        if home != partition:
            raise OtherPartition(home)

    def check(self, event: Event, now_ms: int) -> int:
        """Return the event's time in ms. Raises OtherContent, or Ahead if it is too far after `now_ms`."""
        if event.simulated not in self._simulated:
            raise OtherContent
        time_ms = millis(event.time)
        if time_ms > now_ms + FUTURE_TOLERANCE_MS:
            raise Ahead(event.family, (time_ms - now_ms) // 1000)
        return time_ms
