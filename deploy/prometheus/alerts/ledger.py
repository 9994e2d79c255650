"""Conditions of the ledger, and of what it promises about duplicates."""

from tidemark.services.exporter import pipeline_metrics as m
from tidemark.services.ledger.metrics import RESTORING
from tidemark.streams.contracts.text import Text

from .condition import COUNT, DAY_S, MINUTE_S, SECONDS, Condition, at
from .promql import BEHIND, LEDGER_RUNS, STANDS_STILL
from .tidemark import EXPORTER_FRESH_S, UP, own

_NOT_RESTORING = f"unless on () (sum({RESTORING}) > 0)"

LEDGER_LAGGING = own(
    name="LedgerLagging",
    value=BEHIND,
    limits=at(warning=10_000, critical=100_000),
    unit=COUNT,
    hold_s=5 * MINUTE_S,
    guards=(LEDGER_RUNS, _NOT_RESTORING),
    summary=Text("账本处理滞后", "The ledger lags"),
    description=Text(
        "有 {value} 条记录尚未入账（限 {limit}），屏上数字偏旧。",
        "{value} records are not in the totals yet (limit {limit}), so the numbers are old.",
    ),
    action=Text(
        "查看写入速率和账本负载；用 Kafka 时可增加账本进程。",
        "Look at the input's rate and the ledger's load; on Kafka, add a ledger process.",
    ),
)

LEDGER_STALLED = own(
    name="LedgerStalled",
    value=BEHIND,
    limits=at(critical=0),
    unit=COUNT,
    hold_s=5 * MINUTE_S,
    guards=(STANDS_STILL, f"and on () ({m.REFRESH_AGE.name} <= {EXPORTER_FRESH_S})", _NOT_RESTORING),
    summary=Text("账本停止入账", "The ledger stands still"),
    description=Text(
        "有 {value} 条记录等待入账，5 分钟内毫无进展；也可能正在恢复状态。业务告警暂停判断。",
        "Records waiting: {value}, none added in 5 minutes; it may be restoring. Business alerts pause.",
    ),
    action=Text(
        "查看 ledger 的进程和日志；若未在恢复，重新启动。",
        "Look at the process and log of the ledger; unless it is restoring, start it again.",
    ),
)

RESTORE_RUNNING = own(
    name="RestoreRunning",
    value=RESTORING,
    limits=at(info=0),
    unit=COUNT,
    hold_s=MINUTE_S,
    guards=(UP,),
    summary=Text("账本正在恢复状态", "The ledger restores its state"),
    description=Text(
        "{value} 个分区正在恢复，完成前数字停留在恢复之前。",
        "Partitions being restored: {value}; until then numbers stay as they were.",
    ),
    action=Text(
        "等待完成；超过半小时仍未结束，查看 ledger 日志和磁盘。",
        "Wait; if it takes over half an hour, look at the ledger's log and disk.",
    ),
)

DEDUP_REACH_SHORT = own(
    name="DedupReachShort",
    value=m.DEDUP_REACH.name,
    comparison="<",
    limits=at(warning=2 * DAY_S),
    unit=SECONDS,
    hold_s=15 * MINUTE_S,
    guards=(f"and ({m.DEDUP_FORGOTTEN.name} > 0)",),
    summary=Text("重复数据识别范围过短", "Duplicates are recognised for too short a time"),
    description=Text(
        "分区 {partition} 只能识别 {value} 以内的重复（限 {limit}），更早的补报会被重复计入。",
        "Partition {partition} recognises duplicates for {value} (limit {limit}), older count twice.",
    ),
    action=Text(
        "请来源暂缓补报更早的数据；流量若长期偏大，评估增加分区数。",
        "Ask sources not to send older data again; if volume stays high, plan for more partitions.",
    ),
)

CONDITIONS: tuple[Condition, ...] = (LEDGER_LAGGING, LEDGER_STALLED, RESTORE_RUNNING, DEDUP_REACH_SHORT)
