"""Cases of the data feeds."""

from .case import LEDGER, STOPPED, Of, feed

_FOOTFALL = {"family": "footfall"}
_STALE = Of(alert="FeedStale", series=feed("footfall", 120), labels=_FOOTFALL)
_INCOMPLETE = Of(
    alert="FeedIncomplete",
    series={
        "complete": ('feed_completeness_ratio{family="footfall", window="1h"}', 1),
        "complete_today": ('feed_completeness_ratio{family="footfall", window="1d"}', 1),
        **feed("footfall", 120),
    },
    labels=_FOOTFALL,
)
_LATE = Of(
    alert="LateEventsHigh",
    series={
        "late": ('events_late_total{family="refund"}', 0),
        "accepted": ('events_accepted_total{family="refund"}', "0+100x*"),
        **LEDGER,
    },
    labels={"family": "refund"},
    minutes=120,
)
_DEAD = Of(
    alert="DeadLettersGrowing",
    series={
        "dead": ('dead_letters_total{reason="malformed"}', 0),
        "accepted": ('events_accepted_total{family="refund"}', "0+100x*"),
        "repeated": ('events_duplicate_total{family="refund"}', "0+100x*"),
        "refreshed": ("exporter_refresh_age_seconds", 0.1),
        **LEDGER,
    },
    labels={"reason": "malformed"},
)

CASES = (
    _STALE.fires("121 s", "warning", age=121),
    _STALE.below("120 s", age=120),
    _STALE.guarded("the ledger stands still, so every feed looks old", age=121, **STOPPED),
    _INCOMPLETE.fires("97.9 %", "warning", complete=0.979),
    _INCOMPLETE.fires("89 %", "warning critical", complete=0.89),
    _INCOMPLETE.below("98 %", complete=0.98),
    _INCOMPLETE.below("the hour is whole again, the day is not", complete_today=0.5),
    _INCOMPLETE.guarded("the feed is stale", complete=0.5, age=121),
    _INCOMPLETE.guarded("the ledger stands still", complete=0.5, **STOPPED),
    _LATE.fires("1.1 %", "warning", late="0+11x*", accepted="0+1000x*"),
    _LATE.below("1 %", late="0+10x*", accepted="0+1000x*"),
    _LATE.guarded("60 events an hour say nothing", late="0+1x*", accepted="0+1x*"),
    _LATE.guarded("the ledger stands still", late="0+50x*", **STOPPED),
    _DEAD.fires("one after others long ago", "warning", dead="7+0x20 8+0x*"),
    _DEAD.fires("the first of its reason", "warning", dead="_x20 1+0x*"),
    _DEAD.fires("2 a minute beside 200 events", "warning", dead="0+2x*"),
    _DEAD.fires("22 a minute beside 2,000", "warning critical", dead="0+22x*", accepted="0+1900x*"),
    _DEAD.below("the newest is 16 minutes old", dead="7+0x13 8+0x*"),
    _DEAD.guarded("Prometheus has only begun to look", dead="_x25 7+0x*", refreshed="_x25 0.1+0x*"),
    _DEAD.guarded("the ledger stands still", dead="0+3x*", **STOPPED),
)
