"""Charts as pictures. Captions are text of the document, so no picture needs a Chinese font."""

from datetime import date
from io import BytesIO
from typing import Any, Literal

from matplotlib import rc_context
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import EngFormatter, FixedLocator, MaxNLocator, ScalarFormatter

from tidemark.streams.indicators.calendar.china import days_in
from tidemark.streams.indicators.targets.goal import PLAN_END

from .cells import Shares
from .curves import Curve, Point
from .words import BLUE, COLOUR, GREEN, GREY, RULE, WHOLE

Form = Literal["svg", "png"]

_STYLE: Any = {
    "svg.hashsalt": "tidemark",
    "svg.fonttype": "path",
    "font.family": "DejaVu Sans",
    "font.size": 7,
    "axes.spines.top": False,
    "axes.spines.right": False,
    "axes.linewidth": 0.5,
    "xtick.major.width": 0.5,
    "ytick.major.width": 0.5,
}
_DPI = 220
_INCH_MM = 25.4
_MARGIN_YEARS = 0.2


def draw_curve(curve: Curve, width_mm: float, form: Form) -> bytes:
    """Path, actual values, target and projection of a target over the plan's years."""
    with rc_context(_STYLE):
        figure = Figure((width_mm / _INCH_MM, width_mm / _INCH_MM * 0.58), layout="constrained")
        axes = figure.subplots()
        _draw_line(axes, curve.path, GREY, 1.2)
        _draw_line(axes, curve.actual, BLUE, 1.5)
        if curve.actual:
            _draw_line(axes, curve.actual[-1:], BLUE, 1.5, marker="o")
        axes.axhline(float(curve.indicator.target), color=GREEN, linewidth=0.8, linestyle=(0, (4, 3)))
        if curve.forecast is not None:
            low, high = curve.forecast
            axes.vlines(_years(PLAN_END), low, high, color=BLUE, alpha=0.45, linewidth=4)
        _set_axes(axes, curve)
        return _save_figure(figure, form)


def draw_shares(shares: Shares, width_mm: float, form: Form) -> bytes:
    """The number of targets by status, as one bar with the numbers in it."""
    with rc_context(_STYLE):
        figure = Figure((width_mm / _INCH_MM, 5 / _INCH_MM))
        axes = figure.add_axes((0, 0, 1, 1))
        axes.set_axis_off()
        start = 0
        for status, number in shares.counts.items():
            axes.barh(0, number, left=start, color=COLOUR[status], edgecolor="white", linewidth=0.8)
            axes.text(
                start + number / 2, 0, str(number), ha="center", va="center", color="white", weight="bold"
            )
            start += number
        axes.set_xlim(0, max(start, 1))
        axes.set_ylim(-0.4, 0.4)
        return _save_figure(figure, form)


def _draw_line(axes: Axes, points: tuple[Point, ...], colour: str, width: float, marker: str = "") -> None:
    days = [_years(point.day) for point in points]
    values = [point.value for point in points]
    axes.plot(days, values, color=colour, linewidth=width, marker=marker, markersize=3.5)


def _set_axes(axes: Axes, curve: Curve) -> None:
    first = min(point.day for point in (*curve.path, *curve.actual))
    axes.set_xlim(_years(first) - _MARGIN_YEARS, _years(PLAN_END) + _MARGIN_YEARS)
    axes.xaxis.set_major_locator(FixedLocator(range(first.year, PLAN_END.year + 1)))
    values = [point.value for point in (*curve.path, *curve.actual)]
    axes.yaxis.set_major_locator(MaxNLocator(4, integer=curve.indicator.unit in WHOLE))
    axes.yaxis.set_major_formatter(_choose_ticks(max(map(abs, values))))
    axes.grid(axis="y", linewidth=0.3, color=RULE)
    axes.set_axisbelow(True)


def _years(day: date) -> float:
    """A day as a position on an axis of years; the tick of a year is at its end."""
    return day.year - 1 + day.timetuple().tm_yday / days_in(day.year)


def _choose_ticks(largest: float) -> ScalarFormatter | EngFormatter:
    if largest >= 1_000_000:
        return EngFormatter(sep="")
    plain = ScalarFormatter(useOffset=False)
    plain.set_scientific(False)
    return plain


def _save_figure(figure: Figure, form: Form) -> bytes:
    picture = BytesIO()
    # Without a date and the creator's name, the same report gives the same bytes.
    metadata = {"Date": None, "Creator": None} if form == "svg" else {"Software": None}
    figure.savefig(picture, format=form, dpi=_DPI, metadata=metadata)
    return picture.getvalue()
