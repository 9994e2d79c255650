"""Tidemark itself: whether its services run, keep up and deliver notifications."""

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
    Text(
        "Prometheus 能否抓取到各服务，1 为正常。", "Whether Prometheus can scrape each service; 1 is healthy."
    ),
    Units.NUMBER,
    Query(f"min by (job) ({_match_job('up')})", "{{job}}"),
    width=16,
    alert="ExporterDown",
)
DISK = stat(
    Text("磁盘剩余空间", "Free disk space"),
    Text("事件日志所在磁盘的剩余空间。", "Free space on the disk of the event log."),
    Units.BYTES,
    Query(f"min({_match_job(p.FREE_DISK.name)})"),
    alert="DiskSpaceLow",
)
SERIES = stat(
    Text("序列数", "Series"),
    Text("指标服务每次提供的序列数。", "Number of series that the exporter serves per scrape."),
    Units.NUMBER,
    Query(f"max({_match_job(p.SERIES.name)})"),
)
LAG = lines(
    Text("汇总服务待处理", "Ledger backlog"),
    Text(
        "事件日志中尚未计入汇总的记录数，按分区。",
        "Records in the log that are not yet in the totals, by partition.",
    ),
    Units.SHORT,
    Query(f"max by (partition) ({_match_job(p.LAG.name)})", "{{partition}}"),
    alert="LedgerLagging",
)
REFRESH = lines(
    Text("汇总数读取间隔", "Age of the exporter's totals"),
    Text("距指标服务上次读取汇总数的时间。", "Time since the exporter last read the totals."),
    Units.SECONDS,
    Query(_match_job(p.REFRESH_AGE.name), "{{instance}}"),
    alert="ExporterStale",
)
PUBLISHING = lines(
    Text("发布耗时", "Publish time"),
    Text("汇总服务 95% 的发布在此时间内完成。", "Time the ledger takes to publish, 95th percentile."),
    Units.SECONDS,
    Query(_select_p95(PUBLISH), "95 %"),
)
MEMORY = lines(
    Text("内存中的条目", "Held in memory"),
    Text(
        "汇总服务在内存中保存的累计、实体和事件编号数。",
        "Cells, entities and event ids that the ledger holds in memory.",
    ),
    Units.SHORT,
    Query(f"sum({_match_job(HELD_CELLS)})", "累计 · cells"),
    Query(f"sum({_match_job(HELD_ENTITIES)})", "实体 · entities"),
    Query(f"sum({_match_job(HELD_IDS)})", "编号 · ids"),
)
RESTORE = lines(
    Text("恢复中的分区", "Partitions being restored"),
    Text("汇总服务正在恢复状态的分区数。", "Partitions whose state the ledger is restoring."),
    Units.NUMBER,
    Query(f"sum({_match_job(RESTORING)})", "分区 · partitions"),
    alert="RestoreRunning",
)
DEDUP = lines(
    Text("重复数据识别范围", "Reach of duplicate detection"),
    Text(
        "多长时间以内的重复事件能被识别；编号从未移出过的，不受限制。",
        "How far back duplicates are recognised; unlimited until the first segment of ids is dropped.",
    ),
    Units.SECONDS,
    Query(f"min by (partition) ({_match_job(p.DEDUP_REACH.name)})", "{{partition}}"),
    alert="DedupReachShort",
)
FOLDED = stat(
    Text("并入 other 的序列", "Series merged into other"),
    Text(
        "超出序列上限而并入 other 的序列数。", "Series above the label budget, which are merged into other."
    ),
    Units.NUMBER,
    Query(f"sum({_match_job(p.FOLDED.name)})"),
    height=8,
    alert="LabelBudgetExceeded",
)
ACCEPTED = lines(
    Text("接入网关接收", "Events accepted by the gateway"),
    Text("接入网关每秒落盘的事件数，按数据类别。", "Events written durably to the log per second, by feed."),
    Units.PER_SECOND,
    Query(_sum_rate("tidemark_gateway_events_accepted_total", "family"), "{{family}}"),
    names=("family",),
)
COMMIT = lines(
    Text("落盘耗时", "Commit time"),
    Text("接入网关 95% 的写入在此时间内落盘。", "Time until an append is durable, 95th percentile."),
    Units.SECONDS,
    Query(_select_p95("tidemark_gateway_commit_seconds"), "95 %"),
)
QUEUE = lines(
    Text("接入网关排队", "Gateway queue"),
    Text("等待写入的事件数。", "Events waiting to be appended."),
    Units.SHORT,
    Query(f"sum({_match_job('tidemark_gateway_queue_events')})", "事件 · events"),
)
OUTBOX = lines(
    Text("待发通知", "Notifications waiting"),
    Text("发件箱中尚未送出的消息数。", "Messages in the outbox that have not been sent."),
    Units.NUMBER,
    Query(f"sum({_match_job('tidemark_notifier_outbox_messages')})", "消息 · messages"),
)
OLDEST = lines(
    Text("最早一条待发", "Oldest waiting notification"),
    Text("最早一条待发通知的等待时间。", "How long the oldest notification has waited."),
    Units.SECONDS,
    Query(f"max({_match_job(WAITING)})", "最早 · oldest"),
    alert="NotificationsUndelivered",
)
RECEIVED = lines(
    Text("收到的告警", "Alerts received"),
    Text("通知服务每秒收到的告警数。", "Alerts received by the notifier per second."),
    Units.PER_SECOND,
    Query(_sum_rate("tidemark_notifier_received_alerts_total"), "告警 · alerts"),
)
SENT = lines(
    Text("送出的消息", "Messages sent"),
    Text(
        "各渠道每秒确认收到的消息数，以及其中标明重发的。",
        "Messages accepted by each channel per second, and those of them marked as repeats.",
    ),
    Units.PER_SECOND,
    Query(_sum_rate("tidemark_notifier_sent_messages_total", "channel"), "{{channel}} 送出 · sent"),
    Query(_sum_rate("tidemark_notifier_repeated_messages_total", "channel"), "{{channel}} 重发 · repeated"),
)
FAILED = lines(
    Text("发送失败的消息", "Failed messages"),
    Text(
        "各渠道每秒失败的尝试次数，以及多次重试后放弃的告警数。",
        "Failed attempts per second by channel, and alerts given up.",
    ),
    Units.PER_SECOND,
    Query(_sum_rate("tidemark_notifier_failed_attempts_total", "channel"), "{{channel}} 失败 · failed"),
    Query(_sum_rate(LETTERS, "channel"), "{{channel}} 放弃 · given up"),
)

PAGE = Page(
    uid="tidemark-itself",
    folder="pipeline",
    title=Text("系统自身", "Tidemark itself"),
    about=Text(
        "各服务是否正常运行、及时处理、通知送达。",
        "Whether the services run, keep up and deliver notifications.",
    ),
    variables=("job", "instance"),
    sections=(
        section(Text("概况", "Overview"), [UP, DISK, SERIES]),
        section(Text("汇总服务", "Ledger"), [LAG, REFRESH], [PUBLISHING, MEMORY, RESTORE], [DEDUP, FOLDED]),
        section(Text("接入网关", "Gateway"), [ACCEPTED, COMMIT, QUEUE]),
        section(Text("通知服务", "Notifier"), [OUTBOX, OLDEST, RECEIVED], [SENT, FAILED]),
    ),
)
