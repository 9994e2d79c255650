"""A report as one self-contained HTML page, with styles and pictures embedded."""

from base64 import b64encode
from datetime import date

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup

from tidemark.streams.contracts.text import Text
from tidemark.streams.indicators.assessment.assessment import Status

from .cells import Cell, Number, Shares
from .charts import draw_curve, draw_shares
from .contents import build_sections, format_subtitle, format_title, format_warning
from .curves import Curve
from .report import Report
from .words import COLOUR, NONE, STATUS, UNIT, Languages, list_lines, say

_CHART_MM = 58
_SHARES_MM = 80


def write_page(report: Report, languages: Languages) -> bytes:
    """The page in UTF-8."""
    environment = Environment(
        loader=PackageLoader("tidemark.services.reports"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    layout = _Layout(languages)
    environment.filters |= {
        "say": layout.say,
        "cell": layout.cell,
        "curve": layout.curve,
        "plain": layout.plain,
    }
    page = environment.get_template("report.html").render(
        language=languages[0].value,
        title=format_title(report),
        subtitle=format_subtitle(report),
        warning=format_warning(report),
        sections=build_sections(report),
        units=UNIT,
        empty=NONE,
    )
    return page.encode()


class _Layout:
    """Renders words and cells as HTML, in one language or both."""

    def __init__(self, languages: Languages) -> None:
        self._languages = languages

    def plain(self, text: Text) -> str:
        """Text for places where no markup is allowed."""
        return say(text, self._languages, " · ")

    def say(self, text: Text | str) -> Markup:
        """Text, each language in an element of its own."""
        spans = (
            Markup('<span lang="{}">{}</span>').format(code, words) if code else Markup.escape(words)
            for code, words in list_lines(text, self._languages)
        )
        return Markup().join(spans)

    def cell(self, cell: Cell) -> Markup:
        """The content of a cell."""
        match cell:
            case None:
                return Markup('<span class="none">—</span>')
            case Status():
                return Markup('<span class="status" style="background:{}">{}</span>').format(
                    COLOUR[cell], self.say(STATUS[cell])
                )
            case Shares():
                alt = ", ".join(
                    f"{self.plain(STATUS[status])} {number}" for status, number in cell.counts.items()
                )
                return _picture(draw_shares(cell, _SHARES_MM, "svg"), alt)
            case Number() | date():
                return Markup.escape(str(cell))
            case _:
                return self.say(cell)

    def curve(self, curve: Curve) -> Markup:
        """A chart without its caption."""
        return _picture(draw_curve(curve, _CHART_MM, "svg"), self.plain(curve.name))


def _picture(svg: bytes, alt: str) -> Markup:
    return Markup('<img alt="{}" src="data:image/svg+xml;base64,{}">').format(alt, b64encode(svg).decode())
