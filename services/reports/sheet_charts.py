"""Charts that Excel draws itself, from numbers in the workbook."""

from collections.abc import Sequence
from math import floor, log10
from typing import NamedTuple

from xlsxwriter.chart import Chart
from xlsxwriter.worksheet import Worksheet

from tidemark.streams.contracts.text import Text
from tidemark.streams.indicators.targets.goal import PLAN_END

from .cells import Charts, Table
from .curves import Curve, Point
from .sheet import Pen, Sheet
from .words import BLUE, COLOUR, GREEN, GREY, RULE, STATUS

_ACROSS, _WIDTH, _HEIGHT = 3, 380, 230
_ROW_PIXELS = 20


class Curves:
    """The charts of curves, and the sheet with their numbers, one point per row."""

    def __init__(self, data: Worksheet, pen: Pen) -> None:
        self._data = data
        self._pen = pen
        self._row = 0
        head = (Text("目标", "Target"), Text("曲线", "Curve"), Text("日期", "Day"), Text("数值", "Value"))
        for column, (words, width) in enumerate(zip(head, (44, 22, 12, 14), strict=True)):
            data.set_column(column, column, width)
            data.write_string(0, column, pen.say(words), pen.style("head"))
        data.freeze_panes(1, 0)
        data.repeat_rows(0)

    def add(self, sheet: Sheet, charts: Charts) -> None:
        """Charts side by side, all on one page, so that no page break cuts a chart."""
        sheet.sheet.set_portrait()
        sheet.sheet.fit_to_pages(1, 1)
        for number, curve in enumerate(charts.curves):
            down, across = divmod(number, _ACROSS)
            place = {"x_offset": across * (_WIDTH + 10), "y_offset": down * (_HEIGHT + 10)}
            sheet.sheet.insert_chart(sheet.row, 0, self._make_chart(curve), place)
        sheet.row += (len(charts.curves) // _ACROSS + 1) * (_HEIGHT + 10) // _ROW_PIXELS

    def _make_chart(self, curve: Curve) -> Chart:
        chart = self._pen.workbook.add_chart({"type": "scatter", "subtype": "straight"})
        for line, points in zip(_LINES, _list_series(curve), strict=True):
            if points:
                chart.add_series(self._draw_series(curve, line, points))
        chart.set_title({"name": self._pen.say(curve.caption), "name_font": {"size": 9}, "overlay": False})
        small = {"size": 8}
        years = {"date_axis": True, "num_format": "yyyy", "major_unit": 366, "num_font": small}
        chart.set_x_axis(
            years | {"min": curve.path[0].day, "max": PLAN_END, "major_gridlines": {"visible": False}}
        )
        grid = {"visible": True, "line": {"color": RULE}}
        chart.set_y_axis({"num_font": small, "major_gridlines": grid, "min": _choose_bottom(curve)})
        # The text above the charts explains the lines; a legend in each would take half of its space.
        chart.set_legend({"none": True})
        chart.set_size({"width": _WIDTH, "height": _HEIGHT})
        return chart

    def _draw_series(self, curve: Curve, line: "_Line", points: Sequence[Point]) -> dict[str, object]:
        """A series of the chart; its points are written to the data sheet."""
        first = self._row + 1
        say, style = self._pen.say, self._pen.style
        for point in points:
            self._row += 1
            self._data.write_string(self._row, 0, say(curve.name, " · "), style("cell"))
            self._data.write_string(self._row, 1, say(line.name, " "), style("cell"))
            self._data.write_datetime(self._row, 2, point.day, style("cell", num_format="yyyy-mm-dd"))
            self._data.write_number(self._row, 3, point.value, style("cell", num_format="#,##0.00"))
        dot = {"type": "circle", "size": 3, "fill": {"color": line.colour}, "border": {"none": True}}
        return {
            "name": say(line.name, " "),
            "categories": [self._data.get_name(), first, 2, self._row, 2],
            "values": [self._data.get_name(), first, 3, self._row, 3],
            "line": {"color": line.colour, "width": line.width, "dash_type": line.dash},
            "marker": dot if line.dots else {"type": "none"},
        }


class _Line(NamedTuple):
    name: Text
    colour: str
    width: float
    dash: str = "solid"
    dots: bool = False


_LINES = (
    _Line(Text("路径", "Path"), GREY, 1.5),
    _Line(Text("实际", "Actual"), BLUE, 2, dots=True),
    _Line(Text("2030 目标", "Target 2030"), GREEN, 1, "dash"),
    _Line(Text("80% 区间", "80 % range"), "#8fb3dd", 5),
)


def add_shares(sheet: Sheet, table: Table, head: int) -> None:
    """A bar for each row of a table whose last columns count the statuses."""
    chart = sheet.pen.workbook.add_chart({"type": "bar", "subtype": "percent_stacked"})
    first, last = head + 1, head + len(table.rows)
    name = sheet.sheet.get_name()
    start = len(table.columns) - len(STATUS)
    for number, status in enumerate(STATUS, start):
        chart.add_series(
            {
                "name": sheet.pen.say(STATUS[status], " "),
                "categories": [name, first, 0, last, 0],
                "values": [name, first, number, last, number],
                "fill": {"color": COLOUR[status]},
                "gap": 60,
            }
        )
    chart.set_y_axis({"reverse": True, "num_font": {"size": 8}})
    chart.set_x_axis({"visible": False, "major_gridlines": {"visible": False}})
    chart.set_legend({"position": "bottom", "font": {"size": 8}})
    chart.set_size({"width": 900, "height": 300})
    sheet.sheet.insert_chart(sheet.row, 0, chart)
    sheet.row += 320 // _ROW_PIXELS


def _choose_bottom(curve: Curve) -> float:
    """The start of the axis: 0 where that is near, else a round number below all points."""
    values = [point.value for points in _list_series(curve) for point in points]
    low, high = min(values), max(values)
    if 0 <= low < (high - low):
        return 0.0
    step = 10.0 ** floor(log10(high - low)) if high > low else 1.0
    return floor(low / step) * step


def _list_series(curve: Curve) -> tuple[Sequence[Point], ...]:
    """The points of each of the lines."""
    target, first = float(curve.indicator.target), curve.path[0].day
    bounds = [] if curve.forecast is None else [Point(PLAN_END, value) for value in curve.forecast]
    return curve.path, curve.actual, (Point(first, target), Point(PLAN_END, target)), bounds
