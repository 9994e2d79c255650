"""The contents of a report, section by section."""

from collections.abc import Iterator

from tidemark.streams.contracts.text import Text
from tidemark.streams.indicators.assessment.assessment import Status

from . import quality, tables
from .cells import Charts, Heading, Section
from .report import VERDICTS, Report
from .words import STATUS

_NUMERALS = "一二三四五六七八九十"


def format_title(report: Report) -> Text:
    """The report's title."""
    district, period = report.made.district, report.period
    return Text(
        f"{district.zh}规划 2030 年目标{period.duty.zh}报告（{period.words.zh}）",
        f"{district.en}: {period.duty.en.lower()} of the plan's 2030 targets, {period.words.en}",
    )


def format_subtitle(report: Report) -> Text:
    """The dates of the data, and when the report was created."""
    made = quality.format_time(report.made.at, report.made.identity.zone)
    return Text(
        f"数据截至 {report.day}；官方数据采用截至 {report.made.as_of} 已发布的版本；编制时间 {made}",
        f"Data as of {report.day}; official figures as published by {report.made.as_of}; created at {made}",
    )


def format_warning(report: Report) -> Text | None:
    """The warning that the numbers are not real statistics, or None."""
    if not report.made.simulated:
        return None
    return Text(
        "本报告依据模拟事件编制，不是真实统计数据，不得对外发布。",
        "This report is based on simulated events. The numbers are not real statistics; do not publish them.",
    )


def build_sections(report: Report) -> tuple[Section, ...]:
    """All sections, numbered."""
    return tuple(
        Section(section.name, _number_heading(number, section.heading), section.blocks, section.wide)
        for number, section in enumerate(_list_sections(report), 1)
    )


def _number_heading(number: int, heading: Text) -> Text:
    return Text(f"{_NUMERALS[number - 1]}、{heading.zh}", f"{number}. {heading.en}")


def _list_sections(report: Report) -> Iterator[Section]:
    yield _build_overview(report)
    yield _build_movers(report)
    yield _build_behind(report)
    yield _build_paths(report)
    yield _build_unjudged(report)
    heading = Text("全部 88 项目标", "All 88 targets")
    if len(report.targets) != 88:
        heading = Text(f"全部 {len(report.targets)} 项目标", f"All {len(report.targets)} targets")
    yield Section(
        Text("全部目标", "Targets"), heading, (_READING, tables.tabulate_targets(report)), wide=True
    )
    yield _build_quality(report)
    yield _build_provenance(report)


_READING = Text(
    "数值：年度流量为年初至今累计值，累计类为 2026 年以来累计值，存量为当日值。"
    "应达：按规划路径，数值所属日应达到的水平。进度指数：1 表示与路径一致。落后天数：负数表示超前。"
    "2030 预测：中位数、80% 区间和达成概率。“—”表示无数值：未给出基期、无数据或历史数据过短。",
    "Value: the year to date for an annual flow, the total since 2026 for a cumulative target, the level "
    "on the day for a stock. Expected: the path on the date of the value. Pace: 1 is on the path. Days "
    "behind: negative when ahead. Projection: the median for 2030, the central 80 % range, and the "
    "probability of meeting the target. “—”: not available, because there is no baseline, no data or too "
    "short a history.",
)


def _build_overview(report: Report) -> Section:
    heading = Text("总体情况", "Overview")
    by_section = Heading(Text("各章节进展", "Progress by section"))
    blocks = (
        _summarise(report),
        tables.tabulate_statuses(report),
        by_section,
        tables.tabulate_sections(report),
    )
    return Section(Text("总体", "Overview"), heading, blocks)


def _summarise(report: Report) -> Text:
    counts = report.counts
    judged = [status for status in VERDICTS if counts[status]]
    others = [status for status in STATUS if status not in VERDICTS and counts[status]]
    number = len(report.targets)
    unfinished = report.day < report.period.last
    yes, no = (sum(counts[status] for status in group) for group in (judged, others))
    zh = (
        f"截至 {report.day}，{number} 项目标中，已作评价 {yes} 项（{_list_zh(report, judged)}），"
        f"未作评价 {no} 项（{_list_zh(report, others)}）。"
    )
    en = (
        f"On {report.day}, {yes} of {number} targets have a verdict ({_list_en(report, judged)}) "
        f"and {no} have none ({_list_en(report, others)})."
    )
    if unfinished:
        zh += f"报告期尚未结束，截止日为 {report.period.last}。"
        en += f" The period has not ended yet; it ends on {report.period.last}."
    return Text(zh, en)


def _list_zh(report: Report, statuses: list[Status]) -> str:
    return "、".join(f"{STATUS[status].zh} {report.counts[status]}" for status in statuses) or "无"


def _list_en(report: Report, statuses: list[Status]) -> str:
    return ", ".join(f"{report.counts[status]} {STATUS[status].en.lower()}" for status in statuses) or "none"


def _build_movers(report: Report) -> Section:
    before = report.period.before
    text = Text(
        f"与 {before} 相比，按进展变化幅度（百分点，升降均计）由大到小排列，最多列二十项。"
        "年度流量的水平按全年折算；规划起始日取基期值。",
        f"Compared with {before}: the targets whose progress changed most, up or down, in percentage "
        "points; at most twenty. Annual flows are extrapolated to the full year; at the start of the plan "
        "the level is the baseline.",
    )
    heading = Text("变化最大的二十项", "The twenty targets that moved most")
    return Section(Text("变化", "Movers"), heading, (text, tables.tabulate_movers(report)))


def _build_behind(report: Report) -> Section:
    text = Text(
        "依次列出未达成、落后和有风险的目标，同一状态内按进度指数由低到高排列。差额为应达值减数值。"
        "“每月需增”为达成目标每月所需的增量；年度流量按当年目标计算。",
        "Missed targets first, then those behind, then those at risk, each by pace. Shortfall: expected "
        "minus value. Needed per month: the increase that would still meet the target, or this year's "
        "target for an annual flow.",
    )
    heading = Text("落后的目标及差距", "Targets behind their path, and by how much")
    return Section(Text("落后", "Behind"), heading, (text, tables.tabulate_behind(report)))


def _build_paths(report: Report) -> Section:
    text = Text(
        "灰线为规划路径，蓝线为实际值，虚线为 2030 年目标，竖条为 2030 年 80% 预测区间（有预测时）。"
        "年度流量按全年折算。",
        "Grey: path. Blue: actual values. Dashed: the target for 2030. Bar: the central 80 % range of the "
        "projection, where there is one. Annual flows are extrapolated to the full year.",
    )
    heading = Text("主要目标的路径与实际", "Main targets: path and actual")
    return Section(Text("路径", "Paths"), heading, (text, Charts(report.curves)))


def _build_unjudged(report: Report) -> Section:
    text = Text(
        "数据过期、数据不完整、样本过小、无基期或口径待定的目标不作评价。",
        "A target has no verdict if its data are stale or incomplete, its sample is small, it has no "
        "baseline, or its meaning is not declared.",
    )
    heading = Text("未作评价的目标及原因", "Targets without a verdict, and why")
    return Section(Text("未作评价", "No verdict"), heading, (text, tables.tabulate_unjudged(report)))


def _build_quality(report: Report) -> Section:
    made = report.made
    text = Text(
        "及时性按报告日计算；各项计数为自日志建立至编制时的累计数。",
        "Freshness is as of the report's day; counts cover the whole log, up to when the report was created.",
    )
    blocks = (
        text,
        Heading(Text("及时性", "Freshness")),
        quality.tabulate_freshness(report),
        Heading(Text("接收、重复与迟到", "Accepted, duplicate and late")),
        quality.tabulate_counters(made),
        Heading(Text("拒收记录（按原因）", "Dead letters by reason")),
        quality.tabulate_dead_letters(made),
        Heading(Text("完整度", "Completeness")),
        quality.tabulate_completeness(report),
    )
    return Section(Text("数据质量", "Data quality"), Text("数据质量", "Data quality"), blocks)


def _build_provenance(report: Report) -> Section:
    text = Text(
        "实时数值为编制时各时段已接收事件的合计；官方数据采用截至“官方数据截止日”已发布的版本，"
        "期初与期末采用同一批版本。",
        "Live values are sums of the events that were accepted by the time the report was created. Official "
        "figures are the vintages published by the day given, the same for both ends of the period.",
    )
    blocks = (
        text,
        quality.tabulate_origin(report),
        Heading(Text("汇总位置", "Position of the totals")),
        quality.tabulate_positions(report.made),
        Heading(Text("官方数据版本", "Vintages of official figures")),
        quality.tabulate_vintages(report),
        Heading(Text("规划口径说明", "What the plan leaves open or states twice")),
        quality.tabulate_notes(report),
    )
    return Section(Text("编制说明", "Provenance"), Text("编制说明", "How this report was created"), blocks)
