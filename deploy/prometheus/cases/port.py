"""Cases of the ports."""

from .case import Of
from .health import STOPPED, feed

_OF = 'port="port.huanggang", window="1h"'
_QUEUE = Of(
    alert="PortQueueLong",
    series={
        "queued": (f'refund_queue_time_seconds{{{_OF}, quantile="0.9"}}', 60),
        "n": (f"refund_queue_time_samples{{{_OF}}}", 60),
        **feed("refund", 900),
    },
    labels={"port": "port.huanggang", "family": "refund"},
)

CASES = (
    _QUEUE.fires("901 s", "warning", queued=901),
    _QUEUE.below("900 s", queued=900),
    _QUEUE.below("901 s, but for the last 9 minutes only", queued="60+0x20 901+0x*"),
    _QUEUE.guarded("59 travellers say nothing", queued=901, n=59),
    _QUEUE.guarded("the feed is stale", queued=901, age=901),
    _QUEUE.guarded("the ledger stands still", queued=901, **STOPPED),
)
