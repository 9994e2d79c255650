"""Cases of the data feeds, the ledger and Tidemark's services."""

from .case import DAY_S, LEDGER, STOPPED, AlertCases, Series, build_feed

_FOOTFALL = {"family": "footfall"}
_FEED_STALE = AlertCases(alert="FeedStale", series=build_feed("footfall", 120), labels=_FOOTFALL)
_INCOMPLETE = AlertCases(
    alert="FeedIncomplete",
    series={
        "complete": ('tidemark_feed_completeness_ratio{family="footfall", window="1h"}', 1),
        "complete_today": ('tidemark_feed_completeness_ratio{family="footfall", window="1d"}', 1),
        **build_feed("footfall", 120),
    },
    labels=_FOOTFALL,
)
_LATE = AlertCases(
    alert="LateEventsHigh",
    series={
        "late": ('tidemark_events_late_total{family="refund"}', 0),
        "accepted": ('tidemark_events_accepted_total{family="refund"}', "0+100x*"),
        **LEDGER,
    },
    labels={"family": "refund"},
    minutes=120,
)
_DEAD = AlertCases(
    alert="DeadLettersGrowing",
    series={
        "dead": ('tidemark_dead_letters_total{reason="malformed"}', 0),
        "accepted": ('tidemark_events_accepted_total{family="refund"}', "0+100x*"),
        "repeated": ('tidemark_events_duplicate_total{family="refund"}', "0+100x*"),
        "refreshed": ("tidemark_exporter_refresh_age_seconds", 0.1),
        **LEDGER,
    },
    labels={"reason": "malformed"},
)

_GIB = 2**30
_MINUTELY = 5 * 2**20
"""Bytes by which the free space of the disk shrinks per minute."""
_NOTIFIER = 'job="notifier", instance="notifier:9466"'
_LEDGER_JOB = 'job="ledger", instance="ledger:9465"'
_RESTORING: Series = {"restoring": (f"tidemark_ledger_restoring_partitions{{{_LEDGER_JOB}}}", 0)}
_REFRESHED: Series = {"refreshed": ("tidemark_exporter_refresh_age_seconds", 0.1)}
_EXPORTER_UP: Series = {"up": ("up", 1)}

_LAGGING = AlertCases(alert="LedgerLagging", series={**LEDGER, **_RESTORING}, labels={})
_STALLED = AlertCases(alert="LedgerStalled", series={**LEDGER, **_RESTORING, **_REFRESHED}, labels={})
_RESTORE = AlertCases(
    alert="RestoreRunning", series={**_RESTORING, "up": (f"up{{{_LEDGER_JOB}}}", 1)}, labels={}
)
_EXPORTER_STALE = AlertCases(alert="ExporterStale", series={**_REFRESHED, **_EXPORTER_UP}, labels={})
_UNDELIVERED = AlertCases(
    alert="NotificationsUndelivered",
    series={
        "waiting": (f"tidemark_notifier_oldest_waiting_seconds{{{_NOTIFIER}}}", 0),
        "given_up": (f'tidemark_notifier_dead_letters_total{{{_NOTIFIER}, channel="duty"}}', 0),
        "up": (f"up{{{_NOTIFIER}}}", 1),
    },
    labels={},
    minutes=120,
)
_REACH = AlertCases(
    alert="DedupReachShort",
    series={
        "reach": ('tidemark_dedup_reach_seconds{partition="3"}', 9 * DAY_S),
        "forgotten": ('tidemark_dedup_forgotten_generations{partition="3"}', 1),
    },
    labels={"partition": "3"},
)
_DISK = AlertCases(
    alert="DiskSpaceLow", series={"free": ("tidemark_free_disk_bytes", 99 * _GIB)}, labels={}, minutes=60
)
_BUDGET = AlertCases(
    alert="LabelBudgetExceeded",
    series={
        "folded": ('tidemark_exporter_folded_series{metric="tidemark_retail_orders"}', 0),
        **_EXPORTER_UP,
    },
    labels={"metric": "tidemark_retail_orders"},
)
_WATCHDOG = AlertCases(alert="Watchdog", series={}, labels={})


def _build_down_cases(alert: str, job: str) -> AlertCases:
    return AlertCases(
        alert=alert,
        series={
            "first": (f'up{{job="{job}", instance="first"}}', 1),
            "second": (f'up{{job="{job}", instance="second"}}', None),
        },
        labels={},
    )


_DOWN = (
    _build_down_cases("ExporterDown", "exporter"),
    _build_down_cases("GatewayDown", "gateway"),
    _build_down_cases("NotifierDown", "notifier"),
)

CASES = (
    _FEED_STALE.fires("121 s", "warning", age=121),
    _FEED_STALE.below("120 s", age=120),
    _FEED_STALE.is_guarded("the ledger is not advancing, so every feed looks old", age=121, **STOPPED),
    _INCOMPLETE.fires("97.9 %", "warning", complete=0.979),
    _INCOMPLETE.fires("89 %", "warning critical", complete=0.89),
    _INCOMPLETE.below("98 %", complete=0.98),
    _INCOMPLETE.below("the hour is complete again, the day is not", complete_today=0.5),
    _INCOMPLETE.is_guarded("the feed is stale", complete=0.5, age=121),
    _INCOMPLETE.is_guarded("the ledger is not advancing", complete=0.5, **STOPPED),
    _LATE.fires("1.1 %", "warning", late="0+11x*", accepted="0+1000x*"),
    _LATE.below("1 %", late="0+10x*", accepted="0+1000x*"),
    _LATE.is_guarded("60 events an hour are too few", late="0+1x*", accepted="0+1x*"),
    _LATE.is_guarded("the ledger is not advancing", late="0+50x*", **STOPPED),
    _DEAD.fires("one after others long ago", "warning", dead="7+0x20 8+0x*"),
    _DEAD.fires("the first of its reason", "warning", dead="_x20 1+0x*"),
    _DEAD.fires("2 a minute beside 200 events", "warning", dead="0+2x*"),
    _DEAD.fires("22 a minute beside 2,000", "warning critical", dead="0+22x*", accepted="0+1900x*"),
    _DEAD.below("the newest is 16 minutes old", dead="7+0x13 8+0x*"),
    _DEAD.is_guarded("Prometheus has just started", dead="_x25 7+0x*", refreshed="_x25 0.1+0x*"),
    _DEAD.is_guarded("the ledger is not advancing", dead="0+3x*", **STOPPED),
    _LAGGING.fires("10,001 records", "warning", waiting=10_001),
    _LAGGING.fires("100,000 records", "warning", waiting=100_000),
    _LAGGING.fires("100,001 records", "warning critical", waiting=100_001),
    _LAGGING.below("10,000 records", waiting=10_000),
    _LAGGING.is_guarded("it is not advancing", waiting=100_001, position=10),
    _LAGGING.is_guarded("it is restoring", waiting=100_001, restoring=1),
    _STALLED.fires("one record waits and nothing advances", "critical", waiting=1, position=10),
    _STALLED.fires("it never started", "critical", waiting=1, position=None),
    _STALLED.below("nothing waits", position=10),
    _STALLED.below("it advanced 9 minutes ago", waiting=1, position="0+10x21 220+0x*"),
    _STALLED.is_guarded("it is restoring", waiting=1, position=10, restoring=1),
    _STALLED.is_guarded("the exporter does not refresh", waiting=1, position=10, refreshed=31),
    _RESTORE.fires("one partition", "info", restoring=1),
    _RESTORE.below("none"),
    _RESTORE.is_guarded("the ledger is down", restoring=1, up=0),
    _EXPORTER_STALE.fires("31 s", "warning", refreshed=31),
    _EXPORTER_STALE.fires("300 s", "warning", refreshed=300),
    _EXPORTER_STALE.fires("301 s", "warning critical", refreshed=301),
    _EXPORTER_STALE.below("30 s", refreshed=30),
    _EXPORTER_STALE.is_guarded("it is down, which is another alert", refreshed=301, up=0),
    *(each.fires("the only one is down", "critical", first=0) for each in _DOWN),
    *(each.fires("both are down", "critical", first=0, second=0) for each in _DOWN),
    *(each.below("it was down a minute ago", first="1+0x20 0 1+0x*") for each in _DOWN),
    *(each.is_guarded("another answers", first=0, second=1) for each in _DOWN),
    _UNDELIVERED.fires("601 s", "warning", waiting=601),
    _UNDELIVERED.fires("an hour", "warning", waiting=3_600),
    _UNDELIVERED.fires("an hour and a second", "warning critical", waiting=3_601),
    _UNDELIVERED.fires("one was given up", "critical", given_up="0+0x80 1+0x*"),
    _UNDELIVERED.fires("the first of a channel was given up", "critical", given_up="_x80 1+0x*"),
    _UNDELIVERED.below("600 s", waiting=600),
    _UNDELIVERED.below("one was given up over an hour ago", given_up="0+0x50 1+0x*"),
    _UNDELIVERED.is_guarded("the notifier is down, which is another alert", waiting=3_601, up=0),
    _REACH.fires("a second less than two days", "warning", reach=2 * DAY_S - 1),
    _REACH.below("two days", reach=2 * DAY_S),
    _REACH.is_guarded("no id was dropped yet", reach=600, forgotten=0),
    _DISK.fires("less than 10 GiB, and shrinking", "warning", free=f"{10 * _GIB}-{_MINUTELY}x*"),
    _DISK.fires("less than 2 GiB", "warning critical", free=2 * _GIB - 1),
    _DISK.fires("2 GiB, and shrinking", "warning", free=f"{2 * _GIB + 60 * _MINUTELY}-{_MINUTELY}x*"),
    _DISK.below("10 GiB, and shrinking", free=f"{10 * _GIB + 60 * _MINUTELY}-{_MINUTELY}x*"),
    _DISK.is_guarded("9 GiB, not shrinking for an hour", free=9 * _GIB),
    _BUDGET.fires("one series", "warning", folded=1),
    _BUDGET.below("none"),
    _BUDGET.is_guarded("the exporter is down", folded=1, up=0),
    _WATCHDOG.fires("always", "info"),
)
