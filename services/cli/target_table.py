"""The table of targets."""

from collections.abc import Sequence

from rich.text import Text as Styled

from tidemark.services.reports.words import STATUS, UNIT
from tidemark.services.wording import explain_cause
from tidemark.streams.contracts.text import Language, Text
from tidemark.streams.indicators.assessment.assessment import Assessment, Status
from tidemark.streams.indicators.targets.catalogue import Indicator

from .console import is_terminal
from .tables import MISSING, Cell, Column, ColumnKind, print_table

_STYLE = {
    Status.REACHED: "bold green",
    Status.ON_TRACK: "green",
    Status.AT_RISK: "yellow",
    Status.BEHIND: "red",
    Status.MISSED: "bold red",
}


def print_targets(rows: Sequence[tuple[Indicator, Assessment]], language: Language) -> None:
    """Print a row for each target. On a terminal the name is below the id, in a pipe beside it."""
    stacked = is_terminal()
    columns = _columns(language)
    print_table(
        [columns[0], *columns[2:]] if stacked else columns,
        [_row(indicator, assessment, language, stacked) for indicator, assessment in rows],
        language,
    )


def _columns(language: Language) -> list[Column]:
    def column(zh: str, en: str, kind: ColumnKind = ColumnKind.NUMBER, optional: bool = True) -> Column:
        return Column(Text(zh, en).in_language(language), kind, optional)

    return [
        column("指标", "target", ColumnKind.WORDS, optional=False),
        column("名称", "name", ColumnKind.WORDS, optional=False),
        column("数值", "value", optional=False),
        column("2030 目标", "2030", optional=False),
        column("单位", "unit", ColumnKind.ID, optional=False),
        column("状态", "status", ColumnKind.ID, optional=False),
        column("进度指数", "pace index"),
        column("落后天数", "days behind"),
        column("目前应达", "expected"),
        column("达成概率", "probability"),
        column("说明", "why", ColumnKind.WORDS),
    ]


def _row(indicator: Indicator, assessment: Assessment, language: Language, stacked: bool) -> list[Cell]:
    course, forecast = assessment.course, assessment.forecast
    name = indicator.name_zh if language is Language.ZH else indicator.name_en
    return [
        *([f"{indicator.id}\n{name}"] if stacked else [indicator.id, name]),
        format_number(assessment.amount.value if assessment.amount else None),
        f"{indicator.op} {format_number(assessment.target)}",
        UNIT[indicator.unit].in_language(language),
        style_status(assessment.status, language),
        _format_fixed(course.index if course else None, ".3f"),
        _format_fixed(course.lag_days if course else None, ",.0f"),
        format_number(course.expected if course else None),
        _format_fixed(forecast.probability if forecast else None, ".0%"),
        explain_cause(assessment.why).in_language(language),
    ]


def style_status(status: Status, language: Language) -> Styled:
    """The status in words and colour."""
    return Styled(STATUS[status].in_language(language), _STYLE.get(status, "dim"))


def format_number(value: float | None) -> str:
    """A number with thousands separators and at most four decimals."""
    if value is None:
        return MISSING
    return f"{value:,.4f}".rstrip("0").rstrip(".") if abs(value) < 10_000 else f"{value:,.0f}"


def _format_fixed(value: float | None, form: str) -> str:
    return MISSING if value is None else format(value, form)
