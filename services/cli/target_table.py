"""The table of targets."""

from collections.abc import Sequence

from rich.console import Console
from rich.table import Table
from rich.text import Text

from tidemark.services.reports.words import STATUS
from tidemark.services.wording import explain_cause
from tidemark.streams.contracts.text import Language
from tidemark.streams.indicators.assessment.assessment import Assessment, Status
from tidemark.streams.indicators.targets.catalogue import Indicator

from .console import out

_HEADS = {
    Language.ZH: (
        "指标",
        "数值",
        "2030 目标",
        "单位",
        "状态",
        "进度指数",
        "落后天数",
        "目前应为",
        "概率",
        "说明",
    ),
    Language.EN: ("target", "value", "2030", "unit", "status", "index", "lag d", "expected", "odds", "why"),
}
_NUMBERS = {1, 2, 5, 6, 7, 8}
_ALWAYS = 7
"""So many columns are shown on a narrow terminal too; the others want one of WIDE."""
WIDE = 180
_STYLE = {
    Status.REACHED: "bold green",
    Status.ON_TRACK: "green",
    Status.AT_RISK: "yellow",
    Status.BEHIND: "red",
    Status.MISSED: "bold red",
}


def print_table(rows: Sequence[tuple[Indicator, Assessment]], lang: Language) -> None:
    """One row a target; into a file or a pipe as wide as on a wide terminal."""
    console = out if out.is_terminal else Console(width=WIDE)
    columns = len(_HEADS[lang]) if console.width >= WIDE else _ALWAYS
    table = Table(box=None, pad_edge=False)
    for number, head in enumerate(_HEADS[lang][:columns]):
        words = number in (0, len(_HEADS[lang]) - 1)
        table.add_column(
            head, justify="right" if number in _NUMBERS else "left", overflow="fold", no_wrap=not words
        )
    for indicator, one in rows:
        table.add_row(*_row(indicator, one, lang)[:columns])
    console.print(table)


def _row(indicator: Indicator, one: Assessment, lang: Language) -> list[str | Text]:
    course, forecast = one.course, one.forecast
    return [
        Text(f"{indicator.id}\n{indicator.name_zh if lang is Language.ZH else indicator.name_en}"),
        number(one.amount.value if one.amount else None),
        f"{indicator.op} {number(one.target)}",
        one.unit,
        status_text(one.status, lang),
        _fixed(course.index if course else None, ".3f"),
        _fixed(course.lag_days if course else None, ",.0f"),
        number(course.expected if course else None),
        _fixed(forecast.probability if forecast else None, ".0%"),
        explain_cause(one.why).in_language(lang),
    ]


def status_text(status: Status, lang: Language) -> Text:
    """The status in words and colour."""
    return Text(STATUS[status].in_language(lang), _STYLE.get(status, "dim"))


def number(value: float | None) -> str:
    """A number as people read it: thousands apart, at most four places."""
    if value is None:
        return "–"
    return f"{value:,.4f}".rstrip("0").rstrip(".") if abs(value) < 10_000 else f"{value:,.0f}"


def _fixed(value: float | None, form: str) -> str:
    return "–" if value is None else format(value, form)
