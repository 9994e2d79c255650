"""What stands in a report, section by section."""

from collections.abc import Iterator

from tidemark.streams.contracts.text import Text
from tidemark.streams.indicators.assessment.assessment import Status

from . import quality, tables
from .cells import Charts, Heading, Section
from .report import VERDICTS, Report
from .words import STATUS

_NUMERALS = "一二三四五六七八九十"


def title(report: Report) -> Text:
    """What the report is called."""
    district, period = report.made.district, report.period
    return Text(
        f"{district.zh}规划 2030 年目标{period.duty.zh}报告（{period.words.zh}）",
        f"{district.en}: {period.duty.en.lower()} of the plan's 2030 targets, {period.words.en}",
    )


def subtitle(report: Report) -> Text:
    """Up to when the report tells."""
    made = quality.clock(report.made.at, report.made.identity.zone)
    return Text(
        f"数据截至 {report.day}，官方数据为 {report.made.as_of} 已知版本；编制于 {made}",
        f"Values as of {report.day}, official figures as known on {report.made.as_of}; made at {made}",
    )


def warning(report: Report) -> Text | None:
    """What a reader has to know before anything else."""
    if not report.made.simulated:
        return None
    return Text(
        "本报告依据模拟事件编制，不是真实统计，不得用于对外发布。",
        "Made from simulated events: these are not real statistics and not for publication.",
    )


def contents(report: Report) -> tuple[Section, ...]:
    """All sections, numbered."""
    return tuple(
        Section(section.name, _number_heading(number, section.heading), section.blocks, section.wide)
        for number, section in enumerate(_sections(report), 1)
    )


def _number_heading(number: int, heading: Text) -> Text:
    return Text(f"{_NUMERALS[number - 1]}、{heading.zh}", f"{number}. {heading.en}")


def _sections(report: Report) -> Iterator[Section]:
    yield _overview(report)
    yield _movers(report)
    yield _behind(report)
    yield _paths(report)
    yield _list_unjudged(report)
    heading = Text("全部 88 项目标", "All 88 targets")
    if len(report.targets) != 88:
        heading = Text(f"全部 {len(report.targets)} 项目标", f"All {len(report.targets)} targets")
    yield Section(Text("全部目标", "Targets"), heading, (_READING, tables.all_targets(report)), wide=True)
    yield _quality(report)
    yield _describe_provenance(report)


_READING = Text(
    "数值：年度流量为年初至今累计，累计类为 2026 年起累计，存量为当日水平。应达：路径在数值所属日的值。"
    "进度指数：1 为恰在路径上。滞后天数为负表示超前。2030 预测：中位数、80 % 区间与达成概率。"
    "“—”表示没有：无基期、无数据或历史过短。",
    "Value: of an annual flow the year to date, of a cumulative target since 2026, of a stock as it stands. "
    "Expected: the path on the day that the value is of. Pace: 1 is on the path. A negative lag is a lead. "
    "Projection: the median for 2030, its central 80 % and the chance of meeting the target. "
    "“—”: there is none, for want of a baseline, of figures or of a history.",
)


def _overview(report: Report) -> Section:
    heading = Text("总体情况", "Overview")
    by_section = Heading(Text("各章节进展", "Progress by section"))
    blocks = (_summary(report), tables.statuses(report), by_section, tables.sections(report))
    return Section(Text("总体", "Overview"), heading, blocks)


def _summary(report: Report) -> Text:
    counts = report.counts
    judged = [status for status in VERDICTS if counts[status]]
    others = [status for status in STATUS if status not in VERDICTS and counts[status]]
    number = len(report.targets)
    unfinished = report.day < report.period.last
    yes, no = (sum(counts[status] for status in group) for group in (judged, others))
    zh = (
        f"截至 {report.day}，{number} 项目标中，{yes} 项有判断（{_list_zh(report, judged)}），"
        f"{no} 项没有判断（{_list_zh(report, others)}）。"
    )
    en = (
        f"On {report.day}, {yes} of {number} targets have a verdict ({_list_en(report, judged)}) "
        f"and {no} have none ({_list_en(report, others)})."
    )
    if unfinished:
        zh += f"本期尚未结束，至 {report.period.last} 为止。"
        en += f" The period is not over; it ends on {report.period.last}."
    return Text(zh, en)


def _list_zh(report: Report, statuses: list[Status]) -> str:
    return "、".join(f"{STATUS[status].zh} {report.counts[status]}" for status in statuses) or "无"


def _list_en(report: Report, statuses: list[Status]) -> str:
    return ", ".join(f"{report.counts[status]} {STATUS[status].en.lower()}" for status in statuses) or "none"


def _movers(report: Report) -> Section:
    before = report.period.before
    text = Text(
        f"与 {before} 相比，按进展变化（百分点，升降均计）排列，最多二十项。"
        "年度流量的水平按全年折算；规划起始日以基期为准。",
        f"Against {before}, by the change of progress in points, up or down, at most twenty. The level of an "
        "annual flow is what a year comes to; on the day the plan begins it is the baseline.",
    )
    heading = Text("变化最大的二十项", "The twenty that moved most")
    return Section(Text("变化", "Movers"), heading, (text, tables.movers(report)))


def _behind(report: Report) -> Section:
    text = Text(
        "按未达成、落后、有风险的次序，再按进度指数由低到高。差额为应达减数值。"
        "“每月需增”为仍能达成所需的速度，年度流量指达成当年目标所需。",
        "Missed first, then behind, then at risk, each by pace. Short by: expected less value. Needed a "
        "month: the speed that still meets the target, of an annual flow this year's.",
    )
    heading = Text("落后的目标及差距", "What is behind, and by how much")
    return Section(Text("落后", "Behind"), heading, (text, tables.behind(report)))


def _paths(report: Report) -> Section:
    text = Text(
        "灰线为路径，蓝线为实际，虚线为 2030 年目标，竖条为 2030 年 80 % 预测区间（有预测时）。"
        "年度流量按全年折算。",
        "Grey: the path. Blue: as measured. Dashed: the target of 2030. Bar: the central 80 % of the "
        "projection, where there is one. Annual flows are drawn as what the year comes to.",
    )
    heading = Text("主要目标的路径与实际", "Main targets: path and actual")
    return Section(Text("路径", "Paths"), heading, (text, Charts(report.curves)))


def _list_unjudged(report: Report) -> Section:
    text = Text(
        "数据过期、不完整、样本过小、无基期或口径待定的目标不作判断。",
        "There is no verdict on stale or incomplete data, on a small sample, without a baseline or while a "
        "meaning is left open.",
    )
    heading = Text("没有判断的目标及原因", "What has no verdict, and why")
    return Section(Text("无判断", "No verdict"), heading, (text, tables.tabulate_unjudged(report)))


def _quality(report: Report) -> Section:
    made = report.made
    text = Text(
        "及时性按报告日计算；各类计数自日志开始累计，截至编制时。",
        "Freshness is as of the report's day; counts run from the log's beginning until the report was made.",
    )
    blocks = (
        text,
        Heading(Text("及时性", "Freshness")),
        quality.freshness(report),
        Heading(Text("接收、重复与迟到", "Accepted, duplicate and late")),
        quality.counters(made),
        Heading(Text("拒收记录（按原因）", "Dead letters by reason")),
        quality.dead_letters(made),
        Heading(Text("完整度", "Completeness")),
        quality.completeness(report),
    )
    return Section(Text("数据质量", "Data quality"), Text("数据质量", "Data quality"), blocks)


def _describe_provenance(report: Report) -> Section:
    text = Text(
        "实时数值为各期间已接收事件之和，按编制时所知；官方数据为截止日已发布的版本。"
        "期初与期末采用同一批官方数据版本。",
        "Live values are what the accepted events of the period add up to, as known when it was made; "
        "official figures are the versions published by the day given, for both ends of the period.",
    )
    blocks = (
        text,
        quality.origin(report),
        Heading(Text("汇总位置", "Position of the totals")),
        quality.positions(report.made),
        Heading(Text("官方数据版本", "Vintages of official figures")),
        quality.vintages(report),
        Heading(Text("规划口径说明", "What the plan leaves open")),
        quality.notes(report),
    )
    return Section(Text("编制说明", "How made"), Text("编制说明", "How this report was made"), blocks)
