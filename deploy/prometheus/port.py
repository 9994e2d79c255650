"""Conditions of the ports."""

from tidemark.streams.contracts.text import Text
from tidemark.streams.families.refund import REFUND_QUEUE_TIME

from .clocks import CLOCK_SAMPLE, clock_of, quantile
from .condition import Condition, Texts
from .limits import MINUTE_S, warning
from .promql import LEDGER_RUNS, enough, fresh
from .units import SECONDS

_QUEUE = clock_of(REFUND_QUEUE_TIME)

PORT_QUEUE_LONG = Condition(
    name="PortQueueLong",
    group="port",
    layer="business",
    audience="port",
    family="refund",
    dashboard="tax-refund",
    value=quantile(_QUEUE, 0.9),
    comparison=">",
    limits=warning(900),
    unit=SECONDS,
    hold_s=10 * MINUTE_S,
    guards=(
        enough(_QUEUE.samples_name, CLOCK_SAMPLE, "port, window"),
        fresh("refund"),
        LEDGER_RUNS,
    ),
    texts=Texts(
        summary=Text("口岸退税验核排队过长", "Long queue for refund verification"),
        description=Text(
            "90% 的旅客排队不超过 {value}（限 {limit}）。",
            "90 % of travellers queued up to {value} (limit {limit}).",
        ),
        action=Text(
            "通知口岸现场增开验核窗口、引导旅客分流；同时查看过境客流。",
            "Have the port open more desks and guide travellers; look at the crossings too.",
        ),
    ),
)

CONDITIONS = (PORT_QUEUE_LONG,)
