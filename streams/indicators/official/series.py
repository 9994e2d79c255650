"""The official value of a span: as published, or added up from parts without a gap."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from fractions import Fraction
from typing import NamedTuple

from tidemark.streams.indicators.values.cause import Code
from tidemark.streams.indicators.values.spans import PLAN_FIRST_DAY, Span, month_span
from tidemark.streams.indicators.values.value import Absent, NoValue, Origin, Value, return_absent

from .figures import Figure, Figures, Vintage

STOCK = ("stock",)
ANY_BASIS = ("stock", "year", "ytd", "quarter", "month")
"""Ratios, growth and ranks are not added up, so a figure of any basis gives their state."""


class Series(NamedTuple):
    """The figures of one indicator and the unit that they must have."""

    figures: Figures
    indicator_id: str
    unit: str

    def latest(self, basis: str) -> Mapping[str, Figure]:
        """By period, the vintage that counts."""
        return self.figures.latest(self.indicator_id, basis)


@dataclass(frozen=True)
class OfficialValue(Value):
    """A value from official figures. `figures`: those used; `vintage`: their least final vintage;
    `published`: the day on which the last came out."""

    figures: tuple[Figure, ...]
    vintage: Vintage
    published: date


@return_absent
def read_standing(series: Series, day: date, bases: Sequence[str] = STOCK) -> OfficialValue:
    """The figure of the newest period that ended by the day, on one of the bases; the first basis wins where
    several have one."""
    candidates = [figure for basis in bases for figure in _select_ended(series.latest(basis).values(), day)]
    if not candidates:
        raise NoValue(Absent(Code.NO_FIGURE_BY, indicator=series.indicator_id, by=day))
    newest = max(candidates, key=lambda figure: figure.ends)
    return _build_value(series, [newest], Span("stock", newest.ends, newest.ends))


@return_absent
def read_month(series: Series, of: date) -> OfficialValue:
    """The figure of the month that holds the day: on basis month, else the difference of two year-to-date
    figures."""
    span = month_span(of.year, of.month)
    published = series.latest("month").get(f"{of:%Y-%m}")
    if published is not None:
        return _build_value(series, [published], span)
    ytd = series.latest("ytd")
    upto = ytd.get(f"{of:%Y-%m}")
    before = ytd.get(f"{span.first - timedelta(days=1):%Y-%m}")
    if upto is not None and of.month == 1:
        return _build_value(series, [upto], span)
    if upto is None or before is None:
        raise NoValue(Absent(Code.NO_FIGURE_OF_MONTH, indicator=series.indicator_id, month=f"{of:%Y-%m}"))
    return _build_value(series, [upto], span, less=before)


@return_absent
def read_year(series: Series, day: date) -> OfficialValue:
    """The day's year, as far as figures of periods that ended by the day reach: the year's figure, the newest
    year-to-date figure, or quarters and months added up from January without a gap."""
    parts = _choose_furthest(series, day)
    if not parts:
        raise NoValue(Absent(Code.NO_FIGURE_OF_YEAR, indicator=series.indicator_id, year=day.year, by=day))
    return _build_value(series, parts, Span("ytd", date(day.year, 1, 1), parts[-1].ends))


@return_absent
def read_since_plan(series: Series, day: date) -> OfficialValue:
    """The total since the plan began: the newest figure on basis stock, which counts from then, else all
    consecutive whole years and the next one as far as it is known."""
    stock = list(_select_ended(series.latest("stock").values(), day))
    parts = [max(stock, key=lambda figure: figure.ends)] if stock else _collect_years(series, day)
    if not parts:
        raise NoValue(
            Absent(Code.NO_FIGURE_SINCE, indicator=series.indicator_id, since=PLAN_FIRST_DAY, by=day)
        )
    return _build_value(series, parts, Span("plan", PLAN_FIRST_DAY, parts[-1].ends))


def _collect_years(series: Series, day: date) -> list[Figure]:
    parts: list[Figure] = []
    for year_no in range(PLAN_FIRST_DAY.year, day.year + 1):
        of_year = _choose_furthest(series, min(day, date(year_no, 12, 31)))
        parts += of_year
        if not of_year or of_year[-1].ends.month < 12:
            break
    return parts


def _choose_furthest(series: Series, day: date) -> list[Figure]:
    """The way to make up the day's year that reaches furthest; a published total comes before a sum that
    reaches as far."""
    return max(_list_ways(series, day), key=lambda way: way[-1].ends if way else date.min)


def _list_ways(series: Series, day: date) -> Iterator[list[Figure]]:
    """Figures that together cover the day's year from January on."""
    for basis in ("year", "ytd"):
        of_year = [
            figure
            for figure in _select_ended(series.latest(basis).values(), day)
            if figure.ends.year == day.year
        ]
        yield sorted(of_year, key=lambda figure: figure.ends)[-1:]
    months = series.latest("month")
    names = [f"{day.year}-{number:02d}" for number in range(1, 13)]
    quarters = _collect_run(series.latest("quarter"), [f"{day.year}Q{number}" for number in range(1, 5)], day)
    yield quarters + _collect_run(months, names[3 * len(quarters) :], day)
    yield _collect_run(months, names, day)


def _collect_run(by_period: Mapping[str, Figure], periods: Iterable[str], day: date) -> list[Figure]:
    """The figures of the periods up to the first that is missing or not over."""
    run: list[Figure] = []
    for period in periods:
        figure = by_period.get(period)
        if figure is None or figure.ends > day:
            break
        run.append(figure)
    return run


def _select_ended(figures: Iterable[Figure], day: date) -> Iterator[Figure]:
    return (figure for figure in figures if figure.ends <= day)


def _build_value(
    series: Series, parts: Sequence[Figure], span: Span, less: Figure | None = None
) -> OfficialValue:
    """The sum of the parts, less a figure. Raises NoValue where one is in another unit."""
    used = (*parts, less) if less is not None else tuple(parts)
    for figure in used:
        if figure.data.unit != series.unit:
            raise NoValue(
                Absent(Code.OTHER_UNIT, period=figure.data.period, found=figure.data.unit, unit=series.unit)
            )
    amount = sum((Fraction(figure.value) for figure in parts), Fraction(0))
    amount -= Fraction(less.value) if less is not None else 0
    names = ", ".join(f"{figure.data.period} {figure.data.basis} ({figure.data.vintage})" for figure in used)
    origin = Origin(span, f"official figures {names}", ("official",))
    by_finality: tuple[Vintage, ...] = ("first", "revised", "final")
    vintage = min((series.figures.vintage_of(figure) for figure in used), key=by_finality.index)
    published = max(figure.published for figure in used)
    return OfficialValue(amount, series.unit, origin, used, vintage, published)
