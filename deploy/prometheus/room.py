"""Conditions of the exporter and of the room that it and the log have."""

from tidemark.services.exporter import pipeline_metrics as m
from tidemark.streams.contracts.text import Text

from .condition import Condition, Severity, Texts
from .limits import DAY_S, MINUTE_S, both, warning
from .own import EXPORTER_FRESH_S, UP, own
from .units import BYTES, COUNT, SECONDS

_GIB = 2**30
_FREE = both(10 * _GIB, 2 * _GIB)

EXPORTER_STALE = own(
    name="ExporterStale",
    value=m.REFRESH_AGE.name,
    comparison=">",
    limits=both(EXPORTER_FRESH_S, 300),
    unit=SECONDS,
    hold_s=MINUTE_S,
    guards=(UP,),
    texts=Texts(
        summary=Text("指标服务读不到新的总数", "The exporter reads no new totals"),
        description=Text(
            "最近一次读取在 {value} 之前（限 {limit}），指标停留在那时。",
            "It last read the totals {value} ago (limit {limit}); metrics are as they were then.",
        ),
        action=Text(
            "检查 exporter 与事件日志（数据库或 Kafka）的连接和日志。",
            "Check the exporter's log and its connection to the event log (database or Kafka).",
        ),
    ),
)


DISK_SPACE_LOW = own(
    name="DiskSpaceLow",
    value=m.FREE_DISK.name,
    comparison="<",
    limits=_FREE,
    unit=BYTES,
    hold_s=5 * MINUTE_S,
    guards=(
        f"and (predict_linear({m.FREE_DISK.name}[6h], {7 * DAY_S}) < 0 "
        f"or {m.FREE_DISK.name} < {_FREE[Severity.CRITICAL]})",
    ),
    texts=Texts(
        summary=Text("磁盘空间不足", "Little disk space is left"),
        description=Text(
            "事件日志所在磁盘仅剩 {value}（限 {limit}），照此一周内写满。",
            "{value} are left where the event log lies (limit {limit}); it fills up within a week.",
        ),
        action=Text(
            "清理旧备份或扩容；写满后网关将拒收数据。",
            "Remove old backups or add space; once full, the gateway refuses events.",
        ),
    ),
)


LABEL_BUDGET_EXCEEDED = own(
    name="LabelBudgetExceeded",
    value=m.FOLDED.name,
    comparison=">",
    limits=warning(0),
    unit=COUNT,
    hold_s=10 * MINUTE_S,
    guards=(UP,),
    texts=Texts(
        summary=Text("指标序列超出上限：{metric}", "Too many series: {metric}"),
        description=Text(
            "{value} 条序列被并入 other，总和不变，分项看不全。",
            "Series added up under `other`: {value}; sums stay right, parts are hidden.",
        ),
        action=Text(
            "查看是否有来源误报地点或类别；确有需要时调高标签上限。",
            "See whether a source sends wrong places or categories; raise the budget if they are right.",
        ),
    ),
)


CONDITIONS: tuple[Condition, ...] = (
    EXPORTER_STALE,
    DISK_SPACE_LOW,
    LABEL_BUDGET_EXCEEDED,
)
