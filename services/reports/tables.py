"""The tables about targets."""

from collections.abc import Callable, Sequence

from tidemark.services.wording import explain_cause
from tidemark.streams.contracts.text import Text
from tidemark.streams.indicators.assessment.assessment import Forecast

from . import figures
from .cells import Cell, Column, Shares, Table, make_numeric
from .report import VERDICTS, Report, Target, compute_median_progress
from .words import COLOUR, STATUS, UNIT

Shown = tuple[Column, Callable[[Target], Cell]]
"""A column, and its cell for a target."""


def _name_column(width: float) -> Shown:
    return Column(Text("目标", "Target"), width), name_target


_UNIT: Shown = Column(Text("单位", "Unit"), 18), lambda target: UNIT[target.indicator.unit]
_STATUS: Shown = Column(Text("状态", "Status"), 18), lambda target: target.now.status
_VALUE: Shown = make_numeric("数值", "Value", 21), figures.format_value
_EXPECTED: Shown = (
    make_numeric("应达", "Expected", 21),
    lambda target: _format_computed(target, target.course.expected),
)


def tabulate_targets(report: Report) -> Table:
    """Every target of the plan with its numbers."""
    shown: tuple[Shown, ...] = (
        (make_numeric("序号", "No.", 8), lambda target: figures.format_count(target.number)),
        _name_column(44),
        _UNIT,
        _STATUS,
        _VALUE,
        (make_numeric("基期", "Baseline", 16), lambda target: figures.format_baseline(target.indicator)),
        (
            Column(Text("基期年", "Base year"), 10),
            lambda target: figures.format_baseline_year(target.indicator),
        ),
        (make_numeric("2030 目标", "Target 2030", 21), lambda target: figures.format_goal(target.indicator)),
        _EXPECTED,
        (make_numeric("进展", "Progress", 14), lambda target: figures.format_share(target.progress)),
        (make_numeric("进度指数", "Pace", 13), lambda target: figures.format_index(target.course.index)),
        (
            make_numeric("落后天数", "Days behind", 13),
            lambda target: figures.format_days(target.course.lag_days),
        ),
        (
            make_numeric("2030 预测", "Projection", 18),
            lambda target: _format_projected(target, lambda it: it.median),
        ),
        (
            make_numeric("80% 下限", "80 % low", 18),
            lambda target: _format_projected(target, lambda it: it.p80.low),
        ),
        (
            make_numeric("80% 上限", "80 % high", 18),
            lambda target: _format_projected(target, lambda it: it.p80.high),
        ),
        (make_numeric("达成概率", "Chance", 13), _format_probability),
        (Column(Text("来源", "Provenance"), 38), lambda target: figures.describe_source(target.now)),
    )
    groups = [
        Text(f"{target.section.number} {target.section.zh}", target.section.en) for target in report.targets
    ]
    return _tabulate(shown, report.targets, groups)


def tabulate_movers(report: Report) -> Table:
    """The targets whose progress changed most."""
    shown: tuple[Shown, ...] = (
        _name_column(54),
        _UNIT,
        (
            make_numeric("期初水平", "Level before", 22),
            lambda target: figures.format_level(target.indicator, target.level_before),
        ),
        (
            make_numeric("期末水平", "Level now", 22),
            lambda target: figures.format_level(target.indicator, target.course.level),
        ),
        (
            make_numeric("期初进展", "Progress before", 18),
            lambda target: figures.format_share(target.progress_before),
        ),
        (make_numeric("期末进展", "Progress now", 18), lambda target: figures.format_share(target.progress)),
        (make_numeric("变化", "Change", 16), lambda target: figures.format_share(target.moved, signed=True)),
        _STATUS,
    )
    return _tabulate(shown, report.movers)


def tabulate_behind(report: Report) -> Table:
    """Targets behind their path, by how much, and the monthly increase that still meets the target."""
    shown: tuple[Shown, ...] = (
        _name_column(42),
        _UNIT,
        _STATUS,
        _VALUE,
        _EXPECTED,
        (make_numeric("差额", "Shortfall", 20), lambda target: _format_computed(target, target.shortfall)),
        (
            make_numeric("落后天数", "Days behind", 15),
            lambda target: figures.format_days(target.course.lag_days),
        ),
        (make_numeric("进度指数", "Pace", 14), lambda target: figures.format_index(target.course.index)),
        (
            make_numeric("每月需增", "Needed per month", 20),
            lambda target: figures.format_monthly(target.course.required_per_day),
        ),
    )
    return _tabulate(shown, report.behind)


def tabulate_unjudged(report: Report) -> Table:
    """Targets without a verdict, and why."""
    why: Shown = Column(Text("原因", "Why"), 71), lambda target: explain_cause(target.now.why)
    return _tabulate((_name_column(52), _STATUS, _VALUE, _UNIT, why), report.unjudged)


def tabulate_statuses(report: Report) -> Table:
    """The number of targets by status."""
    ends = ((Text("期末", "Now"), report.counts), (Text("期初", "Before"), report.counts_before))
    rows: list[Sequence[Cell]] = [
        (words, *(figures.format_count(counts[status]) for status in STATUS)) for words, counts in ends
    ]
    return Table((Column(Text("目标数", "Targets"), 20), *list_status_columns()), rows)


def tabulate_sections(report: Report) -> Table:
    """The targets of each section of the plan, by status."""
    columns = (
        Column(Text("章节", "Section"), 44),
        make_numeric("目标数", "Targets", 16),
        make_numeric("已作评价", "With verdict", 16),
        make_numeric("进展中位数", "Median progress", 22),
        Column(Text("状态构成", "By status"), 82),
    )
    return Table(columns, [_list_section(targets) for targets in report.sections.values()])


def list_status_columns() -> tuple[Column, ...]:
    """A column of numbers for each status."""
    return tuple(Column(words, 20, numeric=True, colour=COLOUR[status]) for status, words in STATUS.items())


def name_target(target: Target) -> Text:
    """A target's name."""
    return Text(target.indicator.name_zh, target.indicator.name_en)


def _tabulate(shown: Sequence[Shown], targets: Sequence[Target], groups: Sequence[Text] = ()) -> Table:
    rows = [[cell(target) for _, cell in shown] for target in targets]
    return Table(tuple(column for column, _ in shown), rows, groups)


def _format_computed(target: Target, number: float | None) -> Cell:
    return figures.format_computed(target.indicator, number)


def _format_projected(target: Target, of: Callable[[Forecast], float]) -> Cell:
    forecast = target.now.forecast
    return None if forecast is None else _format_computed(target, of(forecast))


def _format_probability(target: Target) -> Cell:
    return None if target.now.forecast is None else figures.format_share(target.now.forecast.probability)


def _list_section(targets: Sequence[Target]) -> Sequence[Cell]:
    section = targets[0].section
    counts = {status: sum(target.now.status is status for target in targets) for status in STATUS}
    return (
        Text(f"{section.number} {section.zh}", section.en),
        figures.format_count(len(targets)),
        figures.format_count(sum(counts[status] for status in VERDICTS)),
        figures.format_share(compute_median_progress(targets)),
        Shares({status: number for status, number in counts.items() if number}),
    )
