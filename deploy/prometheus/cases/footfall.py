"""Cases of places and their visitors."""

from .case import Of
from .health import STOPPED, feed

_FEED = feed("footfall", 120)
_LABELS = {"place": "mall.coco_park", "family": "footfall"}
_OCCUPANCY = Of(
    alert="OccupancyHigh",
    series={
        "inside": ('footfall_occupancy_persons{place="mall.coco_park"}', 10),
        "room": ('footfall_capacity_persons{place="mall.coco_park"}', 1_000),
        "full_in": ('footfall_full_seconds{place="mall.coco_park"}', None),
        **_FEED,
    },
    labels=_LABELS,
    minutes=5,
)
_ANOMALY = Of(
    alert="FootfallAnomaly",
    series={"score": ('footfall_anomaly_score{place="mall.coco_park"}', 0), **_FEED},
    labels=_LABELS,
    minutes=5,
)

CASES = (
    _OCCUPANCY.fires("70 %", "info", inside=700),
    _OCCUPANCY.fires("84.9 %", "info", inside=849),
    _OCCUPANCY.fires("85 %", "info warning", inside=850),
    _OCCUPANCY.fires("94.9 %", "info warning", inside=949),
    _OCCUPANCY.fires("95 %", "info warning critical", inside=950),
    _OCCUPANCY.fires("beyond its capacity", "info warning critical", inside=1_001),
    _OCCUPANCY.fires("half full, and full in 599 s", "warning", inside=500, full_in=599),
    _OCCUPANCY.below("69.9 %", inside=699),
    _OCCUPANCY.below("half full, and full in 600 s", inside=500, full_in=600),
    _OCCUPANCY.guarded("the feed is stale", inside=1_001, age=121),
    _OCCUPANCY.guarded("the ledger stands still", inside=1_001, **STOPPED),
    _ANOMALY.fires("4.1 above the usual", "info", score=4.1),
    _ANOMALY.fires("4.1 below the usual", "info", score=-4.1),
    _ANOMALY.below("4", score=4),
    _ANOMALY.guarded("the feed is stale", score=9, age=121),
    _ANOMALY.guarded("the ledger stands still", score=9, **STOPPED),
)
