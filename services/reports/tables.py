"""The tables about targets."""

from collections.abc import Sequence

from tidemark.services.wording import explain_cause
from tidemark.streams.contracts.text import Text

from . import figures
from .cells import Cell, Column, Shares, Table
from .report import VERDICTS, Report, Target, median_progress
from .words import COLOUR, STATUS, UNIT

_NAME = Text("目标", "Target")
_UNIT = Column(Text("单位", "Unit"), 16)
_STATUS = Column(Text("状态", "Status"), 18)
_VALUE = Column(Text("数值", "Value"), 21, numeric=True)
_EXPECTED = Column(Text("应达", "Expected"), 21, numeric=True)


def all_targets(report: Report) -> Table:
    """Every target of the plan with its numbers."""
    columns = (
        Column(Text("序号", "No."), 8, numeric=True),
        Column(_NAME, 46),
        _UNIT,
        _STATUS,
        _VALUE,
        Column(Text("基期", "Baseline"), 16, numeric=True),
        Column(Text("基期年", "Of year"), 10),
        Column(Text("2030 目标", "Target 2030"), 21, numeric=True),
        _EXPECTED,
        Column(Text("进展", "Progress"), 14, numeric=True),
        Column(Text("进度指数", "Pace"), 13, numeric=True),
        Column(Text("滞后天数", "Lag, days"), 13, numeric=True),
        Column(Text("2030 预测", "Projection"), 18, numeric=True),
        Column(Text("80 % 下限", "80 % low"), 18, numeric=True),
        Column(Text("80 % 上限", "80 % high"), 18, numeric=True),
        Column(Text("达成概率", "Chance"), 13, numeric=True),
        Column(Text("来源", "Provenance"), 38),
    )
    groups = [Text(f"{one.section.number} {one.section.zh}", one.section.en) for one in report.targets]
    return Table(columns, [_full(one) for one in report.targets], groups)


def movers(report: Report) -> Table:
    """The targets whose progress changed most."""
    columns = (
        Column(_NAME, 56),
        _UNIT,
        Column(Text("期初水平", "Level before"), 22, numeric=True),
        Column(Text("期末水平", "Level now"), 22, numeric=True),
        Column(Text("期初进展", "Progress before"), 18, numeric=True),
        Column(Text("期末进展", "Progress now"), 18, numeric=True),
        Column(Text("变化", "Change"), 16, numeric=True),
        _STATUS,
    )
    return Table(columns, [_moved(one) for one in report.movers])


def behind(report: Report) -> Table:
    """What is behind its path, by how much, and the speed that still meets the target."""
    columns = (
        Column(_NAME, 48),
        _UNIT,
        _STATUS,
        _VALUE,
        _EXPECTED,
        Column(Text("差额", "Short by"), 20, numeric=True),
        Column(Text("滞后天数", "Lag, days"), 13, numeric=True),
        Column(Text("进度指数", "Pace"), 12, numeric=True),
        Column(Text("每月需增", "Needed a month"), 20, numeric=True),
    )
    return Table(columns, [_behind(one) for one in report.behind])


def unjudged(report: Report) -> Table:
    """What has no verdict, and why."""
    columns = (Column(_NAME, 52), _STATUS, _VALUE, _UNIT, Column(Text("原因", "Why"), 73))
    return Table(columns, [_unjudged(one) for one in report.unjudged])


def statuses(report: Report) -> Table:
    """How many targets have each status."""
    ends = ((Text("期末", "Now"), report.counts), (Text("期初", "Before"), report.counts_before))
    rows: list[Sequence[Cell]] = [
        (words, *(figures.count(counts[status]) for status in STATUS)) for words, counts in ends
    ]
    return Table((Column(Text("目标数", "Targets"), 20), *by_status()), rows)


def sections(report: Report) -> Table:
    """How the targets of each section of the plan stand."""
    columns = (
        Column(Text("章节", "Section"), 44),
        Column(Text("目标数", "Targets"), 16, numeric=True),
        Column(Text("有判断", "Judged"), 16, numeric=True),
        Column(Text("进展中位数", "Median progress"), 22, numeric=True),
        Column(Text("状态构成", "By status"), 82),
    )
    return Table(columns, [_section(targets) for targets in report.sections.values()])


def by_status() -> tuple[Column, ...]:
    """A column of numbers for each status."""
    return tuple(Column(words, 20, numeric=True, colour=COLOUR[status]) for status, words in STATUS.items())


def name(target: Target) -> Text:
    """What a target is called."""
    return Text(target.indicator.name_zh, target.indicator.name_en)


def _full(target: Target) -> Sequence[Cell]:
    now, one = target.now, target.indicator
    course = target.course
    return (
        figures.count(target.number),
        name(target),
        UNIT[one.unit],
        now.status,
        figures.value(target),
        figures.begun(one),
        figures.begun_year(one),
        figures.goal(one),
        figures.computed(one, course.expected),
        figures.share(target.progress),
        figures.index(course.index),
        figures.days(course.lag_days),
        *_forecast(target),
        figures.provenance(now),
    )


def _forecast(target: Target) -> Sequence[Cell]:
    one, known = target.indicator, target.now.forecast
    if known is None:
        return (None,) * 4
    in_unit = (figures.computed(one, number) for number in (known.median, known.p80.low, known.p80.high))
    return (*in_unit, figures.share(known.probability))


def _moved(target: Target) -> Sequence[Cell]:
    course = target.course
    return (
        name(target),
        UNIT[target.indicator.unit],
        figures.level(target.indicator, target.level_before),
        figures.level(target.indicator, course.level),
        figures.share(target.progress_before),
        figures.share(target.progress),
        figures.share(target.moved, signed=True),
        target.now.status,
    )


def _behind(target: Target) -> Sequence[Cell]:
    one, course = target.indicator, target.course
    return (
        name(target),
        UNIT[one.unit],
        target.now.status,
        figures.value(target),
        figures.computed(one, course.expected),
        figures.computed(one, target.shortfall),
        figures.days(course.lag_days),
        figures.index(course.index),
        figures.monthly(course.required_per_day),
    )


def _unjudged(target: Target) -> Sequence[Cell]:
    unit = UNIT[target.indicator.unit]
    return name(target), target.now.status, figures.value(target), unit, explain_cause(target.now.why)


def _section(targets: Sequence[Target]) -> Sequence[Cell]:
    section = targets[0].section
    counts = {status: sum(one.now.status is status for one in targets) for status in STATUS}
    return (
        Text(f"{section.number} {section.zh}", section.en),
        figures.count(len(targets)),
        figures.count(sum(counts[status] for status in VERDICTS)),
        figures.share(median_progress(targets)),
        Shares({status: number for status, number in counts.items() if number}),
    )
