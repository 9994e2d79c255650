"""Conditions of the ledger, and of how far back it recognises duplicates."""

from tidemark.services.exporter import pipeline_metrics as m
from tidemark.services.ledger.metrics import RESTORING
from tidemark.streams.contracts.text import Text

from .condition import COUNT, DAY_S, MINUTE_S, SECONDS, Condition, at
from .promql import BACKLOG, LEDGER_ADVANCES, NOT_ADVANCING
from .tidemark import EXPORTER_FRESH_S, UP, tidemark_condition

_NOT_RESTORING = f"unless on () (sum({RESTORING}) > 0)"

LEDGER_LAGGING = tidemark_condition(
    name="LedgerLagging",
    value=BACKLOG,
    limits=at(warning=10_000, critical=100_000),
    unit=COUNT,
    hold_s=5 * MINUTE_S,
    guards=(LEDGER_ADVANCES, _NOT_RESTORING),
    summary=Text("汇总服务处理滞后", "The ledger is lagging"),
    description=Text(
        "待处理记录 {value} 条（限 {limit}），屏上数字不是最新。",
        "{value} records are not yet in the totals (limit {limit}), so numbers are out of date.",
    ),
    action=Text(
        "查看流入速率和汇总服务的负载；使用 Kafka 的，可增加汇总服务进程。",
        "Check the input rate and the ledger's load. On Kafka, start another ledger process.",
    ),
)

LEDGER_STALLED = tidemark_condition(
    name="LedgerStalled",
    value=BACKLOG,
    limits=at(critical=0),
    unit=COUNT,
    hold_s=5 * MINUTE_S,
    guards=(NOT_ADVANCING, f"and on () ({m.REFRESH_AGE.name} <= {EXPORTER_FRESH_S})", _NOT_RESTORING),
    summary=Text("汇总服务停止处理", "The ledger is not advancing"),
    description=Text(
        "待处理记录 {value} 条，5 分钟内毫无进展；也可能正在恢复状态。业务告警暂停。",
        "Records waiting: {value}; none was processed in 5 minutes. "
        "The ledger may be restoring its state. Business alerts are paused.",
    ),
    action=Text(
        "查看 ledger 进程和日志；未在恢复状态的，重新启动。",
        "Check the ledger's process and log. If it is not restoring, restart it.",
    ),
)

RESTORE_RUNNING = tidemark_condition(
    name="RestoreRunning",
    value=RESTORING,
    limits=at(info=0),
    unit=COUNT,
    hold_s=MINUTE_S,
    guards=(UP,),
    summary=Text("汇总服务正在恢复状态", "The ledger is restoring its state"),
    description=Text(
        "正在恢复的分区 {value} 个；完成之前，相关数字不更新。",
        "Partitions being restored: {value}. Their numbers do not change until this is done.",
    ),
    action=Text(
        "等待完成；超过半小时的，查看 ledger 日志和磁盘。",
        "Wait. If it takes more than half an hour, check the ledger's log and disk.",
    ),
)

DEDUP_REACH_SHORT = tidemark_condition(
    name="DedupReachShort",
    value=m.DEDUP_REACH.name,
    comparison="<",
    limits=at(warning=2 * DAY_S),
    unit=SECONDS,
    hold_s=15 * MINUTE_S,
    guards=(f"and ({m.DEDUP_FORGOTTEN.name} > 0)",),
    summary=Text("重复数据识别范围过短", "Duplicate detection covers too short a time"),
    description=Text(
        "分区 {partition} 只能识别 {value}以内的重复数据（限 {limit}），更早的数据再次报送会重复计入。",
        "Partition {partition} recognises duplicates of the last {value} only (limit {limit}); "
        "older events that are sent again count twice.",
    ),
    action=Text(
        "请报送单位暂缓补报更早的数据；流量长期偏大的，研究增加分区数。",
        "Ask senders not to resend older events. If volume stays high, plan a log with more partitions.",
    ),
)

CONDITIONS: tuple[Condition, ...] = (LEDGER_LAGGING, LEDGER_STALLED, RESTORE_RUNNING, DEDUP_REACH_SHORT)
