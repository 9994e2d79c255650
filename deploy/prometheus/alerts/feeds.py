"""Conditions of the data feeds."""

from functools import partial

from tidemark.services.exporter import pipeline_metrics as m
from tidemark.streams.contracts.text import Text
from tidemark.streams.indicators.thresholds import LEAST_COMPLETE

from .condition import COUNT, MINUTE_S, SECONDS, SHARE, Condition, Judged, at
from .promql import LEDGER_RUNS, growth

_condition = partial(
    Condition, group="feeds", layer="pipeline", audience="platform", family="", dashboard="data-quality"
)

FEED_STALE = _condition(
    name="FeedStale",
    value=m.NEWEST_EVENT_AGE.name,
    limits=at(warning=1),
    per=m.AGE_LIMIT,
    unit=SECONDS,
    hold_s=MINUTE_S,
    guards=(LEDGER_RUNS,),
    summary=Text("{family} 类数据中断", "The {family} feed is silent"),
    description=Text(
        "最新一条数据距今 {value}（限 {limit}）；相关数字已标为“过时”，并非为零。",
        "The newest event is {value} old (limit {limit}); its numbers are marked stale, not zero.",
    ),
    action=Text(
        "先看网关是否收到该来源的请求，再联系数据报送单位；恢复后请其补报。",
        "See whether the gateway hears from the source, then call it; have it send what it held back.",
    ),
)

FEED_INCOMPLETE = _condition(
    name="FeedIncomplete",
    value=f'{m.COMPLETENESS.name}{{window="1h"}}',
    comparison="<",
    limits=at(warning=LEAST_COMPLETE, critical=0.9),
    unit=SHARE,
    hold_s=5 * MINUTE_S,
    guards=(f"and on (family) ({m.NEWEST_EVENT_AGE.name} <= {m.AGE_LIMIT.name})", LEDGER_RUNS),
    summary=Text("{family} 类数据缺报", "The {family} feed has gaps"),
    description=Text(
        "近一小时仅收到应报数据的 {value}（限 {limit}）。",
        "{value} of what was due in the last hour came in (limit {limit}).",
    ),
    action=Text(
        "查出未报送的传感器或网关，联系运维；已停用的设备应在登记库中注销。",
        "Find the sensors or gateways that are silent; those retired should be closed in the registry.",
    ),
)

_LATE = f"increase({m.LATE.name}[1h])"
_ACCEPTED = f"increase({m.ACCEPTED.name}[1h])"

LATE_EVENTS_HIGH = _condition(
    name="LateEventsHigh",
    value=f"{_LATE} / {_ACCEPTED}",
    limits=at(warning=0.01),
    unit=SHARE,
    hold_s=15 * MINUTE_S,
    guards=(f"and ({_ACCEPTED} >= 100)", LEDGER_RUNS),
    summary=Text("{family} 类数据迟到增多", "Many late events in the {family} feed"),
    description=Text(
        "近一小时迟到数据占 {value}（限 {limit}）；总数仍然准确，只是较晚稳定。",
        "{value} of the last hour's events came late (limit {limit}); totals stay exact, only later.",
    ),
    action=Text(
        "联系来源核实网络或批量补报；若为长期现象，应与其商定新的报送时限。",
        "Ask the source about its network or a backfill; if it lasts, agree on another lateness.",
    ),
)

_DEAD = growth(m.DEAD.name, 15)
_INPUT = " + ".join(f"sum(increase({row.name}[15m]))" for row in (m.ACCEPTED, m.DUPLICATE))

DEAD_LETTERS_GROWING = _condition(
    name="DeadLettersGrowing",
    value=_DEAD,
    limits=at(warning=0),
    unit=COUNT,
    either=(
        Judged(
            value=f"0 * {_DEAD} + scalar(sum{_DEAD} / ({_INPUT} + sum{_DEAD}))",
            limits=at(critical=0.01),
            unit=SHARE,
        ),
    ),
    guards=(f"and on () count(last_over_time({m.REFRESH_AGE.name}[5m] offset 15m))", LEDGER_RUNS),
    summary=Text("出现无法入账的数据：{reason}", "Records were refused: {reason}"),
    description=Text(
        "近 15 分钟新增 {value} 条死信；占全部数据 1% 以上为严重。",
        "New dead letters in 15 minutes: {value}; more than 1 % of the input is critical.",
    ),
    action=Text(
        "用 tidemark dead-letters 查看原文和原因，联系来源修正后重新报送。",
        "Look at them with tidemark dead-letters, have the source mend and send them again.",
    ),
)

CONDITIONS = (FEED_STALE, FEED_INCOMPLETE, LATE_EVENTS_HIGH, DEAD_LETTERS_GROWING)
