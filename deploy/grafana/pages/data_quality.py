"""Data quality: how fresh and how complete the feeds are."""

from tidemark.deploy.grafana.page import Page, Query, Units, bars, lines, section, stat, table
from tidemark.deploy.grafana.promql import deduplicate, fill_zero, query_sum_by, sum_rate, sum_series
from tidemark.services.exporter import indicator_metrics as i
from tidemark.services.exporter import pipeline_metrics as p
from tidemark.streams.contracts.text import Text

from .plan_overview import AGE

_AGE = deduplicate(p.NEWEST_EVENT_AGE.name)
_LIMIT = deduplicate(p.AGE_LIMIT.name)
_FAMILY = ("family",)

STALE = stat(
    Text("中断的数据源", "Stale feeds"),
    Text("最新数据超过时限的数据类别数。", "Feeds whose newest event is older than their limit."),
    Units.NUMBER,
    Query(f"sum({_AGE} > bool {_LIMIT})"),
)
DEAD = stat(
    Text("一小时死信", "Dead letters of an hour"),
    Text("近一小时无法入账的记录。", "Records refused in the last hour."),
    Units.NUMBER.with_decimals(0),
    Query(fill_zero(sum_series(deduplicate(f"increase({p.DEAD.name}[1h])")))),
    alert="DeadLettersGrowing",
)
ACCEPTED_NOW = stat(
    Text("每秒入账", "Accepted a second"),
    Text("每秒计入总数的事件。", "Events added to the totals each second."),
    Units.PER_SECOND.with_decimals(1),
    Query(sum_rate(p.ACCEPTED.name)),
)
STATUS = stat(
    Text("无法判断的目标", "Targets without a verdict"),
    Text("因数据不足、过时或口径未定而无判断的目标。", "Unknown, stale or ambiguous ones."),
    Units.NUMBER,
    query_sum_by("status", deduplicate(i.STATUS.name, 'status=~"unknown|stale|ambiguous"')),
    width=12,
)
FEEDS = table(
    Text("数据源", "Feeds"),
    Text(
        "最新数据距今、时限、用掉的时限；到 1 即为中断。",
        "Age of the newest event, its limit, and how much of it is used; stale from 1 on.",
    ),
    Units.SECONDS,
    Query(_AGE, "距今 · Age"),
    Query(_LIMIT, "时限 · Limit"),
    Query(f"{_AGE} / {_LIMIT}", "已用时限 · Used", unit=Units.PERCENT, alert="FeedStale"),
    names=_FAMILY,
)
COMPLETE = lines(
    Text("数据完整度", "Completeness"),
    Text("收到 ÷ 应收的计数时长，按时段。", "Received ÷ expected seconds of counting, by window."),
    Units.PERCENT,
    Query(deduplicate(p.COMPLETENESS.name), "{{family}} {{window}}"),
    alert="FeedIncomplete",
)
ACCEPTED = lines(
    Text("入账速度", "Accepted"),
    Text("每秒计入总数的事件，按类别。", "Events added to the totals each second, by feed."),
    Units.PER_SECOND,
    Query(sum_rate(p.ACCEPTED.name, "family"), "{{family}}"),
    names=_FAMILY,
)
LATE = lines(
    Text("迟到占比", "Late events"),
    Text(
        "一小时内晚于常规到达的事件占比；总数仍然准确。",
        "Share of an hour's events that came later than usual; totals stay exact.",
    ),
    Units.PERCENT,
    Query(
        f"{deduplicate(f'increase({p.LATE.name}[1h])')} "
        f"/ ({deduplicate(f'increase({p.ACCEPTED.name}[1h])')} > 0)",
        "{{family}}",
    ),
    alert="LateEventsHigh",
    names=_FAMILY,
)
DUPLICATES = lines(
    Text("重复与过期", "Duplicates and expired"),
    Text(
        "每秒识别出的重复事件、过旧而只部分计入的事件、和声称来自未来的事件。",
        "Duplicates recognised, events too old for some totals, and events from the future.",
    ),
    Units.PER_SECOND,
    Query(sum_rate(p.DUPLICATE.name), "重复 · duplicate"),
    Query(sum_rate(p.EXPIRED.name), "过期 · expired"),
    Query(sum_rate(p.FUTURE.name), "未来 · future"),
)
REASONS = lines(
    Text("死信原因", "Dead letters by reason"),
    Text("每秒无法入账的记录，按原因。", "Records refused each second, by reason."),
    Units.PER_SECOND,
    Query(fill_zero(sum_rate(p.DEAD.name, "reason")), "{{reason}}"),
)
SAMPLES = bars(
    Text("样本量最小的十项", "The ten smallest samples"),
    Text("比例类目标所依据的观测数，最少的十项。", "Observations that ratios rest on, the ten fewest."),
    Units.SHORT,
    Query(f"bottomk(10, {deduplicate(i.SAMPLES.name)})", "{{indicator}}"),
)

PAGE = Page(
    uid="data-quality",
    folder="pipeline",
    title=Text("数据质量", "Data quality"),
    about=Text("数据源是否新鲜、完整、准时。", "Whether feeds are fresh, complete and on time."),
    sections=(
        section(Text("概况", "Overview"), [STALE, DEAD, ACCEPTED_NOW, STATUS], [FEEDS]),
        section(
            Text("流入", "What comes in"), [ACCEPTED, COMPLETE], [LATE, DUPLICATES], [REASONS, AGE], [SAMPLES]
        ),
    ),
)
