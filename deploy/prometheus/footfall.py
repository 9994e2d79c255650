"""Conditions of places and their visitors."""

from tidemark.services.exporter.formula_metrics import ANOMALY, CAPACITY, FULL, OCCUPANCY
from tidemark.streams.contracts.text import Text

from .condition import Condition, Judged, Severity, Texts
from .limits import MINUTE_S, info, warning
from .promql import LEDGER_RUNS, fresh
from .units import INDEX, SECONDS, SHARE

_GUARDS = (fresh("footfall"), LEDGER_RUNS)

OCCUPANCY_HIGH = Condition(
    name="OccupancyHigh",
    group="footfall",
    layer="business",
    audience="district",
    family="footfall",
    dashboard="footfall",
    value=f"{OCCUPANCY.name} / {CAPACITY.name}",
    comparison=">=",
    limits={Severity.INFO: 0.7, Severity.WARNING: 0.85, Severity.CRITICAL: 0.95},
    unit=SHARE,
    either=(Judged(value=FULL.name, comparison="<", limits=warning(600), unit=SECONDS),),
    hold_s=MINUTE_S,
    guards=_GUARDS,
    texts=Texts(
        summary=Text("客流接近承载上限", "A place is filling up"),
        description=Text(
            "在场人数达到承载量的 {value}（限 {limit}），或按近一小时增速 10 分钟内将满。",
            "{value} of the capacity is taken (limit {limit}), or it will be full within 10 minutes.",
        ),
        action=Text(
            "启动限流和分流预案，通知现场安保；达到 100% 时停止进入。",
            "Start limiting and guiding visitors, tell security; let nobody in at 100 %.",
        ),
    ),
)

FOOTFALL_ANOMALY = Condition(
    name="FootfallAnomaly",
    group="footfall",
    layer="business",
    audience="district",
    family="footfall",
    dashboard="footfall",
    value=f"abs({ANOMALY.name})",
    comparison=">",
    limits=info(4),
    unit=INDEX,
    hold_s=MINUTE_S,
    guards=_GUARDS,
    texts=Texts(
        summary=Text("客流异常", "Unusual footfall"),
        description=Text(
            "最近一刻钟客流与往常同一时段相差 {value} 个稳健标准差（限 {limit}），可能偏高或偏低。",
            "The last quarter-hour is {value} robust deviations from the usual (limit {limit}), up or down.",
        ),
        action=Text(
            "核对是否有活动、天气或交通原因；没有则检查该处传感器。",
            "Look for an event, weather or traffic that explains it; otherwise check the sensors there.",
        ),
    ),
)

CONDITIONS = (OCCUPANCY_HIGH, FOOTFALL_ANOMALY)
