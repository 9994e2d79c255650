"""Tidemark itself: whether its services run, keep up, and reach people."""

from tidemark.deploy.grafana.page import Page, Query, Units, lines, section, stat
from tidemark.deploy.prometheus.alerts.tidemark import LETTERS, WAITING
from tidemark.services.exporter import pipeline_metrics as p
from tidemark.services.ledger.metrics import HELD_CELLS, HELD_ENTITIES, HELD_IDS, PUBLISH, RESTORING
from tidemark.streams.contracts.text import Text

_OF = 'job=~"$job", instance=~"$instance"'


def _match_job(name: str) -> str:
    return f"{name}{{{_OF}}}"


def _sum_rate(counter: str, *by: str) -> str:
    speed = f"rate({_match_job(counter)}[$__rate_interval])"
    return f"sum by ({', '.join(by)}) ({speed})" if by else f"sum({speed})"


def _select_p95(histogram: str) -> str:
    """The 95th percentile of a histogram of durations."""
    return f"histogram_quantile(0.95, {_sum_rate(f'{histogram}_bucket', 'le')})"


UP = stat(
    Text("服务", "Services"),
    Text("Prometheus 能否抓取到各服务，1 为正常。", "Whether Prometheus reaches each service; 1 is well."),
    Units.NUMBER,
    Query(f"min by (job) ({_match_job('up')})", "{{job}}"),
    width=16,
    alert="ExporterDown",
)
DISK = stat(
    Text("剩余磁盘", "Free disk"),
    Text("事件日志所在磁盘的剩余空间。", "Free space where the log lies."),
    Units.BYTES,
    Query(f"min({_match_job(p.FREE_DISK.name)})"),
    alert="DiskSpaceLow",
)
SERIES = stat(
    Text("序列数", "Series"),
    Text("指标服务一次应答的序列数。", "Series in one answer of the exporter."),
    Units.NUMBER,
    Query(f"max({_match_job(p.SERIES.name)})"),
)
LAG = lines(
    Text("账本滞后", "Ledger lag"),
    Text("日志中尚未入账的记录，按分区。", "Records in the log that no total contains yet, by partition."),
    Units.SHORT,
    Query(f"max by (partition) ({_match_job(p.LAG.name)})", "{{partition}}"),
    alert="LedgerLagging",
)
REFRESH = lines(
    Text("总数的读取间隔", "Age of the exporter's totals"),
    Text("指标服务距上次读取总数多久。", "How long ago the exporter last read the totals."),
    Units.SECONDS,
    Query(_match_job(p.REFRESH_AGE.name), "{{instance}}"),
    alert="ExporterStale",
)
PUBLISHING = lines(
    Text("发布耗时", "Publishing"),
    Text("账本 95% 的发布在此之内完成。", "95 % of the ledger's publishing within it."),
    Units.SECONDS,
    Query(_select_p95(PUBLISH), "95 %"),
)
MEMORY = lines(
    Text("内存中的条目", "Held in memory"),
    Text(
        "账本在内存中的累计、实体和事件编号。", "Running sums, entities and event ids that the ledger holds."
    ),
    Units.SHORT,
    Query(f"sum({_match_job(HELD_CELLS)})", "累计 · cells"),
    Query(f"sum({_match_job(HELD_ENTITIES)})", "实体 · entities"),
    Query(f"sum({_match_job(HELD_IDS)})", "编号 · ids"),
)
RESTORE = lines(
    Text("恢复中的分区", "Partitions being restored"),
    Text("账本正在恢复状态的分区数。", "Partitions whose state the ledger is restoring."),
    Units.NUMBER,
    Query(f"sum({_match_job(RESTORING)})", "分区 · partitions"),
    alert="RestoreRunning",
)
DEDUP = lines(
    Text("去重范围", "Reach of duplicate detection"),
    Text(
        "多久以内到达的重复事件能被识别；未遗忘过编号时无上限。",
        "How far back a duplicate is recognised; while no id was forgotten, every one is.",
    ),
    Units.SECONDS,
    Query(f"min by (partition) ({_match_job(p.DEDUP_REACH.name)})", "{{partition}}"),
    alert="DedupReachShort",
)
FOLDED = stat(
    Text("折叠的序列", "Folded series"),
    Text("超出标签预算而并入 other 的序列数。", "Series over the label budget, added up under other."),
    Units.NUMBER,
    Query(f"sum({_match_job(p.FOLDED.name)})"),
    height=8,
    alert="LabelBudgetExceeded",
)
ACCEPTED = lines(
    Text("网关接收", "Taken by the gateway"),
    Text("网关每秒落盘的事件，按类别。", "Events durable in the log each second, by feed."),
    Units.PER_SECOND,
    Query(_sum_rate("tidemark_gateway_events_accepted_total", "family"), "{{family}}"),
    names=("family",),
)
COMMIT = lines(
    Text("落盘耗时", "Time to durable"),
    Text("网关 95% 的写入在此之内落盘。", "95 % of the gateway's appends within it."),
    Units.SECONDS,
    Query(_select_p95("tidemark_gateway_commit_seconds"), "95 %"),
)
QUEUE = lines(
    Text("网关排队", "Gateway queue"),
    Text("等待写入的事件。", "Events waiting to be appended."),
    Units.SHORT,
    Query(f"sum({_match_job('tidemark_gateway_queue_events')})", "事件 · events"),
)
OUTBOX = lines(
    Text("待发通知", "Notifications waiting"),
    Text("发件箱中尚未送出的消息。", "Messages in the outbox that were not sent yet."),
    Units.NUMBER,
    Query(f"sum({_match_job('tidemark_notifier_outbox_messages')})", "消息 · messages"),
)
OLDEST = lines(
    Text("最早待发", "Oldest waiting"),
    Text("最早一条待发通知等了多久。", "How long the oldest notification has waited."),
    Units.SECONDS,
    Query(f"max({_match_job(WAITING)})", "最早 · oldest"),
    alert="NotificationsUndelivered",
)
RECEIVED = lines(
    Text("收到的告警", "Alerts received"),
    Text("通知服务每秒收到的告警。", "Alerts that the notifier received each second."),
    Units.PER_SECOND,
    Query(_sum_rate("tidemark_notifier_received_alerts_total"), "告警 · alerts"),
)
SENT = lines(
    Text("送出的消息", "Messages sent"),
    Text(
        "各渠道每秒确认收下的消息，和其中标明为重发的。",
        "Messages each channel took a second, and those marked as repeats.",
    ),
    Units.PER_SECOND,
    Query(_sum_rate("tidemark_notifier_sent_messages_total", "channel"), "{{channel}} 送出 · sent"),
    Query(_sum_rate("tidemark_notifier_repeated_messages_total", "channel"), "{{channel}} 重发 · repeated"),
)
FAILED = lines(
    Text("送不出的消息", "Messages that failed"),
    Text(
        "各渠道每秒失败的尝试，和多次重试后放弃的告警。",
        "Attempts that a channel did not take a second, and alerts given up.",
    ),
    Units.PER_SECOND,
    Query(_sum_rate("tidemark_notifier_failed_attempts_total", "channel"), "{{channel}} 失败 · failed"),
    Query(_sum_rate(LETTERS, "channel"), "{{channel}} 放弃 · given up"),
)

PAGE = Page(
    uid="tidemark-itself",
    folder="pipeline",
    title=Text("系统自身", "Tidemark itself"),
    about=Text("各服务是否运行、跟得上、送得到。", "Whether the services run, keep up, and reach people."),
    variables=("job", "instance"),
    sections=(
        section(Text("概况", "Overview"), [UP, DISK, SERIES]),
        section(Text("账本", "Ledger"), [LAG, REFRESH], [PUBLISHING, MEMORY, RESTORE], [DEDUP, FOLDED]),
        section(Text("网关", "Gateway"), [ACCEPTED, COMMIT, QUEUE]),
        section(Text("通知", "Notifier"), [OUTBOX, OLDEST, RECEIVED], [SENT, FAILED]),
    ),
)
