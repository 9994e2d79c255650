"""All about one target: how it was computed, its history, its paths, its official figures."""

from collections.abc import Iterator, Sequence
from datetime import date

from rich.table import Table

from tidemark.services.wording import explain_cause
from tidemark.streams.contracts.civil import last_day
from tidemark.streams.contracts.text import Language
from tidemark.streams.indicators.assessment.assessing import assess
from tidemark.streams.indicators.assessment.assessment import Amount, Assessment, Side
from tidemark.streams.indicators.assessment.courses import expand_paths
from tidemark.streams.indicators.assessment.evidence import Finding, gather_evidence
from tidemark.streams.indicators.paths.path import compute_annual_target, compute_expected
from tidemark.streams.indicators.projection.history import History
from tidemark.streams.indicators.targets.catalogue import Indicator
from tidemark.streams.indicators.targets.goal import PLAN_START
from tidemark.streams.indicators.values.cause import Cause

from .console import out
from .looking import Look
from .target_table import number, status_text

_FIGURES = 24
_YEARS = range(PLAN_START.year, PLAN_START.year + 6)
_HEIGHT = 8
_EIGHTHS = " ▁▂▃▄▅▆▇█"
_PATH = "·"


def print_page(seen: Look, indicator: Indicator, lang: Language) -> None:
    """Everything that is known of a target."""
    evidence = gather_evidence(seen.context, indicator)
    one = assess(seen.context, indicator, evidence, seen.book)
    say = _Words(lang)
    out.print(f"[bold]{say(indicator.name_zh, indicator.name_en)}[/bold]  {indicator.id}", highlight=False)
    out.print(say("状态：", "status: "), status_text(one.status, lang), " – ", say.why(one.why), sep="")
    out.print(_facts(indicator, one, say))
    out.print(_paths(indicator, say))
    if isinstance(evidence.finding, Finding) and evidence.finding.history is not None:
        _print_history(indicator, evidence.finding.history, say)
    if indicator.official:
        out.print(_figures(seen, indicator, say))
    out.print(say(*seen.known), highlight=False)


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


def _facts(indicator: Indicator, one: Assessment, say: _Words) -> Table:
    table = Table(box=None, show_header=False, pad_edge=False)
    for label, text in _lines(indicator, one, say):
        if text:
            table.add_row(label, text)
    return table


def _lines(indicator: Indicator, one: Assessment, say: _Words) -> Iterator[tuple[str, str]]:
    goal = f"{indicator.op} {number(one.target)} {one.unit}, {one.kind}, {indicator.path}"
    yield say("目标", "target"), goal
    since = f" ({indicator.baseline_year})" if indicator.baseline_year else ""
    yield say("基数", "baseline"), number(one.baseline) + since
    yield say("出处", "source"), indicator.source
    yield say("说明", "note"), say(indicator.note_zh, indicator.note_en)
    yield say("与之矛盾", "conflicts with"), ", ".join(indicator.conflicts_with)
    for label, side in (
        (say("实时", "live"), one.live),
        (say("官方", "official"), one.official),
        (say("估算", "nowcast"), one.nowcast),
    ):
        yield label, _side(side, say)
    yield say("采用", "counts"), one.provenance or ""
    yield from _sureness(one, say)
    yield from _pace(one, say)
    yield from _ahead(one, say)


def _side(side: Side | None, say: _Words) -> str:
    if side is None:
        return ""
    if side.amount is None:
        return say.why(side.absent) if side.absent else ""
    return _amount(side.amount, say)


def _amount(amount: Amount, say: _Words) -> str:
    shown = number(amount.value) if "/" in amount.exact else amount.exact
    parts = [f"{shown}, {amount.first} – {amount.last}", amount.computed_from]
    if amount.sample is not None:
        low, high = amount.sample.low, amount.sample.high
        held = "" if low is None or high is None else f", 95 %: {low:.1f} – {high:.1f}"
        parts.append(f"n = {amount.sample.n}{held}")
    if amount.vintage is not None:
        parts.append(
            say(
                f"版本 {amount.vintage}，{amount.published} 发布", f"{amount.vintage}, out {amount.published}"
            )
        )
    if amount.calibration is not None:
        drift = "" if amount.drift is None else f", {say('偏差', 'drift')} {amount.drift:+.2%}"
        parts.append(f"{say('校准', 'calibration')} {amount.calibration:.4f}{drift}")
    return "; ".join(parts)


def _sureness(one: Assessment, say: _Words) -> Iterator[tuple[str, str]]:
    if one.freshness is not None:
        age = "–" if one.freshness.age_s is None else f"{one.freshness.age_s:,.0f} s"
        yield say("时效", "freshness"), f"{one.freshness.family}: {age} ≤ {one.freshness.limit_s:,.0f} s"
    if one.completeness is not None:
        ratio, because = one.completeness.ratio, one.completeness.why
        words = say.why(because) if because else ""
        yield say("完整度", "completeness"), words if ratio is None else f"{ratio:.2%}"


def _pace(one: Assessment, say: _Words) -> Iterator[tuple[str, str]]:
    course = one.course
    if course is None:
        return
    yield say("进度", "progress"), "" if course.progress is None else f"{course.progress:.1%}"
    yield say(f"{course.on} 应为", f"expected on {course.on}"), number(course.expected)
    yield say("今日应为", "expected today"), number(course.expected_today)
    if course.index is not None:
        yield say("进度指数", "pace index"), f"{course.index:.3f}{_lag(course.lag_days or 0.0, say)}"
    if course.required_per_day is not None:
        yield say("所需速度", "required"), f"{number(course.required_per_day * 7)} / {say('周', 'week')}"
    if course.season is not None:
        yield say("季节", "season"), "; ".join([course.season, *course.warnings])


def _lag(days: float, say: _Words) -> str:
    if abs(days) < 1:
        return ""
    zh, en = ("落后", "behind") if days > 0 else ("超前", "ahead")
    return say(f"，{zh} {abs(days):,.0f} 天", f", {abs(days):,.0f} days {en}")


def _ahead(one: Assessment, say: _Words) -> Iterator[tuple[str, str]]:
    label = say("2030 年底预测", "end of 2030")
    if one.forecast is not None:
        bounds = (one.forecast.p50, one.forecast.p80, one.forecast.p95)
        spans = "; ".join(
            f"{share} %: {number(bound.low)} – {number(bound.high)}"
            for share, bound in zip((50, 80, 95), bounds, strict=True)
        )
        yield label, f"{number(one.forecast.median)}; {spans}"
        yield say("达成概率", "probability"), f"{one.forecast.probability:.0%}"
    elif one.no_forecast is not None:
        yield label, say.why(one.no_forecast)


def _paths(indicator: Indicator, say: _Words) -> Table:
    """What is expected by each year's end; of a stock on both paths."""
    goal = indicator.goal
    table = Table(say("路径", "path"), *map(str, _YEARS), box=None, pad_edge=False, title_justify="left")
    if goal.kind == "annual_flow":
        table.add_row(
            say("年度", "of the year"), *(number(compute_annual_target(goal, year)) for year in _YEARS)
        )
        return table
    for name, one in expand_paths(goal).items():
        table.add_row(name, *(number(compute_expected(one, date(year, 12, 31))) for year in _YEARS))
    return table


def _print_history(indicator: Indicator, history: History, say: _Words) -> None:
    goal, ends = indicator.goal, [last_day(history.first + at) for at in range(len(history.values))]
    path = [None if goal.kind == "annual_flow" else compute_expected(goal, end) for end in ends]
    out.print(say("历史（按月，点为路径）", "history by month, dots are the path"))
    for line in _chart(history.values, path):
        out.print(line, highlight=False)
    first, last = (f"{ends[at]:%Y-%m}: {number(history.values[at])}" for at in (0, -1))
    out.print(f"{first} … {last}", highlight=False)


def _chart(values: Sequence[float | None], path: Sequence[float | None]) -> list[str]:
    """Eight lines of block characters, a column for each value; a dot where the path runs above it. The
    lowest number stands at the foot, unless 0 lies close below."""
    known = [one for one in (*values, *path) if one is not None]
    if not known:
        return []
    low, high = min(known), max(known)
    low = 0.0 if 0 <= low < high / 2 else low - (high - low) * 0.1
    scale = (8 * _HEIGHT) / (high - low) if high > low else 0.0
    columns = [
        _column(_eighths(value, low, scale), _eighths(expected, low, scale))
        for value, expected in zip(values, path, strict=True)
    ]
    return ["".join(column[row] for column in columns) for row in range(_HEIGHT - 1, -1, -1)]


def _eighths(value: float | None, low: float, scale: float) -> int | None:
    return None if value is None else max(1, round((value - low) * scale))


def _column(filled: int | None, expected: int | None) -> list[str]:
    """From the foot up, two characters wide."""
    cells = [2 * _EIGHTHS[min(max((filled or 0) - 8 * row, 0), 8)] for row in range(_HEIGHT)]
    if expected is not None:
        at = min((expected - 1) // 8, _HEIGHT - 1)
        if cells[at] == "  ":
            cells[at] = 2 * _PATH
    return cells


def _figures(seen: Look, indicator: Indicator, say: _Words) -> Table:
    """The newest official figures with all their vintages."""
    heads = (
        ("期间", "口径", "数值", "版本", "状态", "发布"),
        ("period", "basis", "value", "vintage", "status", "published"),
    )
    table = Table(*(say(zh, en) for zh, en in zip(*heads, strict=True)), box=None, pad_edge=False)
    known = sorted(seen.context.figures.of_indicator(indicator.id), key=lambda one: (one.data.period, one.at))
    for one in known[-_FIGURES:]:
        data = one.data
        table.add_row(data.period, data.basis, data.value, data.vintage, data.status, str(one.published))
    return table
