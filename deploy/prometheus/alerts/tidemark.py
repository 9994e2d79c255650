"""Conditions of Tidemark's services: whether they answer, have room, and reach people."""

from functools import partial

from tidemark.services.exporter import pipeline_metrics as m
from tidemark.streams.contracts.text import Text

from .condition import BYTES, COUNT, DAY_S, HOUR_S, MINUTE_S, SECONDS, Condition, Judgement, Severity, at
from .promql import build_growth

tidemark_condition = partial(
    Condition, group="tidemark", layer="pipeline", audience="platform", family="", dashboard="tidemark-itself"
)

EXPORTER_FRESH_S = 30
"""An exporter that has not read the totals for longer shows outdated numbers."""

UP = "and on (job, instance) (up == 1)"
"""A guard: the instance answers; when it does not, another alert fires."""


def _build_down(name: str, job: str, who: Text, effect: Text) -> Condition:
    """No instance of a job answers; a single one that answers keeps the alert silent."""
    return tidemark_condition(
        name=name,
        value=f'max(up{{job="{job}"}})',
        comparison="<",
        limits=at(critical=1),
        unit=COUNT,
        hold_s=MINUTE_S,
        summary=Text(f"{who.zh}无应答", f"The {who.en} does not answer"),
        description=Text(
            f"Prometheus 抓取不到任何 {job} 实例。{effect.zh}",
            f"Prometheus cannot scrape any instance of {job}. {effect.en}",
        ),
        action=Text(f"查看 {job} 进程和日志，重新启动。", f"Check the process and log of {job}; restart it."),
    )


EXPORTER_DOWN = _build_down(
    "ExporterDown",
    "exporter",
    Text("指标服务", "exporter"),
    Text("业务告警全部失效。", "No business alert can fire."),
)

GATEWAY_DOWN = _build_down(
    "GatewayDown",
    "gateway",
    Text("接入网关", "gateway"),
    Text("无法接收数据，由各报送单位自行保留。", "No events are received; senders keep them and retry."),
)

NOTIFIER_DOWN = _build_down(
    "NotifierDown",
    "notifier",
    Text("通知服务", "notifier"),
    Text("告警无法送达。", "Alerts are not delivered."),
)

_GIB = 2**30
_FREE = at(warning=10 * _GIB, critical=2 * _GIB)

EXPORTER_STALE = tidemark_condition(
    name="ExporterStale",
    value=m.REFRESH_AGE.name,
    limits=at(warning=EXPORTER_FRESH_S, critical=300),
    unit=SECONDS,
    hold_s=MINUTE_S,
    guards=(UP,),
    summary=Text("指标服务读不到新的汇总数", "The exporter does not read new totals"),
    description=Text(
        "最近一次读取在 {value}前（限 {limit}），指标停留在当时。",
        "It last read the totals {value} ago (limit {limit}); its metrics are out of date.",
    ),
    action=Text(
        "查看 exporter 的日志，检查其与事件日志（数据库或 Kafka）的连接。",
        "Check the exporter's log and its connection to the event log (database or Kafka).",
    ),
)

DISK_SPACE_LOW = tidemark_condition(
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
    summary=Text("磁盘空间不足", "Disk space is low"),
    description=Text(
        "事件日志所在磁盘仅剩 {value}（限 {limit}）；按目前趋势一周内将写满，或已不足 2 GiB。",
        "{value} left on the disk of the event log (limit {limit}); "
        "it will be full within a week at this rate, or is below 2 GiB already.",
    ),
    action=Text(
        "清理旧备份或扩容；写满后接入网关将拒收数据。",
        "Remove old backups or add space. Once the disk is full, the gateway refuses events.",
    ),
)

LABEL_BUDGET_EXCEEDED = tidemark_condition(
    name="LabelBudgetExceeded",
    value=m.FOLDED.name,
    limits=at(warning=0),
    unit=COUNT,
    hold_s=10 * MINUTE_S,
    guards=(UP,),
    summary=Text("指标序列超出上限：{metric}", "Too many series: {metric}"),
    description=Text(
        "并入 other 的序列 {value} 条；总和不变，分项不全。",
        "Series merged into other: {value}. Sums are correct, but the breakdown is incomplete.",
    ),
    action=Text(
        "核查是否有报送单位误报地点或类别；确有需要的，调高序列上限。",
        "Check whether a source sends wrong places or categories. If they are right, raise the budget.",
    ),
)

LETTERS = "tidemark_notifier_dead_letters_total"
WAITING = "tidemark_notifier_oldest_waiting_seconds"

NOTIFICATIONS_UNDELIVERED = tidemark_condition(
    name="NotificationsUndelivered",
    value=WAITING,
    limits=at(warning=10 * MINUTE_S, critical=HOUR_S),
    unit=SECONDS,
    either=(
        Judgement(
            value=f"sum without (channel) {build_growth(LETTERS, 60)}", limits=at(critical=0), unit=COUNT
        ),
    ),
    guards=(UP,),
    summary=Text("告警通知未送达", "Notifications are not being delivered"),
    description=Text(
        "最早一条已等待 {value}（限 {limit}），或近一小时有通知在多次重试后放弃。",
        "The oldest has been waiting for {value} (limit {limit}), or some were given up in the last hour.",
    ),
    action=Text(
        "检查通知渠道的地址、密钥和网络；修复之前电话通知值班人员。",
        "Check the channels' addresses, keys and network. Until then, call the people on duty.",
    ),
)

WATCHDOG = tidemark_condition(
    name="Watchdog",
    value="vector(1)",
    limits=at(info=0),
    unit=COUNT,
    summary=Text("告警链路心跳", "Heartbeat of the alert chain"),
    description=Text(
        "本告警始终触发；一旦收不到，说明告警链路中断。",
        "This alert always fires. If it stops arriving, alerts are not being delivered.",
    ),
    action=Text(
        "无需处理；收不到时，依次检查 Prometheus、Alertmanager、notifier。",
        "No action is needed. If it stops arriving, check Prometheus, Alertmanager and the notifier in turn.",
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
