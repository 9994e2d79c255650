"""What the notifier tells about itself, in a registry of its own."""

from collections.abc import Collection, Iterable

from prometheus_client import CollectorRegistry, Counter, Gauge

from .errors import KINDS
from .outbox import Backlog


class Metrics:
    """Counters by channel, which stand at 0 from the start, and gauges of the outbox."""

    def __init__(self, channels: Collection[str]) -> None:
        self.registry = CollectorRegistry()
        self.received = Counter(
            "tidemark_notifier_received_alerts_total",
            "Alerts that were durable in the outbox when Alertmanager was told so",
            registry=self.registry,
        )
        self.left_out = Counter(
            "tidemark_notifier_left_out_alerts_total",
            "Alerts that Alertmanager left out of its requests (max_alerts)",
            registry=self.registry,
        )
        self.sent = self._count_by(
            "tidemark_notifier_sent_messages_total",
            "Texts that a channel answered it took",
            "channel",
            channels,
        )
        self.failed = self._count_by(
            "tidemark_notifier_failed_attempts_total",
            "Attempts that a channel did not take",
            "channel",
            channels,
        )
        self.dead = self._count_by(
            "tidemark_notifier_dead_letters_total",
            "Alerts given up after too many failures",
            "channel",
            channels,
        )
        self.repeated = self._count_by(
            "tidemark_notifier_repeated_messages_total",
            "Attempts marked as a repeat, since an earlier one may have arrived",
            "channel",
            channels,
        )
        reasons = [kind.name for kind in KINDS]
        self.refused = self._count_by(
            "tidemark_notifier_refused_requests_total", "Requests refused, by reason", "reason", reasons
        )
        self._messages = Gauge(
            "tidemark_notifier_outbox_messages", "Messages not sent yet", registry=self.registry
        )
        self._oldest = Gauge(
            "tidemark_notifier_oldest_waiting_seconds",
            "Age of the oldest message not sent yet, 0 without one",
            registry=self.registry,
        )

    def show(self, standing: Backlog, now_ms: int) -> None:
        """Set the outbox's gauges."""
        oldest_ms = now_ms if standing.oldest_ms is None else standing.oldest_ms
        self._messages.set(standing.messages)
        self._oldest.set(max(0, now_ms - oldest_ms) / 1000)

    def _count_by(self, name: str, meaning: str, label: str, values: Iterable[str]) -> Counter:
        counter = Counter(name, meaning, [label], registry=self.registry)
        for value in values:
            counter.labels(value)
        return counter
