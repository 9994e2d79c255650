"""The exporter's metrics that are not totals: the pipeline's state and what records say, once each."""

from dataclasses import dataclass
from typing import Literal


@dataclass(frozen=True)
class Plain:
    """A metric that is filled by hand: the pipeline's state, and what records say."""

    name: str
    kind: Literal["gauge", "counter"]
    labels: tuple[str, ...]
    help: str


REGISTRY = Plain(
    "tidemark_registry_entities",
    "gauge",
    ("entity_class", "status"),
    "Registered shops, spaces, firms, merchants and sensors by status as of today; "
    "refund shops are entity_class refund_shop",
)
ACTIVITIES = Plain(
    "tidemark_activities", "gauge", ("category", "status"), "Debuts, shows, matches and conferences by status"
)
NEWEST_EVENT = Plain(
    "tidemark_newest_event_timestamp_seconds",
    "gauge",
    ("family",),
    "When the newest accepted event of the family happened, as a Unix time",
)
NEWEST_EVENT_AGE = Plain(
    "tidemark_newest_event_age_seconds",
    "gauge",
    ("family",),
    "How long ago the newest accepted event of the family happened",
)
AGE_LIMIT = Plain(
    "tidemark_feed_age_limit_seconds",
    "gauge",
    ("family",),
    "The age of the newest event above which the family's feed is stale",
)
COMPLETENESS = Plain(
    "tidemark_feed_completeness_ratio",
    "gauge",
    ("family", "window"),
    "Received ÷ expected seconds of counting by registered sensors, over whole quarter-hours",
)
WATERMARK = Plain(
    "tidemark_watermark_timestamp_seconds",
    "gauge",
    ("partition",),
    "When the newest accepted event of the partition happened, as a Unix time",
)
ACCEPTED = Plain("tidemark_events_accepted_total", "counter", ("family",), "Events accepted into the totals")
DUPLICATE = Plain(
    "tidemark_events_duplicate_total", "counter", ("family",), "Events seen before and counted once only"
)
LATE = Plain(
    "tidemark_events_late_total", "counter", ("family",), "Accepted events that came later than usual"
)
EXPIRED = Plain(
    "tidemark_events_expired_total",
    "counter",
    ("family",),
    "Accepted events too old for some of the totals they belong to",
)
FUTURE = Plain(
    "tidemark_events_future_total",
    "counter",
    ("family",),
    "Events refused because they claim to be in the future",
)
DEAD = Plain(
    "tidemark_dead_letters_total",
    "counter",
    ("reason",),
    "Records refused and kept as dead letters, by reason",
)
LOG_END = Plain(
    "tidemark_log_end_offset", "gauge", ("partition",), "Offset the log's next record of facts will get"
)
POSITION = Plain(
    "tidemark_ledger_position_offset", "gauge", ("partition",), "Offset the ledger will read next"
)
LAG = Plain(
    "tidemark_ledger_lag_records", "gauge", ("partition",), "Records in the log that no total contains yet"
)
DEDUP_REACH = Plain(
    "tidemark_dedup_reach_seconds",
    "gauge",
    ("partition",),
    "How long ago the oldest event arrived whose duplicate would be recognised",
)
DEDUP_FORGOTTEN = Plain(
    "tidemark_dedup_forgotten_generations",
    "gauge",
    ("partition",),
    "Generations of event ids forgotten so far; while 0, every duplicate is recognised",
)
FREE_DISK = Plain("tidemark_free_disk_bytes", "gauge", (), "Free space where the log lies")
REFRESH_AGE = Plain(
    "tidemark_exporter_refresh_age_seconds", "gauge", (), "How long ago the exporter last read the totals"
)
FOLDED = Plain(
    "tidemark_exporter_folded_series",
    "gauge",
    ("metric",),
    "Series over the label budget that were added up under the label value `other`",
)
SERIES = Plain("tidemark_exporter_series", "gauge", (), "Series in this answer")
BUILD = Plain("tidemark_build_info", "gauge", ("version",), "The version of Tidemark that answers; always 1")

PLAIN: tuple[Plain, ...] = (
    REGISTRY,
    ACTIVITIES,
    NEWEST_EVENT,
    NEWEST_EVENT_AGE,
    AGE_LIMIT,
    COMPLETENESS,
    WATERMARK,
    ACCEPTED,
    DUPLICATE,
    LATE,
    EXPIRED,
    FUTURE,
    DEAD,
    LOG_END,
    POSITION,
    LAG,
    DEDUP_REACH,
    DEDUP_FORGOTTEN,
    FREE_DISK,
    REFRESH_AGE,
    FOLDED,
    SERIES,
    BUILD,
)
