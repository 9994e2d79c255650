"""What the notifier tells about itself, in a registry of its own."""

from collections.abc import Iterable

from prometheus_client import CollectorRegistry, Counter, Gauge

from .errors import KINDS
from .outbox import Standing


class Metrics:
    """Counters by channel, which stand at 0 from the start, and gauges of the outbox."""

    def __init__(self, channels: Iterable[str]) -> None:
        self.registry = CollectorRegistry()
        names = tuple(channels)
        self.received = self._counter(
            "received_alerts", "Alerts that were durable in the outbox when Alertmanager was told so"
        )
        self.left_out = self._counter(
            "left_out_alerts", "Alerts that Alertmanager left out of its requests (max_alerts)"
        )
        self.sent = self._by_channel("sent_messages", "Texts that a channel answered it took", names)
        self.failed = self._by_channel("failed_attempts", "Attempts that a channel did not take", names)
        self.dead = self._by_channel("dead_letters", "Alerts given up after too many failures", names)
        self.repeated = self._by_channel(
            "repeated_messages", "Attempts marked as a repeat, since an earlier one may have arrived", names
        )
        reasons = [kind.name for kind in KINDS]
        self.refused = self._labelled("refused_requests", "Requests refused, by reason", "reason", reasons)
        self._messages = Gauge(
            "tidemark_notifier_outbox_messages", "Messages not sent yet", registry=self.registry
        )
        self._oldest = Gauge(
            "tidemark_notifier_oldest_waiting_seconds",
            "Age of the oldest message not sent yet, 0 without one",
            registry=self.registry,
        )

    def show(self, standing: Standing, now_ms: int) -> None:
        """Set the outbox's gauges."""
        oldest_ms = now_ms if standing.oldest_ms is None else standing.oldest_ms
        self._messages.set(standing.messages)
        self._oldest.set(max(0, now_ms - oldest_ms) / 1000)

    def _counter(self, name: str, meaning: str) -> Counter:
        return Counter(f"tidemark_notifier_{name}_total", meaning, registry=self.registry)

    def _by_channel(self, name: str, meaning: str, channels: Iterable[str]) -> Counter:
        return self._labelled(name, meaning, "channel", channels)

    def _labelled(self, name: str, meaning: str, label: str, values: Iterable[str]) -> Counter:
        counter = Counter(f"tidemark_notifier_{name}_total", meaning, [label], registry=self.registry)
        for value in values:
            counter.labels(value)
        return counter
