"""Conditions of visitors: whether visitors from abroad can pay, and how full places are."""

from functools import partial

from tidemark.services.exporter.formula_metrics import (
    ANOMALY,
    CAPACITY,
    FAILED_TECHNICAL,
    FAILED_TECHNICAL_BASE,
    FULL,
    OCCUPANCY,
)
from tidemark.streams.contracts.text import Text

from .condition import INDEX, MINUTE_S, SECONDS, SHARE, Condition, Judgement, Severity, at
from .promql import LEDGER_ADVANCES, require_fresh, require_samples

_FAILED = FAILED_TECHNICAL.ratio.name
_LIMITS = at(warning=0.05, critical=0.15)
_USUAL = f"{_FAILED} <= ignoring (window) group_left () (3 * {FAILED_TECHNICAL_BASE.name})"
"""Not critical while the rate is at its level of the last weeks; without a base no level is usual."""

ACCEPTANCE_FAILING = Condition(
    name="AcceptanceFailing",
    group="payment",
    layer="business",
    audience="bureau",
    family="payment",
    dashboard="inbound-payment",
    value=_FAILED,
    limits=_LIMITS,
    unit=SHARE,
    hold_s=15 * MINUTE_S,
    guards=(
        f"unless (({_USUAL}) <= {_LIMITS[Severity.CRITICAL]})",
        require_samples(FAILED_TECHNICAL.samples.name, 50, "place, scheme, window"),
        require_fresh("payment"),
        LEDGER_ADVANCES,
    ),
    summary=Text("境外支付技术故障：{scheme}", "Foreign payments are failing: {scheme}"),
    description=Text(
        "因技术原因失败的比例为 {value}（限 {limit}，且超过近 28 天均值的 3 倍）。",
        "{value} of payments failed for technical reasons (limit {limit} and 3 times the 28-day mean).",
    ),
    action=Text(
        "联系收单机构排查线路和终端，提醒商户引导顾客改用其他支付方式。",
        "Ask the acquirers to check lines and terminals; ask merchants to offer other ways to pay.",
    ),
)

_GUARDS = (require_fresh("footfall"), LEDGER_ADVANCES)

_footfall = partial(
    Condition,
    group="footfall",
    layer="business",
    audience="district",
    family="footfall",
    dashboard="footfall",
)

OCCUPANCY_HIGH = _footfall(
    name="OccupancyHigh",
    value=f"{OCCUPANCY.name} / {CAPACITY.name}",
    comparison=">=",
    limits=at(info=0.7, warning=0.85, critical=0.95),
    unit=SHARE,
    either=(Judgement(value=FULL.name, comparison="<", limits=at(warning=600), unit=SECONDS),),
    hold_s=MINUTE_S,
    guards=_GUARDS,
    summary=Text("客流接近承载上限", "A place is close to capacity"),
    description=Text(
        "在场人数达到承载量的 {value}（限 {limit}），或按近一小时增速将在 10 分钟内满员。",
        "{value} of the capacity is in use (limit {limit}), or the place will be full within 10 minutes.",
    ),
    action=Text(
        "启动限流和分流预案，通知现场安保；达到 100% 时停止进入。",
        "Start limiting and redirecting visitors and inform security; admit nobody at 100 %.",
    ),
)

FOOTFALL_ANOMALY = _footfall(
    name="FootfallAnomaly",
    value=f"abs({ANOMALY.name})",
    limits=at(info=4),
    unit=INDEX,
    hold_s=MINUTE_S,
    guards=_GUARDS,
    summary=Text("客流异常", "Unusual footfall"),
    description=Text(
        "最近一刻钟客流与往常同一时段相差 {value} 个稳健标准差（限 {limit}），可能偏高或偏低。",
        "The last quarter-hour is {value} robust standard deviations above or below the usual "
        "(limit {limit}).",
    ),
    action=Text(
        "核实是否有活动、天气或交通原因；没有的，检查该处传感器。",
        "Look for an event, weather or traffic that explains it; otherwise check the sensors there.",
    ),
)

CONDITIONS = (ACCEPTANCE_FAILING, OCCUPANCY_HIGH, FOOTFALL_ANOMALY)
