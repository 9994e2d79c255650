"""Conditions of Tidemark's services: whether they answer, have room, and reach people."""

from functools import partial

from tidemark.services.exporter import pipeline_metrics as m
from tidemark.streams.contracts.text import Text

from .condition import BYTES, COUNT, DAY_S, HOUR_S, MINUTE_S, SECONDS, Condition, Judged, Severity, at
from .promql import growth

own = partial(
    Condition, group="tidemark", layer="pipeline", audience="platform", family="", dashboard="tidemark-itself"
)

EXPORTER_FRESH_S = 30
"""An exporter that has not read the totals for longer shows the past."""

UP = "and on (job, instance) (up == 1)"
"""A guard: the instance answers; that it does not is another alert."""


def _down(name: str, job: str, who: Text, effect: Text) -> Condition:
    """The last instance of a job is gone; another that answers keeps it silent."""
    return own(
        name=name,
        value=f'max(up{{job="{job}"}})',
        comparison="<",
        limits=at(critical=1),
        unit=COUNT,
        hold_s=MINUTE_S,
        summary=Text(f"{who.zh}无应答", f"The {who.en} does not answer"),
        description=Text(
            f"Prometheus 抓取不到任何 {job} 实例。{effect.zh}",
            f"Prometheus reaches no instance of {job}. {effect.en}",
        ),
        action=Text(
            f"查看 {job} 的进程和日志，重新启动。", f"Look at the process and log of {job}; start it again."
        ),
    )


EXPORTER_DOWN = _down(
    "ExporterDown",
    "exporter",
    Text("指标服务", "exporter"),
    Text("业务告警全部失明。", "No business alert can see anything."),
)

GATEWAY_DOWN = _down(
    "GatewayDown",
    "gateway",
    Text("接入网关", "gateway"),
    Text("来源的数据进不来，各来源会自行保留。", "Nothing comes in; sources hold back what they have."),
)

NOTIFIER_DOWN = _down(
    "NotifierDown", "notifier", Text("通知服务", "notifier"), Text("告警发不到人。", "Alerts reach nobody.")
)

_GIB = 2**30
_FREE = at(warning=10 * _GIB, critical=2 * _GIB)

EXPORTER_STALE = own(
    name="ExporterStale",
    value=m.REFRESH_AGE.name,
    limits=at(warning=EXPORTER_FRESH_S, critical=300),
    unit=SECONDS,
    hold_s=MINUTE_S,
    guards=(UP,),
    summary=Text("指标服务读不到新的总数", "The exporter reads no new totals"),
    description=Text(
        "最近一次读取在 {value} 之前（限 {limit}），指标停留在那时。",
        "It last read the totals {value} ago (limit {limit}); metrics are as they were then.",
    ),
    action=Text(
        "检查 exporter 与事件日志（数据库或 Kafka）的连接和日志。",
        "Check the exporter's log and its connection to the event log (database or Kafka).",
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
    summary=Text("磁盘空间不足", "Little disk space is left"),
    description=Text(
        "事件日志所在磁盘仅剩 {value}（限 {limit}），照此一周内写满。",
        "{value} are left where the event log lies (limit {limit}); it fills up within a week.",
    ),
    action=Text(
        "清理旧备份或扩容；写满后网关将拒收数据。",
        "Remove old backups or add space; once full, the gateway refuses events.",
    ),
)

LABEL_BUDGET_EXCEEDED = own(
    name="LabelBudgetExceeded",
    value=m.FOLDED.name,
    limits=at(warning=0),
    unit=COUNT,
    hold_s=10 * MINUTE_S,
    guards=(UP,),
    summary=Text("指标序列超出上限：{metric}", "Too many series: {metric}"),
    description=Text(
        "{value} 条序列被并入 other，总和不变，分项看不全。",
        "Series added up under `other`: {value}; sums stay right, parts are hidden.",
    ),
    action=Text(
        "查看是否有来源误报地点或类别；确有需要时调高标签上限。",
        "See whether a source sends wrong places or categories; raise the budget if they are right.",
    ),
)

LETTERS = "tidemark_notifier_dead_letters_total"
WAITING = "tidemark_notifier_oldest_waiting_seconds"

NOTIFICATIONS_UNDELIVERED = own(
    name="NotificationsUndelivered",
    value=WAITING,
    limits=at(warning=10 * MINUTE_S, critical=HOUR_S),
    unit=SECONDS,
    either=(Judged(value=f"sum without (channel) {growth(LETTERS, 60)}", limits=at(critical=0), unit=COUNT),),
    guards=(UP,),
    summary=Text("告警通知未送达", "Notifications are not delivered"),
    description=Text(
        "最早一条已等待 {value}（限 {limit}），或近一小时有通知多次重试后放弃。",
        "The oldest waits {value} (limit {limit}), or some were given up in the last hour.",
    ),
    action=Text(
        "检查通知渠道的地址、密钥和网络；先用电话通知值班人员。",
        "Check the channels' addresses, keys and network; meanwhile call whoever is on duty.",
    ),
)

WATCHDOG = own(
    name="Watchdog",
    value="vector(1)",
    limits=at(info=0),
    unit=COUNT,
    summary=Text("告警链路心跳", "The alerts' heartbeat"),
    description=Text(
        "本告警始终触发；一旦收不到，说明告警链路中断。",
        "This always fires; when it stops arriving, alerts reach nobody.",
    ),
    action=Text(
        "无需处理；若中断，依次检查 Prometheus、Alertmanager、notifier。",
        "Nothing; should it stop, check Prometheus, Alertmanager and the notifier in turn.",
    ),
)

CONDITIONS: tuple[Condition, ...] = (
    EXPORTER_DOWN,
    GATEWAY_DOWN,
    NOTIFIER_DOWN,
    EXPORTER_STALE,
    DISK_SPACE_LOW,
    LABEL_BUDGET_EXCEEDED,
    NOTIFICATIONS_UNDELIVERED,
    WATCHDOG,
)
