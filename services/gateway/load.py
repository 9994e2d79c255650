"""How much the gateway holds in memory, and where it stops taking more."""

from tidemark.services.http import Problem

from .problems import OVERLOADED


class Load:
    """Counts events and bytes that are being read or wait to be appended, within bounds."""

    def __init__(self, max_events: int, max_bytes: int) -> None:
        self._max_events = max_events
        self._max_bytes = max_bytes
        self.events = 0
        self.bytes = 0

    def hold(self, events: int, size: int) -> None:
        """Take room, or raise Problem (429) and take none."""
        if self.events + events > self._max_events or self.bytes + size > self._max_bytes:
            raise Problem(
                OVERLOADED,
                f"{self.events} events and {self.bytes} bytes are waiting already",
                "send again after the seconds in Retry-After, and fewer at a time",
            )
        self.events += events
        self.bytes += size

    def release(self, events: int, size: int) -> None:
        """Give back what was held."""
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
        """Give all of it back."""
        self._load.release(0, self.bytes)
        self.bytes = 0
