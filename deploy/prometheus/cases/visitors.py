"""Cases of visitors: payments and occupancy."""

from .case import STOPPED, AlertCases, build_feed

_SERIES = 'place="mall.coco_park", scheme="visa"'
_ACCEPTANCE = AlertCases(
    alert="AcceptanceFailing",
    series={
        "failed": (f'tidemark_payment_inbound_failed_technical_ratio{{{_SERIES}, window="15m"}}', 0),
        "n": (f'tidemark_payment_inbound_failed_technical_samples{{{_SERIES}, window="15m"}}', 50),
        "usual": (f"tidemark_payment_inbound_failed_technical_base_ratio{{{_SERIES}}}", 0.01),
        **build_feed("payment", 600),
    },
    labels={"place": "mall.coco_park", "scheme": "visa", "family": "payment"},
)


_FEED = build_feed("footfall", 120)
_LABELS = {"place": "mall.coco_park", "family": "footfall"}
_OCCUPANCY = AlertCases(
    alert="OccupancyHigh",
    series={
        "inside": ('tidemark_footfall_occupancy_persons{place="mall.coco_park"}', 10),
        "room": ('tidemark_footfall_capacity_persons{place="mall.coco_park"}', 1_000),
        "full_in": ('tidemark_footfall_full_seconds{place="mall.coco_park"}', None),
        **_FEED,
    },
    labels=_LABELS,
    minutes=5,
)
_ANOMALY = AlertCases(
    alert="FootfallAnomaly",
    series={"score": ('tidemark_footfall_anomaly_score{place="mall.coco_park"}', 0), **_FEED},
    labels=_LABELS,
    minutes=5,
)

CASES = (
    _ACCEPTANCE.fires("5.1 %", "warning", failed=0.051),
    _ACCEPTANCE.fires("5.1 %, no base", "warning", failed=0.051, usual=None),
    _ACCEPTANCE.fires("15 %", "warning", failed=0.15),
    _ACCEPTANCE.fires("15.1 %", "warning critical", failed=0.151),
    _ACCEPTANCE.fires("15.1 %, however usual", "warning critical", failed=0.151, usual=0.1),
    _ACCEPTANCE.below("5 %", failed=0.05),
    _ACCEPTANCE.below("5.1 %, but for the last 14 minutes only", failed="0+0x15 0.051+0x*"),
    _ACCEPTANCE.is_guarded("15 %, usually 5 %", failed=0.15, usual=0.05),
    _ACCEPTANCE.is_guarded("49 attempts are too few", failed=0.5, n=49),
    _ACCEPTANCE.is_guarded("the feed is stale", failed=0.5, age=601),
    _ACCEPTANCE.is_guarded("the ledger is not advancing", failed=0.5, **STOPPED),
    _OCCUPANCY.fires("70 %", "info", inside=700),
    _OCCUPANCY.fires("84.9 %", "info", inside=849),
    _OCCUPANCY.fires("85 %", "info warning", inside=850),
    _OCCUPANCY.fires("94.9 %", "info warning", inside=949),
    _OCCUPANCY.fires("95 %", "info warning critical", inside=950),
    _OCCUPANCY.fires("beyond its capacity", "info warning critical", inside=1_001),
    _OCCUPANCY.fires("half full, and full in 599 s", "warning", inside=500, full_in=599),
    _OCCUPANCY.below("69.9 %", inside=699),
    _OCCUPANCY.below("half full, and full in 600 s", inside=500, full_in=600),
    _OCCUPANCY.is_guarded("the feed is stale", inside=1_001, age=121),
    _OCCUPANCY.is_guarded("the ledger is not advancing", inside=1_001, **STOPPED),
    _ANOMALY.fires("4.1 above the usual", "info", score=4.1),
    _ANOMALY.fires("4.1 below the usual", "info", score=-4.1),
    _ANOMALY.below("4", score=4),
    _ANOMALY.is_guarded("the feed is stale", score=9, age=121),
    _ANOMALY.is_guarded("the ledger is not advancing", score=9, **STOPPED),
)
