"""Data quality: how fresh and how complete the feeds are."""

from tidemark.deploy.grafana.page import Page, Query, Section, bars, lines, stat, table
from tidemark.deploy.grafana.promql import one, or_zero, rate, total
from tidemark.services.exporter import indicator_metrics as i
from tidemark.services.exporter import pipeline_metrics as p
from tidemark.streams.contracts.text import Text

from .plan_overview import AGE

_AGE = one(p.NEWEST_EVENT_AGE.name)
_LIMIT = one(p.AGE_LIMIT.name)
_FAMILY = ("family",)

STALE = stat(
    title=Text("中断的数据源", "Stale feeds"),
    about=Text("最新数据超过时限的数据类别数。", "Feeds whose newest event is older than their limit."),
    unit="none",
    queries=(Query(f"sum({_AGE} > bool {_LIMIT})"),),
)
DEAD = stat(
    title=Text("一小时死信", "Dead letters of an hour"),
    about=Text("近一小时无法入账的记录。", "Records refused in the last hour."),
    unit="none",
    decimals=0,
    alert="DeadLettersGrowing",
    queries=(Query(or_zero(total(one(f"increase({p.DEAD.name}[1h])")))),),
)
ACCEPTED_NOW = stat(
    title=Text("每秒入账", "Accepted a second"),
    about=Text("每秒计入总数的事件。", "Events added to the totals each second."),
    unit="cps",
    decimals=1,
    queries=(Query(rate(p.ACCEPTED.name)),),
)
STATUS = stat(
    title=Text("无法判断的目标", "Targets without a verdict"),
    about=Text("因数据不足、过时或口径未定而无判断的目标。", "Unknown, stale or ambiguous ones."),
    unit="none",
    width=12,
    queries=(Query(total(one(i.STATUS.name, 'status=~"unknown|stale|ambiguous"'), "status"), "{{status}}"),),
)
FEEDS = table(
    title=Text("数据源", "Feeds"),
    about=Text(
        "最新数据距今、时限、用掉的时限；到 1 即为中断。",
        "Age of the newest event, its limit, and how much of it is used; stale from 1 on.",
    ),
    unit="s",
    names=_FAMILY,
    queries=(
        Query(_AGE, "距今 · Age"),
        Query(_LIMIT, "时限 · Limit"),
        Query(f"{_AGE} / {_LIMIT}", "已用时限 · Used", unit="percentunit", alert="FeedStale"),
    ),
)
COMPLETE = lines(
    title=Text("数据完整度", "Completeness"),
    about=Text("收到 ÷ 应收的计数时长，按时段。", "Received ÷ expected seconds of counting, by window."),
    unit="percentunit",
    alert="FeedIncomplete",
    queries=(Query(one(p.COMPLETENESS.name), "{{family}} {{window}}"),),
)
ACCEPTED = lines(
    title=Text("入账速度", "Accepted"),
    about=Text("每秒计入总数的事件，按类别。", "Events added to the totals each second, by feed."),
    unit="cps",
    names=_FAMILY,
    queries=(Query(rate(p.ACCEPTED.name, "family"), "{{family}}"),),
)
LATE = lines(
    title=Text("迟到占比", "Late events"),
    about=Text(
        "一小时内晚于常规到达的事件占比；总数仍然准确。",
        "Share of an hour's events that came later than usual; totals stay exact.",
    ),
    unit="percentunit",
    alert="LateEventsHigh",
    names=_FAMILY,
    queries=(
        Query(
            f"{one(f'increase({p.LATE.name}[1h])')} / ({one(f'increase({p.ACCEPTED.name}[1h])')} > 0)",
            "{{family}}",
        ),
    ),
)
DUPLICATES = lines(
    title=Text("重复与过期", "Duplicates and expired"),
    about=Text(
        "每秒识别出的重复事件、过旧而只部分计入的事件、和声称来自未来的事件。",
        "Duplicates recognised, events too old for some totals, and events from the future.",
    ),
    unit="cps",
    queries=(
        Query(rate(p.DUPLICATE.name), "重复 · duplicate"),
        Query(rate(p.EXPIRED.name), "过期 · expired"),
        Query(rate(p.FUTURE.name), "未来 · future"),
    ),
)
REASONS = lines(
    title=Text("死信原因", "Dead letters by reason"),
    about=Text("每秒无法入账的记录，按原因。", "Records refused each second, by reason."),
    unit="cps",
    queries=(Query(or_zero(rate(p.DEAD.name, "reason")), "{{reason}}"),),
)
SAMPLES = bars(
    title=Text("样本量最小的十项", "The ten smallest samples"),
    about=Text("比例类目标所依据的观测数，最少的十项。", "Observations that ratios rest on, the ten fewest."),
    unit="short",
    width=24,
    queries=(Query(f"bottomk(10, {one(i.SAMPLES.name)})", "{{indicator}}"),),
)

PAGE = Page(
    uid="data-quality",
    folder="pipeline",
    title=Text("数据质量", "Data quality"),
    about=Text("数据源是否新鲜、完整、准时。", "Whether feeds are fresh, complete and on time."),
    sections=(
        Section(Text("概况", "Overview"), (STALE, DEAD, ACCEPTED_NOW, STATUS, FEEDS)),
        Section(Text("流入", "What comes in"), (ACCEPTED, COMPLETE, LATE, DUPLICATES, REASONS, AGE, SAMPLES)),
    ),
)
