"""Conditions of the data feeds."""

from functools import partial

from tidemark.services.exporter import pipeline_metrics as m
from tidemark.streams.contracts.text import Text
from tidemark.streams.indicators.thresholds import LEAST_COMPLETE

from .condition import COUNT, MINUTE_S, SECONDS, SHARE, Condition, Judgement, at
from .promql import LEDGER_ADVANCES, build_growth

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
    guards=(LEDGER_ADVANCES,),
    summary=Text("{family} 类数据中断", "No recent events from the {family} feed"),
    description=Text(
        "最新一条数据距今 {value}（限 {limit}）；相关数字已标注“数据过期”，并非为零。",
        "The newest event is {value} old (limit {limit}). Numbers based on it are marked stale, not zero.",
    ),
    action=Text(
        "先核实接入网关是否收到该类数据，再联系报送单位；恢复后请其补报。",
        "Check whether the gateway receives such events, then contact the sender. "
        "Once the feed works again, ask for the missing events.",
    ),
)

FEED_INCOMPLETE = _condition(
    name="FeedIncomplete",
    value=f'{m.COMPLETENESS.name}{{window="1h"}}',
    comparison="<",
    limits=at(warning=LEAST_COMPLETE, critical=0.9),
    unit=SHARE,
    hold_s=5 * MINUTE_S,
    guards=(f"and on (family) ({m.NEWEST_EVENT_AGE.name} <= {m.AGE_LIMIT.name})", LEDGER_ADVANCES),
    summary=Text("{family} 类数据缺报", "The {family} feed has gaps"),
    description=Text(
        "近一小时仅收到应报数据的 {value}（限 {limit}）。",
        "Only {value} of the data expected in the last hour arrived (limit {limit}).",
    ),
    action=Text(
        "查明未报送的传感器或网关，联系运维单位；已停用的设备应在登记库中注销。",
        "Find the sensors or gateways that do not report. Have retired devices closed in the registry.",
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
    guards=(f"and ({_ACCEPTED} >= 100)", LEDGER_ADVANCES),
    summary=Text("{family} 类数据迟到增多", "Many late events in the {family} feed"),
    description=Text(
        "近一小时迟到数据占 {value}（限 {limit}）；汇总数仍然准确，只是确定得较晚。",
        "{value} of the last hour's events arrived late (limit {limit}). "
        "Totals remain exact but become final later.",
    ),
    action=Text(
        "联系报送单位，核实网络状况或是否集中补报；长期如此的，商定新的报送时限。",
        "Ask the sender whether its network is slow or it sent a backfill. "
        "If this persists, agree on a new reporting deadline.",
    ),
)

_DEAD = build_growth(m.DEAD.name, 15)
_INPUT = " + ".join(f"sum(increase({row.name}[15m]))" for row in (m.ACCEPTED, m.DUPLICATE))

DEAD_LETTERS_GROWING = _condition(
    name="DeadLettersGrowing",
    value=_DEAD,
    limits=at(warning=0),
    unit=COUNT,
    either=(
        Judgement(
            value=f"0 * {_DEAD} + scalar(sum{_DEAD} / ({_INPUT} + sum{_DEAD}))",
            limits=at(critical=0.01),
            unit=SHARE,
        ),
    ),
    guards=(f"and on () count(last_over_time({m.REFRESH_AGE.name}[5m] offset 15m))", LEDGER_ADVANCES),
    summary=Text("出现拒收记录：{reason}", "Records were refused: {reason}"),
    description=Text(
        "近 15 分钟新增拒收记录 {value} 条；占全部数据 1% 以上为严重。",
        "New dead letters in the last 15 minutes: {value}. More than 1 % of the input is critical.",
    ),
    action=Text(
        "运行 tidemark dead-letters list 查看原因，请报送单位改正后重新报送。",
        "List them with tidemark dead-letters list; ask the sender to correct and resend them.",
    ),
)

CONDITIONS = (FEED_STALE, FEED_INCOMPLETE, LATE_EVENTS_HIGH, DEAD_LETTERS_GROWING)
