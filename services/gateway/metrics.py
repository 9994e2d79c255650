"""The gateway's metrics of itself, in a registry of its own."""

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram

from .load import Load

_SECONDS = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10)


class Metrics:
    """The gateway's own metrics; nothing here is a business value."""

    def __init__(self, load: Load) -> None:
        self.registry = CollectorRegistry()
        self.accepted = Counter(
            "tidemark_gateway_events_accepted_total",
            "Events acknowledged as durable in the log, by family",
            ["family"],
            registry=self.registry,
        )
        self.rejected = Counter(
            "tidemark_gateway_events_rejected_total",
            "Events that were not accepted, by the name of the problem in the answer",
            ["reason"],
            registry=self.registry,
        )
        self.requests = Counter(
            "tidemark_gateway_requests_total",
            "Requests with events, by content mode: structured, batch or binary",
            ["mode"],
            registry=self.registry,
        )
        self.refused = Counter(
            "tidemark_gateway_requests_refused_total",
            "Requests refused before their events were checked, by the name of the problem",
            ["reason"],
            registry=self.registry,
        )
        self.commit = Histogram(
            "tidemark_gateway_commit_seconds",
            "Duration of an append to the log, until it was durable or failed",
            buckets=_SECONDS,
            registry=self.registry,
        )
        Gauge(
            "tidemark_gateway_queue_events", "Events waiting to be appended", registry=self.registry
        ).set_function(lambda: load.events)
        Gauge(
            "tidemark_gateway_queue_bytes",
            "Bytes being read or waiting to be appended",
            registry=self.registry,
        ).set_function(lambda: load.bytes)
