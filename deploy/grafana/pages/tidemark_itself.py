"""Tidemark itself: whether its services run, keep up, and reach people."""

from tidemark.deploy.grafana.page import Page, Query, Section, lines, stat
from tidemark.deploy.prometheus.tidemark import LETTERS, WAITING
from tidemark.services.exporter import pipeline_metrics as p
from tidemark.services.ledger.metrics import HELD_CELLS, HELD_ENTITIES, HELD_IDS, PUBLISH, RESTORING
from tidemark.streams.contracts.text import Text

_OF = 'job=~"$job", instance=~"$instance"'


def _plain(name: str) -> str:
    return f"{name}{{{_OF}}}"


def _rate(counter: str, *by: str) -> str:
    speed = f"rate({_plain(counter)}[$__rate_interval])"
    return f"sum by ({', '.join(by)}) ({speed})" if by else f"sum({speed})"


def _slow(histogram: str) -> str:
    """The 95th percentile of a histogram of durations."""
    return f"histogram_quantile(0.95, {_rate(f'{histogram}_bucket', 'le')})"


UP = stat(
    title=Text("服务", "Services"),
    about=Text(
        "Prometheus 能否抓取到各服务，1 为正常。", "Whether Prometheus reaches each service; 1 is well."
    ),
    unit="none",
    width=16,
    alert="ExporterDown",
    queries=(Query(f"min by (job) ({_plain('up')})", "{{job}}"),),
)
DISK = stat(
    title=Text("剩余磁盘", "Free disk"),
    about=Text("事件日志所在磁盘的剩余空间。", "Free space where the log lies."),
    unit="bytes",
    alert="DiskSpaceLow",
    queries=(Query(f"min({_plain(p.FREE_DISK.name)})"),),
)
SERIES = stat(
    title=Text("序列数", "Series"),
    about=Text("指标服务一次应答的序列数。", "Series in one answer of the exporter."),
    unit="none",
    queries=(Query(f"max({_plain(p.SERIES.name)})"),),
)
LAG = lines(
    title=Text("账本滞后", "Ledger lag"),
    about=Text(
        "日志中尚未入账的记录，按分区。", "Records in the log that no total contains yet, by partition."
    ),
    unit="short",
    alert="LedgerLagging",
    queries=(Query(f"max by (partition) ({_plain(p.LAG.name)})", "{{partition}}"),),
)
REFRESH = lines(
    title=Text("总数的读取间隔", "Age of the exporter's totals"),
    about=Text("指标服务距上次读取总数多久。", "How long ago the exporter last read the totals."),
    unit="s",
    alert="ExporterStale",
    queries=(Query(_plain(p.REFRESH_AGE.name), "{{instance}}"),),
)
PUBLISHING = lines(
    title=Text("发布耗时", "Publishing"),
    about=Text("账本 95% 的发布在此之内完成。", "95 % of the ledger's publishing within it."),
    unit="s",
    width=8,
    queries=(Query(_slow(PUBLISH), "95 %"),),
)
HELD = lines(
    title=Text("内存中的条目", "Held in memory"),
    about=Text(
        "账本在内存中的累计、实体和事件编号。", "Running sums, entities and event ids that the ledger holds."
    ),
    unit="short",
    width=8,
    queries=(
        Query(f"sum({_plain(HELD_CELLS)})", "累计 · cells"),
        Query(f"sum({_plain(HELD_ENTITIES)})", "实体 · entities"),
        Query(f"sum({_plain(HELD_IDS)})", "编号 · ids"),
    ),
)
RESTORE = lines(
    title=Text("恢复中的分区", "Partitions being restored"),
    about=Text("账本正在恢复状态的分区数。", "Partitions whose state the ledger is restoring."),
    unit="none",
    width=8,
    alert="RestoreRunning",
    queries=(Query(f"sum({_plain(RESTORING)})", "分区 · partitions"),),
)
DEDUP = lines(
    title=Text("去重范围", "Reach of duplicate detection"),
    about=Text(
        "多久以内到达的重复事件能被识别；未遗忘过编号时无上限。",
        "How far back a duplicate is recognised; while no id was forgotten, every one is.",
    ),
    unit="s",
    alert="DedupReachShort",
    queries=(Query(f"min by (partition) ({_plain(p.DEDUP_REACH.name)})", "{{partition}}"),),
)
FOLDED = stat(
    title=Text("折叠的序列", "Folded series"),
    about=Text("超出标签预算而并入 other 的序列数。", "Series over the label budget, added up under other."),
    unit="none",
    width=12,
    height=8,
    alert="LabelBudgetExceeded",
    queries=(Query(f"sum({_plain(p.FOLDED.name)})"),),
)
ACCEPTED = lines(
    title=Text("网关接收", "Taken by the gateway"),
    about=Text("网关每秒落盘的事件，按类别。", "Events durable in the log each second, by feed."),
    unit="cps",
    width=8,
    names=("family",),
    queries=(Query(_rate("tidemark_gateway_events_accepted_total", "family"), "{{family}}"),),
)
COMMIT = lines(
    title=Text("落盘耗时", "Time to durable"),
    about=Text("网关 95% 的写入在此之内落盘。", "95 % of the gateway's appends within it."),
    unit="s",
    width=8,
    queries=(Query(_slow("tidemark_gateway_commit_seconds"), "95 %"),),
)
QUEUE = lines(
    title=Text("网关排队", "Gateway queue"),
    about=Text("等待写入的事件。", "Events waiting to be appended."),
    unit="short",
    width=8,
    queries=(Query(f"sum({_plain('tidemark_gateway_queue_events')})", "事件 · events"),),
)
OUTBOX = lines(
    title=Text("待发通知", "Notifications waiting"),
    about=Text("发件箱中尚未送出的消息。", "Messages in the outbox that were not sent yet."),
    unit="none",
    width=8,
    queries=(Query(f"sum({_plain('tidemark_notifier_outbox_messages')})", "消息 · messages"),),
)
OLDEST = lines(
    title=Text("最早待发", "Oldest waiting"),
    about=Text("最早一条待发通知等了多久。", "How long the oldest notification has waited."),
    unit="s",
    width=8,
    alert="NotificationsUndelivered",
    queries=(Query(f"max({_plain(WAITING)})", "最早 · oldest"),),
)
RECEIVED = lines(
    title=Text("收到的告警", "Alerts received"),
    about=Text("通知服务每秒收到的告警。", "Alerts that the notifier received each second."),
    unit="cps",
    width=8,
    queries=(Query(_rate("tidemark_notifier_received_alerts_total"), "告警 · alerts"),),
)
SENT = lines(
    title=Text("送出的消息", "Messages sent"),
    about=Text(
        "各渠道每秒确认收下的消息，和其中标明为重发的。",
        "Messages each channel took a second, and those marked as repeats.",
    ),
    unit="cps",
    queries=(
        Query(_rate("tidemark_notifier_sent_messages_total", "channel"), "{{channel}} 送出 · sent"),
        Query(_rate("tidemark_notifier_repeated_messages_total", "channel"), "{{channel}} 重发 · repeated"),
    ),
)
FAILED = lines(
    title=Text("送不出的消息", "Messages that failed"),
    about=Text(
        "各渠道每秒失败的尝试，和多次重试后放弃的告警。",
        "Attempts that a channel did not take a second, and alerts given up.",
    ),
    unit="cps",
    queries=(
        Query(_rate("tidemark_notifier_failed_attempts_total", "channel"), "{{channel}} 失败 · failed"),
        Query(_rate(LETTERS, "channel"), "{{channel}} 放弃 · given up"),
    ),
)

PAGE = Page(
    uid="tidemark-itself",
    folder="pipeline",
    title=Text("系统自身", "Tidemark itself"),
    about=Text("各服务是否运行、跟得上、送得到。", "Whether the services run, keep up, and reach people."),
    variables=("job", "instance"),
    sections=(
        Section(Text("概况", "Overview"), (UP, DISK, SERIES)),
        Section(Text("账本", "Ledger"), (LAG, REFRESH, PUBLISHING, HELD, RESTORE, DEDUP, FOLDED)),
        Section(Text("网关", "Gateway"), (ACCEPTED, COMMIT, QUEUE)),
        Section(Text("通知", "Notifier"), (OUTBOX, OLDEST, RECEIVED, SENT, FAILED)),
    ),
)
