"""The page of one target: how it was computed, its history, its paths, its official figures."""

from collections.abc import Iterator, Sequence
from datetime import date

from tidemark.services.reports.words import KIND, PATH, PROVENANCE, UNIT
from tidemark.services.wording import describe_time, explain_cause
from tidemark.streams.contracts.civil import last_day
from tidemark.streams.contracts.text import Language, Text
from tidemark.streams.indicators.assessment.assessing import assess
from tidemark.streams.indicators.assessment.assessment import Amount, Assessment, Freshness, Side
from tidemark.streams.indicators.assessment.courses import expand_paths
from tidemark.streams.indicators.assessment.evidence import Finding, gather_evidence
from tidemark.streams.indicators.assessment.measuring import Provenance
from tidemark.streams.indicators.paths.path import compute_annual_target, compute_expected
from tidemark.streams.indicators.projection.history import History
from tidemark.streams.indicators.targets.catalogue import Indicator
from tidemark.streams.indicators.targets.goal import PLAN_START
from tidemark.streams.indicators.values.cause import Cause

from .console import out, print_line
from .context import TargetContext
from .tables import MISSING, NO_DATA, Column, ColumnKind, print_table
from .target_table import format_number, style_status

_FIGURES = 24
_YEARS = range(PLAN_START.year, PLAN_START.year + 6)
_HEIGHT = 8
_EIGHTHS = " ▁▂▃▄▅▆▇█"
_PATH = "·"


def print_page(context: TargetContext, indicator: Indicator, lang: Language) -> None:
    """Print all that the log, the plan and the official figures say about a target."""
    evidence = gather_evidence(context.assessment, indicator)
    assessment = assess(context.assessment, indicator, evidence, context.book)
    say = _Words(lang)
    out.print(f"[bold]{say(indicator.name_zh, indicator.name_en)}[/bold]  {indicator.id}", highlight=False)
    status = style_status(assessment.status, lang)
    out.print(say("状态：", "status: "), status, " – ", say.why(assessment.why), sep="", highlight=False)
    facts = [(label, text) for label, text in _list_facts(indicator, assessment, say) if text]
    print_table([Column(""), Column("", ColumnKind.WORDS)], facts, lang)
    print_line("")
    _print_paths(indicator, say, lang)
    if isinstance(evidence.finding, Finding) and evidence.finding.history is not None:
        print_line("")
        _print_history(indicator, evidence.finding.history, say)
    if indicator.official:
        print_line("")
        _print_figures(context, indicator, say, lang)
    print_line(context.basis.in_language(lang))


class _Words:
    """Picks the language."""

    def __init__(self, lang: Language) -> None:
        self._english = lang is Language.EN

    def __call__(self, zh: str | None, en: str | None) -> str:
        return (en if self._english else zh) or ""

    def why(self, cause: Cause) -> str:
        """The cause in words."""
        text = explain_cause(cause)
        return self(text.zh, text.en)

    def provenance(self, provenance: Provenance | None) -> str:
        """Where a value comes from, in words."""
        text = PROVENANCE[provenance] if provenance else Text("", "")
        return self(text.zh, text.en)


def _list_facts(indicator: Indicator, assessment: Assessment, say: _Words) -> Iterator[tuple[str, str]]:
    unit = UNIT[indicator.unit]
    value = f"{indicator.op} {format_number(assessment.target)} {say(unit.zh, unit.en)}"
    kind, path = KIND[assessment.kind], PATH[indicator.path]
    yield (
        say("目标", "target"),
        say(f"{value}，{kind.zh}，{path.zh}路径", f"{value}, {kind.en}, {path.en} path"),
    )
    year = indicator.baseline_year
    since = say(f"（{year} 年）", f" ({year})") if year else ""
    yield say("基期", "baseline"), format_number(assessment.baseline) + since
    yield say("出处", "source"), indicator.source
    yield say("说明", "note"), say(indicator.note_zh, indicator.note_en)
    yield say("与之矛盾", "conflicts with"), ", ".join(indicator.conflicts_with)
    for label, side in (
        (say("实时", "live"), assessment.live),
        (say("官方", "official"), assessment.official),
        (say("校准估计", "nowcast"), assessment.nowcast),
    ):
        yield label, _describe_side(side, say)
    yield say("采用", "value used"), say.provenance(assessment.provenance)
    yield from _list_quality(assessment, say)
    yield from _list_pace(assessment, say)
    yield from _list_forecast(assessment, say)


def _describe_side(side: Side | None, say: _Words) -> str:
    if side is None:
        return ""
    if side.amount is None:
        return say.why(side.absent) if side.absent else ""
    return _describe_amount(side.amount, say)


def _describe_amount(amount: Amount, say: _Words) -> str:
    shown = format_number(amount.value) if "/" in amount.exact else amount.exact
    days = f"{amount.first}" if amount.first == amount.last else f"{amount.first} – {amount.last}"
    parts = [f"{shown}, {days}", amount.computed_from]
    if amount.sample is not None:
        low, high = amount.sample.low, amount.sample.high
        interval = "" if low is None or high is None else f", 95 %: {low:.1f} – {high:.1f}"
        parts.append(f"n = {amount.sample.n}{interval}")
    if amount.vintage is not None:
        parts.append(
            say(
                f"版本 {amount.vintage}，{amount.published} 发布",
                f"{amount.vintage}, published {amount.published}",
            )
        )
    if amount.calibration is not None:
        drift = "" if amount.drift is None else f", {say('偏差', 'drift')} {amount.drift:+.2%}"
        parts.append(f"{say('校准', 'calibration')} {amount.calibration:.4f}{drift}")
    return "; ".join(parts)


def _list_quality(assessment: Assessment, say: _Words) -> Iterator[tuple[str, str]]:
    if assessment.freshness is not None:
        yield say("及时性", "freshness"), _describe_freshness(assessment.freshness, say)
    if assessment.completeness is not None:
        ratio, because = assessment.completeness.ratio, assessment.completeness.why
        words = say.why(because) if because else ""
        yield say("完整度", "completeness"), words if ratio is None else f"{ratio:.2%}"


def _describe_freshness(freshness: Freshness, say: _Words) -> str:
    limit = describe_time(freshness.limit_s)
    if freshness.age_s is None:
        return say(f"{freshness.family}：{NO_DATA.zh}", f"{freshness.family}: {NO_DATA.en}")
    age = describe_time(freshness.age_s)
    return say(
        f"{freshness.family}：距今 {age.zh}，时限 {limit.zh}",
        f"{freshness.family}: {age.en} old, limit {limit.en}",
    )


def _list_pace(assessment: Assessment, say: _Words) -> Iterator[tuple[str, str]]:
    course = assessment.course
    if course is None:
        return
    yield say("进展", "progress"), MISSING if course.progress is None else f"{course.progress:.1%}"
    yield say(f"{course.on} 应达", f"expected on {course.on}"), format_number(course.expected)
    yield say("今日应达", "expected today"), format_number(course.expected_today)
    if course.index is not None:
        yield say("进度指数", "pace index"), f"{course.index:.3f}{_describe_lag(course.lag_days or 0.0, say)}"
    if course.required_per_day is not None:
        yield (
            say("所需速度", "required pace"),
            f"{format_number(course.required_per_day * 7)} / {say('周', 'week')}",
        )
    if course.season is not None:
        yield say("季节", "season"), "; ".join([course.season, *course.warnings])


def _describe_lag(days: float, say: _Words) -> str:
    if abs(days) < 1:
        return ""
    zh, en = ("落后", "behind") if days > 0 else ("超前", "ahead")
    return say(f"，{zh} {abs(days):,.0f} 天", f", {abs(days):,.0f} days {en}")


def _list_forecast(assessment: Assessment, say: _Words) -> Iterator[tuple[str, str]]:
    label = say("2030 年底预测", "end of 2030")
    if assessment.forecast is not None:
        bounds = (assessment.forecast.p50, assessment.forecast.p80, assessment.forecast.p95)
        spans = "; ".join(
            f"{share} %: {format_number(bound.low)} – {format_number(bound.high)}"
            for share, bound in zip((50, 80, 95), bounds, strict=True)
        )
        yield label, f"{format_number(assessment.forecast.median)}; {spans}"
        yield say("达成概率", "probability"), f"{assessment.forecast.probability:.0%}"
    elif assessment.no_forecast is not None:
        yield label, say.why(assessment.no_forecast)


def _print_paths(indicator: Indicator, say: _Words, lang: Language) -> None:
    """Print the expected value at each year's end; for a stock on both paths."""
    goal = indicator.goal
    years = [Column(str(year), ColumnKind.NUMBER) for year in _YEARS]
    if goal.kind == "annual_flow":
        rows = [
            [
                say("年度", "of the year"),
                *(format_number(compute_annual_target(goal, year)) for year in _YEARS),
            ]
        ]
    else:
        rows = [
            [
                say(PATH[path].zh, PATH[path].en),
                *(format_number(compute_expected(on_path, date(year, 12, 31))) for year in _YEARS),
            ]
            for path, on_path in expand_paths(goal).items()
        ]
    print_table([Column(say("路径", "path")), *years], rows, lang)


def _print_history(indicator: Indicator, history: History, say: _Words) -> None:
    goal, ends = indicator.goal, [last_day(history.first + at) for at in range(len(history.values))]
    path = [None if goal.kind == "annual_flow" else compute_expected(goal, end) for end in ends]
    print_line(say("历史（按月，点为路径）", "history by month; dots are the path"))
    for line in _draw_chart(history.values, path):
        print_line(line)
    first, last = (f"{ends[at]:%Y-%m}: {format_number(history.values[at])}" for at in (0, -1))
    print_line(f"{first} … {last}")


def _draw_chart(values: Sequence[float | None], path: Sequence[float | None]) -> list[str]:
    """Eight lines of block characters, a column for each value; a dot where the path is above it. The
    chart starts at 0 where that is near, else below the lowest number."""
    numbers = [number for number in (*values, *path) if number is not None]
    if not numbers:
        return []
    low, high = min(numbers), max(numbers)
    low = 0.0 if 0 <= low < high / 2 else low - (high - low) * 0.1
    scale = (8 * _HEIGHT) / (high - low) if high > low else 0.0
    columns = [
        _draw_column(_count_eighths(value, low, scale), _count_eighths(expected, low, scale))
        for value, expected in zip(values, path, strict=True)
    ]
    return ["".join(column[row] for column in columns) for row in range(_HEIGHT - 1, -1, -1)]


def _count_eighths(value: float | None, low: float, scale: float) -> int | None:
    return None if value is None else max(1, round((value - low) * scale))


def _draw_column(filled: int | None, expected: int | None) -> list[str]:
    """The column from the bottom up, two characters wide."""
    cells = [2 * _EIGHTHS[min(max((filled or 0) - 8 * row, 0), 8)] for row in range(_HEIGHT)]
    if expected is not None:
        at = min((expected - 1) // 8, _HEIGHT - 1)
        if cells[at] == "  ":
            cells[at] = 2 * _PATH
    return cells


def _print_figures(context: TargetContext, indicator: Indicator, say: _Words, lang: Language) -> None:
    """The newest official figures with all their vintages."""
    columns = [
        Column(say("期间", "period")),
        Column(say("口径", "basis")),
        Column(say("数值", "value"), ColumnKind.NUMBER),
        Column(say("版本", "vintage")),
        Column(say("状态", "status"), optional=True),
        Column(say("发布", "published")),
    ]
    figures = sorted(
        context.assessment.figures.of_indicator(indicator.id),
        key=lambda figure: (figure.data.period, figure.at),
    )
    rows = [
        (
            figure.data.period,
            figure.data.basis,
            figure.data.value,
            figure.data.vintage,
            figure.data.status,
            str(figure.published),
        )
        for figure in figures[-_FIGURES:]
    ]
    if rows:
        print_table(columns, rows, lang)
    else:
        print_line(f"{say('官方数据', 'official figures')}: {NO_DATA.in_language(lang)}")
