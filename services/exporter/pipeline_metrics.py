"""The exporter's metrics that are not totals: the state of the pipeline, the registry and activities."""

from dataclasses import dataclass
from typing import Literal


@dataclass(frozen=True)
class PlainMetric:
    """A metric whose values are collected by code of its own, unlike the sums and quantiles of measures."""

    name: str
    kind: Literal["gauge", "counter"]
    labels: tuple[str, ...]
    help: str


def gauge(name: str, meaning: str, *labels: str) -> PlainMetric:
    """A metric that may go up and down."""
    return PlainMetric(name, "gauge", labels, meaning)


def counter(name: str, meaning: str, *labels: str) -> PlainMetric:
    """A metric that only grows."""
    return PlainMetric(name, "counter", labels, meaning)


REGISTRY = gauge(
    "tidemark_registry_entities",
    "Registered shops, spaces, firms, merchants and sensors by status as of today; "
    "refund shops are entity_class refund_shop",
    "entity_class",
    "status",
)
ACTIVITIES = gauge(
    "tidemark_activities", "Debuts, shows, matches and conferences by status", "category", "status"
)
NEWEST_EVENT = gauge(
    "tidemark_newest_event_timestamp_seconds",
    "When the newest accepted event of the family happened, as a Unix time",
    "family",
)
NEWEST_EVENT_AGE = gauge(
    "tidemark_newest_event_age_seconds",
    "Time since the newest accepted event of the family happened",
    "family",
)
AGE_LIMIT = gauge(
    "tidemark_feed_age_limit_seconds",
    "The age of the newest event above which the family's feed is stale",
    "family",
)
COMPLETENESS = gauge(
    "tidemark_feed_completeness_ratio",
    "Received ÷ expected counting seconds of registered sensors, over whole quarter-hours",
    "family",
    "window",
)
WATERMARK = gauge(
    "tidemark_watermark_timestamp_seconds",
    "When the newest accepted event of the partition happened, as a Unix time",
    "partition",
)
ACCEPTED = counter("tidemark_events_accepted_total", "Events accepted into the totals", "family")
DUPLICATE = counter(
    "tidemark_events_duplicate_total", "Repeated events, which are counted only once", "family"
)
LATE = counter("tidemark_events_late_total", "Accepted events that arrived later than usual", "family")
EXPIRED = counter(
    "tidemark_events_expired_total",
    "Accepted events older than the retention of some of their totals",
    "family",
)
FUTURE = counter(
    "tidemark_events_future_total", "Events refused because their time is in the future", "family"
)
DEAD = counter(
    "tidemark_dead_letters_total", "Records refused and stored as dead letters, by reason", "reason"
)
LOG_END = gauge(
    "tidemark_log_end_offset", "Offset of the next record of facts that the log will append", "partition"
)
POSITION = gauge("tidemark_ledger_position_offset", "Offset that the ledger will read next", "partition")
LAG = gauge(
    "tidemark_ledger_lag_records", "Records in the log that the totals do not contain yet", "partition"
)
DEDUP_REACH = gauge(
    "tidemark_dedup_reach_seconds",
    "Time since the arrival of the oldest event of which a duplicate would be recognised",
    "partition",
)
DEDUP_FORGOTTEN = gauge(
    "tidemark_dedup_forgotten_generations",
    "Segments of event ids dropped so far; while 0, every duplicate is recognised",
    "partition",
)
FREE_DISK = gauge("tidemark_free_disk_bytes", "Free space on the disk of the log")
REFRESH_AGE = gauge("tidemark_exporter_refresh_age_seconds", "Time since the exporter last read the totals")
FOLDED = gauge(
    "tidemark_exporter_folded_series",
    "Series beyond the label budget, added up under the label value `other`",
    "metric",
)
SERIES = gauge("tidemark_exporter_series", "Series in this response")
BUILD = gauge("tidemark_build_info", "Version of the exporter in a label; always 1", "version")
