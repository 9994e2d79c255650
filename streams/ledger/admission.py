"""Whether a record may count at all. A function of the record and the log's identity alone."""

from tidemark.streams.contracts.civil import FUTURE_TOLERANCE_MS, millis
from tidemark.streams.contracts.envelope import Event, key_of
from tidemark.streams.contracts.family import Stream
from tidemark.streams.contracts.identity import LogIdentity
from tidemark.streams.contracts.partitions import partition_of
from tidemark.streams.families.codec import InvalidEvent, decode


class Refused(Exception):
    """The record becomes a dead letter; `family` is set where it could be told."""

    def __init__(self, reason: str, detail: str, family: str | None = None) -> None:
        super().__init__(f"{reason}: {detail}")
        self.reason = reason
        self.detail = detail
        self.family = family


class Admission:
    """The rules of one partition of a log."""

    def __init__(self, identity: LogIdentity, partition: int) -> None:
        self._partitions = identity.partitions
        self._partition = partition
        self._simulated = {"real": (False,), "simulated": (True,), "mixed": (False, True)}[identity.content]

    def admit(self, raw: bytes, arrival_ms: int) -> tuple[Event, int]:
        """The event and its time in ms. Raises Refused."""
        try:
            event = decode(raw)
        except InvalidEvent as error:
            raise Refused(error.reason, str(error)) from None
        family = event.family
        if family.stream is not Stream.FACTS:
            raise Refused("stream", f"{family.name} is a signal; send it to {family.stream}")
        home = partition_of(key_of(event), self._partitions)
        if home != self._partition:
            raise Refused("partition", f"belongs in partition {home}; send it through the gateway")
        if event.simulated not in self._simulated:
            raise Refused("mixed", "real and simulated events must not mix; use a log of its own")
        time_ms = millis(event.time)
        if time_ms > arrival_ms + FUTURE_TOLERANCE_MS:
            ahead = (time_ms - arrival_ms) // 1000
            raise Refused("future", f"time is {ahead} s after arrival; set the source's clock", family.name)
        return event, time_ms
