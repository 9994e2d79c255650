"""The exporter's metrics that are not totals: the pipeline's state and what records say, once each."""

from dataclasses import dataclass
from typing import Literal


@dataclass(frozen=True)
class PlainMetric:
    """A metric that is filled by hand: the pipeline's state, and what records say."""

    name: str
    kind: Literal["gauge", "counter"]
    labels: tuple[str, ...]
    help: str


def gauge(name: str, meaning: str, *labels: str) -> PlainMetric:
    """A number that goes up and down, by its labels."""
    return PlainMetric(name, "gauge", labels, meaning)


def counter(name: str, meaning: str, *labels: str) -> PlainMetric:
    """A number that only grows, by its labels."""
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
    "How long ago the newest accepted event of the family happened",
    "family",
)
AGE_LIMIT = gauge(
    "tidemark_feed_age_limit_seconds",
    "The age of the newest event above which the family's feed is stale",
    "family",
)
COMPLETENESS = gauge(
    "tidemark_feed_completeness_ratio",
    "Received ÷ expected seconds of counting by registered sensors, over whole quarter-hours",
    "family",
    "window",
)
WATERMARK = gauge(
    "tidemark_watermark_timestamp_seconds",
    "When the newest accepted event of the partition happened, as a Unix time",
    "partition",
)
ACCEPTED = counter("tidemark_events_accepted_total", "Events accepted into the totals", "family")
DUPLICATE = counter("tidemark_events_duplicate_total", "Events seen before and counted once only", "family")
LATE = counter("tidemark_events_late_total", "Accepted events that came later than usual", "family")
EXPIRED = counter(
    "tidemark_events_expired_total", "Accepted events too old for some of the totals they belong to", "family"
)
FUTURE = counter(
    "tidemark_events_future_total", "Events refused because they claim to be in the future", "family"
)
DEAD = counter("tidemark_dead_letters_total", "Records refused and kept as dead letters, by reason", "reason")
LOG_END = gauge("tidemark_log_end_offset", "Offset the log's next record of facts will get", "partition")
POSITION = gauge("tidemark_ledger_position_offset", "Offset the ledger will read next", "partition")
LAG = gauge("tidemark_ledger_lag_records", "Records in the log that no total contains yet", "partition")
DEDUP_REACH = gauge(
    "tidemark_dedup_reach_seconds",
    "How long ago the oldest event arrived whose duplicate would be recognised",
    "partition",
)
DEDUP_FORGOTTEN = gauge(
    "tidemark_dedup_forgotten_generations",
    "Generations of event ids forgotten so far; while 0, every duplicate is recognised",
    "partition",
)
FREE_DISK = gauge("tidemark_free_disk_bytes", "Free space where the log lies")
REFRESH_AGE = gauge("tidemark_exporter_refresh_age_seconds", "How long ago the exporter last read the totals")
FOLDED = gauge(
    "tidemark_exporter_folded_series",
    "Series over the label budget that were added up under the label value `other`",
    "metric",
)
SERIES = gauge("tidemark_exporter_series", "Series in this answer")
BUILD = gauge("tidemark_build_info", "The version of Tidemark that answers; always 1", "version")
