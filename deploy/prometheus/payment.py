"""Conditions of inbound payment."""

from tidemark.services.exporter.formula_metrics import FAILED_TECHNICAL, FAILED_TECHNICAL_BASE
from tidemark.streams.contracts.text import Text

from .condition import Condition, Severity, Texts
from .limits import MINUTE_S, both
from .promql import LEDGER_RUNS, enough, fresh
from .units import SHARE

_FAILED = FAILED_TECHNICAL.ratio.name
_LIMITS = both(0.05, 0.15)
_USUAL = f"{_FAILED} <= ignoring (window) group_left () (3 * {FAILED_TECHNICAL_BASE.name})"
"""Not critical as long as it is what it has been for weeks; without a base nothing is usual."""

ACCEPTANCE_FAILING = Condition(
    name="AcceptanceFailing",
    group="payment",
    layer="business",
    audience="bureau",
    family="payment",
    dashboard="inbound-payment",
    value=_FAILED,
    comparison=">",
    limits=_LIMITS,
    unit=SHARE,
    hold_s=15 * MINUTE_S,
    guards=(
        f"unless (({_USUAL}) <= {_LIMITS[Severity.CRITICAL]})",
        enough(FAILED_TECHNICAL.samples.name, 50, "place, scheme, window"),
        fresh("payment"),
        LEDGER_RUNS,
    ),
    texts=Texts(
        summary=Text("境外支付技术故障：{scheme}", "Foreign payments fail: {scheme}"),
        description=Text(
            "因技术原因失败的比例为 {value}（限 {limit}，且超过近 28 天均值的 3 倍）。",
            "{value} failed for technical reasons (limit {limit} and 3 × the 28-day mean).",
        ),
        action=Text(
            "联系收单机构排查线路和终端，提醒商户引导顾客改用其他支付方式。",
            "Have the acquirers check lines and terminals; tell merchants to offer another way to pay.",
        ),
    ),
)

CONDITIONS = (ACCEPTANCE_FAILING,)
