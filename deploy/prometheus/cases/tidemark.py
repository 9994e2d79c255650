"""Cases of Tidemark itself."""

from .case import DAY_S, LEDGER, Of, Series

_GIB = 2**30
_MINUTELY = 5 * 2**20
"""What a disk loses in a minute, in bytes."""
_NOTIFIER = 'job="notifier", instance="notifier:9466"'
_LEDGER_JOB = 'job="ledger", instance="ledger:9465"'
_RESTORING: Series = {"restoring": (f"ledger_restoring_partitions{{{_LEDGER_JOB}}}", 0)}
_REFRESHED: Series = {"refreshed": ("exporter_refresh_age_seconds", 0.1)}
_EXPORTER_UP: Series = {"up": ("up", 1)}

_LAGGING = Of(alert="LedgerLagging", series={**LEDGER, **_RESTORING}, labels={})
_STALLED = Of(alert="LedgerStalled", series={**LEDGER, **_RESTORING, **_REFRESHED}, labels={})
_RESTORE = Of(alert="RestoreRunning", series={**_RESTORING, "up": (f"up{{{_LEDGER_JOB}}}", 1)}, labels={})
_STALE = Of(alert="ExporterStale", series={**_REFRESHED, **_EXPORTER_UP}, labels={})
_UNDELIVERED = Of(
    alert="NotificationsUndelivered",
    series={
        "waiting": (f"notifier_oldest_waiting_seconds{{{_NOTIFIER}}}", 0),
        "given_up": (f'notifier_dead_letters_total{{{_NOTIFIER}, channel="duty"}}', 0),
        "up": (f"up{{{_NOTIFIER}}}", 1),
    },
    labels={},
    minutes=120,
)
_REACH = Of(
    alert="DedupReachShort",
    series={
        "reach": ('dedup_reach_seconds{partition="3"}', 9 * DAY_S),
        "forgotten": ('dedup_forgotten_generations{partition="3"}', 1),
    },
    labels={"partition": "3"},
)
_DISK = Of(alert="DiskSpaceLow", series={"free": ("free_disk_bytes", 99 * _GIB)}, labels={}, minutes=60)
_BUDGET = Of(
    alert="LabelBudgetExceeded",
    series={"folded": ('exporter_folded_series{metric="tidemark_retail_orders"}', 0), **_EXPORTER_UP},
    labels={"metric": "tidemark_retail_orders"},
)
_WATCHDOG = Of(alert="Watchdog", series={}, labels={})


def _down(alert: str, job: str) -> Of:
    return Of(
        alert=alert,
        series={
            "one": (f'up{{job="{job}", instance="one"}}', 1),
            "other": (f'up{{job="{job}", instance="other"}}', None),
        },
        labels={},
    )


_DOWN = (
    _down("ExporterDown", "exporter"),
    _down("GatewayDown", "gateway"),
    _down("NotifierDown", "notifier"),
)

CASES = (
    _LAGGING.fires("10,001 records", "warning", waiting=10_001),
    _LAGGING.fires("100,000 records", "warning", waiting=100_000),
    _LAGGING.fires("100,001 records", "warning critical", waiting=100_001),
    _LAGGING.below("10,000 records", waiting=10_000),
    _LAGGING.guarded("it stands still", waiting=100_001, position=10),
    _LAGGING.guarded("it is restoring", waiting=100_001, restoring=1),
    _STALLED.fires("one record waits and nothing moves", "critical", waiting=1, position=10),
    _STALLED.fires("it never began", "critical", waiting=1, position=None),
    _STALLED.below("nothing waits", position=10),
    _STALLED.below("it moved 9 minutes ago", waiting=1, position="0+10x21 220+0x*"),
    _STALLED.guarded("it is restoring", waiting=1, position=10, restoring=1),
    _STALLED.guarded("the exporter does not look", waiting=1, position=10, refreshed=31),
    _RESTORE.fires("one partition", "info", restoring=1),
    _RESTORE.below("none"),
    _RESTORE.guarded("the ledger is gone", restoring=1, up=0),
    _STALE.fires("31 s", "warning", refreshed=31),
    _STALE.fires("300 s", "warning", refreshed=300),
    _STALE.fires("301 s", "warning critical", refreshed=301),
    _STALE.below("30 s", refreshed=30),
    _STALE.guarded("it is down, which is another alert", refreshed=301, up=0),
    *(each.fires("the only one is down", "critical", one=0) for each in _DOWN),
    *(each.fires("both are down", "critical", one=0, other=0) for each in _DOWN),
    *(each.below("it was down a minute ago", one="1+0x20 0 1+0x*") for each in _DOWN),
    *(each.guarded("another answers", one=0, other=1) for each in _DOWN),
    _UNDELIVERED.fires("601 s", "warning", waiting=601),
    _UNDELIVERED.fires("an hour", "warning", waiting=3_600),
    _UNDELIVERED.fires("an hour and a second", "warning critical", waiting=3_601),
    _UNDELIVERED.fires("one was given up", "critical", given_up="0+0x80 1+0x*"),
    _UNDELIVERED.fires("the first of a channel was given up", "critical", given_up="_x80 1+0x*"),
    _UNDELIVERED.below("600 s", waiting=600),
    _UNDELIVERED.below("one was given up over an hour ago", given_up="0+0x50 1+0x*"),
    _UNDELIVERED.guarded("the notifier is down, which is another alert", waiting=3_601, up=0),
    _REACH.fires("a second less than two days", "warning", reach=2 * DAY_S - 1),
    _REACH.below("two days", reach=2 * DAY_S),
    _REACH.guarded("nothing was forgotten yet", reach=600, forgotten=0),
    _DISK.fires("less than 10 GiB, and shrinking", "warning", free=f"{10 * _GIB}-{_MINUTELY}x*"),
    _DISK.fires("less than 2 GiB", "warning critical", free=2 * _GIB - 1),
    _DISK.fires("2 GiB, and shrinking", "warning", free=f"{2 * _GIB + 60 * _MINUTELY}-{_MINUTELY}x*"),
    _DISK.below("10 GiB, and shrinking", free=f"{10 * _GIB + 60 * _MINUTELY}-{_MINUTELY}x*"),
    _DISK.guarded("9 GiB, and no less for an hour", free=9 * _GIB),
    _BUDGET.fires("one series", "warning", folded=1),
    _BUDGET.below("none"),
    _BUDGET.guarded("the exporter is down", folded=1, up=0),
    _WATCHDOG.fires("always", "info"),
)
