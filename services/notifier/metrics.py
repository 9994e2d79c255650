"""The notifier's own metrics, in a registry of their own."""

from collections.abc import Collection, Iterable

from prometheus_client import CollectorRegistry, Counter, Gauge

from .errors import KINDS
from .outbox import Backlog


class Metrics:
    """Counters by channel, which start at 0, and gauges of the outbox."""

    def __init__(self, channels: Collection[str]) -> None:
        self.registry = CollectorRegistry()
        self.received = Counter(
            "tidemark_notifier_received_alerts_total",
            "Alerts that were stored in the outbox before they were acknowledged to Alertmanager",
            registry=self.registry,
        )
        self.left_out = Counter(
            "tidemark_notifier_left_out_alerts_total",
            "Alerts that Alertmanager left out of its requests (max_alerts)",
            registry=self.registry,
        )
        self.sent = self._count_by(
            "tidemark_notifier_sent_messages_total",
            "Messages confirmed by a channel; each may contain several alerts",
            "channel",
            channels,
        )
        self.failed = self._count_by(
            "tidemark_notifier_failed_attempts_total",
            "Attempts to send that failed",
            "channel",
            channels,
        )
        self.dead = self._count_by(
            "tidemark_notifier_dead_letters_total",
            "Alerts that are not sent again, after too many failed attempts",
            "channel",
            channels,
        )
        self.repeated = self._count_by(
            "tidemark_notifier_repeated_messages_total",
            "Attempts marked as a repeat, since an earlier attempt may have arrived",
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
            "Age of the oldest message not sent yet; 0 if there is none",
            registry=self.registry,
        )

    def show_backlog(self, backlog: Backlog, now_ms: int) -> None:
        """Set the outbox's gauges."""
        oldest_ms = now_ms if backlog.oldest_ms is None else backlog.oldest_ms
        self._messages.set(backlog.messages)
        self._oldest.set(max(0, now_ms - oldest_ms) / 1000)

    def _count_by(self, name: str, meaning: str, label: str, values: Iterable[str]) -> Counter:
        counter = Counter(name, meaning, [label], registry=self.registry)
        for value in values:
            counter.labels(value)
        return counter
