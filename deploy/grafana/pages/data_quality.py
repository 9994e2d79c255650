"""Data quality: how current and how complete the feeds are."""

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
    Text("数据过期的数据源", "Stale feeds"),
    Text("最新数据超过时限的数据源数。", "Number of feeds whose newest event is older than the limit."),
    Units.NUMBER,
    Query(f"sum({_AGE} > bool {_LIMIT})"),
)
DEAD = stat(
    Text("近一小时拒收记录", "Dead letters in the last hour"),
    Text("近一小时被拒收的记录数。", "Records refused in the last hour."),
    Units.NUMBER.with_decimals(0),
    Query(fill_zero(sum_series(deduplicate(f"increase({p.DEAD.name}[1h])")))),
    alert="DeadLettersGrowing",
)
ACCEPTED_NOW = stat(
    Text("每秒计入汇总", "Events accepted per second"),
    Text("每秒计入汇总的事件数。", "Events added to the totals per second."),
    Units.PER_SECOND.with_decimals(1),
    Query(sum_rate(p.ACCEPTED.name)),
)
STATUS = stat(
    Text("暂不评价的目标", "Targets without a verdict"),
    Text(
        "因数据不足、数据过期或口径未定而暂不评价的目标数。",
        "Targets that are unknown, stale or ambiguous.",
    ),
    Units.NUMBER,
    query_sum_by("status", deduplicate(i.STATUS.name, 'status=~"unknown|stale|ambiguous"')),
    width=12,
)
FEEDS = table(
    Text("数据源", "Feeds"),
    Text(
        "最新数据距今时间、时限及已用时限；超过 100% 即为数据过期。",
        "Age of the newest event, its limit, and the share of the limit used; stale above 100 %.",
    ),
    Units.SECONDS,
    Query(_AGE, "距今 · Age"),
    Query(_LIMIT, "时限 · Limit"),
    Query(f"{_AGE} / {_LIMIT}", "已用时限 · Used", unit=Units.PERCENT, alert="FeedStale"),
    names=_FAMILY,
)
COMPLETE = lines(
    Text("数据完整度", "Completeness"),
    Text("实收 ÷ 应收的计数时长，按统计时段。", "Received ÷ expected seconds of counting, by window."),
    Units.PERCENT,
    Query(deduplicate(p.COMPLETENESS.name), "{{family}} {{window}}"),
    alert="FeedIncomplete",
)
ACCEPTED = lines(
    Text("计入汇总速率", "Events accepted by feed"),
    Text("每秒计入汇总的事件数，按数据类别。", "Events added to the totals per second, by feed."),
    Units.PER_SECOND,
    Query(sum_rate(p.ACCEPTED.name, "family"), "{{family}}"),
    names=_FAMILY,
)
LATE = lines(
    Text("迟到占比", "Share of late events"),
    Text(
        "近一小时晚于常规到达的事件占比；汇总数仍然准确。",
        "Share of the last hour's events that arrived later than usual; totals remain exact.",
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
    Text("重复、超期与超前", "Duplicate, expired and future events"),
    Text(
        "每秒识别出的重复事件、超过保留期而只部分计入的事件，以及时间超前的事件。",
        "Duplicates recognised, events past the retention of some periods, "
        "and events dated in the future, per second.",
    ),
    Units.PER_SECOND,
    Query(sum_rate(p.DUPLICATE.name), "重复 · duplicate"),
    Query(sum_rate(p.EXPIRED.name), "超期 · expired"),
    Query(sum_rate(p.FUTURE.name), "超前 · future"),
)
REASONS = lines(
    Text("拒收原因", "Dead letters by reason"),
    Text("每秒被拒收的记录数，按原因。", "Records refused per second, by reason."),
    Units.PER_SECOND,
    Query(fill_zero(sum_rate(p.DEAD.name, "reason")), "{{reason}}"),
)
SAMPLES = bars(
    Text("样本量最小的十项", "The ten smallest samples"),
    Text(
        "比例类目标所依据的观测数，最少的十项。", "Targets with the fewest observations behind their ratio."
    ),
    Units.SHORT,
    Query(f"bottomk(10, {deduplicate(i.SAMPLES.name)})", "{{indicator}}"),
)

PAGE = Page(
    uid="data-quality",
    folder="pipeline",
    title=Text("数据质量", "Data quality"),
    about=Text("数据源是否及时、完整、准时。", "Whether feeds are current, complete and on time."),
    sections=(
        section(Text("概况", "Overview"), [STALE, DEAD, ACCEPTED_NOW, STATUS], [FEEDS]),
        section(Text("流入", "Inflow"), [ACCEPTED, COMPLETE], [LATE, DUPLICATES], [REASONS, AGE], [SAMPLES]),
    ),
)
