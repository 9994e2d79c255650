"""The tables about the data: freshness, completeness, dead letters, and the report's provenance."""

from collections.abc import Iterator, Sequence
from datetime import datetime
from zoneinfo import ZoneInfo

from tidemark.streams.contracts.civil import instant, millis
from tidemark.streams.contracts.published import Feed
from tidemark.streams.contracts.text import Text
from tidemark.streams.families.definitions import FAMILY_NAMES, stale_after_ms
from tidemark.streams.view.feeds import age_ms

from . import figures
from .cells import Cell, Column, Number, Table, make_numeric
from .report import Provenance, Report
from .tables import name_target
from .words import NONE, VINTAGE

_FEED = Column(Text("数据源", "Feed"), 34)
_TARGET = Column(Text("目标", "Target"), 60)
_MINUTE_MS = 60_000
_FRESH, _STALE = Text("及时", "fresh"), Text("数据过期", "stale")
_NOTHING = Text("尚无事件", "no event yet")
_CONTENT = {
    "real": Text("真实事件", "real events"),
    "simulated": Text("模拟事件", "simulated events"),
    "mixed": Text("真实与模拟事件混合", "real and simulated events"),
}


def tabulate_freshness(report: Report) -> Table:
    """The newest event of each feed, its age, and the age from which it is stale."""
    columns = (
        _FEED,
        Column(Text("最新事件时间", "Newest event"), 40),
        make_numeric("距今（分钟）", "Age, minutes", 26),
        make_numeric("时限（分钟）", "Limit, minutes", 26),
        Column(Text("及时性", "Freshness"), 30),
    )
    return Table(
        columns, [_list_freshness(family, feed, report) for family, feed in report.made.feeds.items()]
    )


def tabulate_counters(made: Provenance) -> Table:
    """How the events of each feed were treated, over the whole log."""
    columns = (
        _FEED,
        make_numeric("接收", "Accepted", 24),
        make_numeric("重复", "Duplicate", 22),
        make_numeric("迟到", "Late", 22),
        make_numeric("迟到率", "Late share", 20),
        make_numeric("逾期", "Expired", 20),
        make_numeric("时间超前", "Future", 18),
        make_numeric("拒收记录", "Dead letters", 22),
    )
    unknown = {family: Feed() for family in made.dead_families if family not in made.feeds}
    rows = [_count_feed(family, feed, made) for family, feed in (*made.feeds.items(), *unknown.items())]
    return Table(columns, rows)


def tabulate_dead_letters(made: Provenance) -> Table:
    """Records that were not accepted, by reason."""
    columns = (Column(Text("原因", "Reason"), 60), make_numeric("条数", "Records", 30))
    rows = [(reason, figures.format_count(number)) for reason, number in sorted(made.dead.items())]
    return Table(columns, rows)


def tabulate_completeness(report: Report) -> Table:
    """Received ÷ expected, for the targets where both are known."""
    columns = (
        _TARGET,
        make_numeric("完整度", "Completeness", 26),
        make_numeric("收到", "Received", 30),
        make_numeric("应收", "Expected", 30),
    )
    measured = [
        (target, target.now.completeness) for target in report.targets if target.now.completeness is not None
    ]
    rows = [
        (
            name_target(target),
            figures.format_share(completeness.ratio),
            _format_optional(completeness.received),
            _format_optional(completeness.expected),
        )
        for target, completeness in measured
        if completeness.ratio is not None
    ]
    return Table(columns, rows)


def tabulate_vintages(report: Report) -> Table:
    """The official figures behind the values."""
    columns = (
        _TARGET,
        Column(Text("所用期间", "Periods"), 50),
        Column(Text("版本", "Vintage"), 30),
        Column(Text("发布日期", "Published"), 26),
    )
    rows = []
    for target in report.targets:
        amount = target.now.official.amount if target.now.official is not None else None
        if amount is not None and amount.vintage is not None:
            rows.append(
                (
                    name_target(target),
                    _format_periods(amount.periods),
                    VINTAGE[amount.vintage],
                    amount.published,
                )
            )
    return Table(columns, rows)


def tabulate_notes(report: Report) -> Table:
    """What the plan leaves open or states twice, as noted in the catalogue."""
    columns = (_TARGET, Column(Text("出处", "Stated in"), 34), Column(Text("说明", "Note"), 86))
    rows = [
        (
            name_target(target),
            target.indicator.source,
            Text(target.indicator.note_zh, target.indicator.note_en),
        )
        for target in report.targets
        if target.indicator.note_zh is not None and target.indicator.note_en is not None
    ]
    return Table(columns, rows)


def tabulate_origin(report: Report) -> Table:
    """The log, the dates and the versions."""
    columns = (Column(Text("项目", "Item"), 50), Column(Text("内容", "Content"), 130))
    return Table(columns, list(_list_origin(report)))


def tabulate_positions(made: Provenance) -> Table:
    """How much of each partition the totals include."""
    columns = (
        make_numeric("分区", "Partition", 26),
        make_numeric("已汇总至偏移量", "Totals up to offset", 44),
        make_numeric("待处理记录", "Backlog, records", 44),
    )
    pairs = zip(made.positions, made.lags, strict=True)
    rows = [tuple(map(figures.format_count, (number, *pair))) for number, pair in enumerate(pairs)]
    return Table(columns, rows)


def format_time(at: datetime, zone: str) -> str:
    """An instant in the district's time zone, to the minute."""
    return f"{at.astimezone(ZoneInfo(zone)):%Y-%m-%d %H:%M}"


def _list_origin(report: Report) -> Iterator[Sequence[Cell]]:
    made, identity = report.made, report.made.identity
    versions = ", ".join(map(str, made.fold_versions)) or "–"
    yield (
        Text("报告期", "Period"),
        Text(f"{report.period.first} 至 {report.day}", f"{report.period.first} to {report.day}"),
    )
    yield Text("对比日", "Compared with"), report.period.before
    yield Text("官方数据截止日", "Official figures as published by"), made.as_of
    yield Text("编制时间", "Created at"), f"{format_time(made.at, identity.zone)} ({identity.zone})"
    yield Text("事件日志", "Event log"), made.log
    yield Text("内容类型", "Content"), _CONTENT[identity.content]
    yield Text("状态代次", "Generation of the state"), figures.format_count(made.generation)
    yield Text("汇总规则版本", "Fold version"), versions
    yield Text("口径声明", "Declared meanings"), ", ".join(_describe_declarations(report)) or NONE
    yield Text("Tidemark 版本", "Tidemark version"), made.version


def _describe_declarations(report: Report) -> Iterator[str]:
    for target in report.targets:
        if target.indicator.meaning is not None:
            yield f"{target.indicator.id} = {target.indicator.meaning}"


def _list_freshness(family: str, feed: Feed, report: Report) -> Sequence[Cell]:
    limit_ms, age = stale_after_ms(family), age_ms(feed, millis(report.moment))
    if age is None:
        return FAMILY_NAMES.get(family, family), _NOTHING, None, Number(limit_ms / _MINUTE_MS, 1), _STALE
    return (
        FAMILY_NAMES.get(family, family),
        format_time(instant(feed.newest_ms), report.made.identity.zone),
        Number(age / _MINUTE_MS, 1),
        Number(limit_ms / _MINUTE_MS, 1),
        _STALE if age > limit_ms else _FRESH,
    )


def _count_feed(family: str, feed: Feed, made: Provenance) -> Sequence[Cell]:
    late = feed.late / feed.accepted if feed.accepted else None
    counts = (feed.accepted, feed.duplicate, feed.late)
    refused = (feed.expired, feed.future, made.dead_families.get(family, 0))
    return (
        FAMILY_NAMES.get(family, family),
        *map(figures.format_count, counts),
        figures.format_share(late),
        *map(figures.format_count, refused),
    )


def _format_periods(periods: Sequence[str]) -> str:
    return periods[0] if len(periods) == 1 else f"{min(periods)} – {max(periods)} ({len(periods)})"


def _format_optional(number: int | None) -> Cell:
    return None if number is None else figures.format_count(number)
