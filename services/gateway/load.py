"""Limits how much the gateway holds in memory."""

from tidemark.services.http import Problem

from .problems import OVERLOADED


class Load:
    """Counts the events and bytes that are being read or wait to be appended, within limits."""

    def __init__(self, max_events: int, max_bytes: int) -> None:
        self._max_events = max_events
        self._max_bytes = max_bytes
        self.events = 0
        self.bytes = 0

    def hold(self, events: int, size: int) -> None:
        """Count events and bytes as held, or raise Problem (429) and count nothing."""
        if self.events + events > self._max_events or self.bytes + size > self._max_bytes:
            raise Problem(
                OVERLOADED,
                f"{self.events} events and {self.bytes} bytes are already waiting",
                "wait as Retry-After says, then send fewer events at a time",
            )
        self.events += events
        self.bytes += size

    def release(self, events: int, size: int) -> None:
        """Count events and bytes as no longer held."""
        self.events -= events
        self.bytes -= size


class Hold:
    """The bytes that one request holds."""

    def __init__(self, load: Load) -> None:
        self._load = load
        self.bytes = 0

    def add(self, size: int) -> None:
        """Hold more, or raise Problem (429)."""
        self._load.hold(0, size)
        self.bytes += size

    def release(self) -> None:
        """Release everything that the request holds."""
        self._load.release(0, self.bytes)
        self.bytes = 0
