"""Whether an event may be in a log at all: the rules that the gateway and the ledger share.

A function of the event, the log's identity and the moment alone. A refusal is a code with what belongs to
it; whoever refuses puts it into words.
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
    """Why an event is refused; those of `InvalidEvent` come before these."""

    STREAM = "stream"
    PARTITION = "partition"
    MIXED = "mixed"
    FUTURE = "future"


class Refused(Exception):
    """The event may not be in the log."""

    reason: ClassVar[Reason]


@dataclass(eq=False)
class OtherStream(Refused):
    """The family's events go to another stream than that of facts."""

    reason = Reason.STREAM
    family: Family


@dataclass(eq=False)
class OtherPartition(Refused):
    """The event's key belongs in the partition `home`."""

    reason = Reason.PARTITION
    home: int


class OtherContent(Refused):
    """The log holds real events and this is simulated, or the other way round."""

    reason = Reason.MIXED


@dataclass(eq=False)
class Ahead(Refused):
    """The event's time lies `ahead_s` whole seconds after the moment, more than is tolerated."""

    reason = Reason.FUTURE
    family: Family
    ahead_s: int


class Rules:
    """The rules of one log."""

    def __init__(self, identity: LogIdentity) -> None:
        self._partitions = identity.partitions
        self._simulated = {"real": (False,), "simulated": (True,), "mixed": (False, True)}[identity.content]

    def home_of(self, event: Event) -> int:
        """The partition that the event belongs in."""
        return partition_of(key_of(event), self._partitions)

    def check_place(self, event: Event, partition: int) -> None:
        """Whether a fact lies where it belongs. Raises OtherStream, OtherPartition."""
        family = event.family
        if family.stream is not Stream.FACTS:
            raise OtherStream(family)
        home = self.home_of(event)
        if home != partition:
            raise OtherPartition(home)

    def check(self, event: Event, now_ms: int) -> int:
        """The event's time in ms. Raises OtherContent, or Ahead where it lies too far after `now_ms`."""
        if event.simulated not in self._simulated:
            raise OtherContent
        time_ms = millis(event.time)
        if time_ms > now_ms + FUTURE_TOLERANCE_MS:
            raise Ahead(event.family, (time_ms - now_ms) // 1000)
        return time_ms
