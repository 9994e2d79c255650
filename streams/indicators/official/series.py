"""What official figures say of a span: as published, or added up from parts without a gap."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from fractions import Fraction
from typing import NamedTuple

from tidemark.streams.indicators.values.cause import Code
from tidemark.streams.indicators.values.spans import PLAN_FIRST_DAY, Span, month_span
from tidemark.streams.indicators.values.value import Absent, NoValue, Origin, Value, stated

from .figures import Figure, Figures, Vintage

STOCK = ("stock",)
ANY_BASIS = ("stock", "year", "ytd", "quarter", "month")
"""Ratios, growth and ranks are not added up, so a figure of any basis says how they stand."""


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
    """A value from official figures. `figures` are those used, `vintage` the least settled of
    theirs, `published` the day on which the last came out."""

    figures: tuple[Figure, ...]
    vintage: Vintage
    published: date


@stated
def standing(series: Series, day: date, bases: Sequence[str] = STOCK) -> OfficialValue:
    """The figure of the newest period that ended by the day, on one of the bases; of several
    for the same day that on the first of them."""
    known = [one for basis in bases for one in _ended(series.latest(basis).values(), day)]
    if not known:
        raise NoValue(Absent(Code.NO_FIGURE_BY, indicator=series.indicator_id, by=day))
    newest = max(known, key=lambda one: one.ends)
    return _value(series, [newest], Span("stock", newest.ends, newest.ends))


@stated
def month(series: Series, of: date) -> OfficialValue:
    """The figure of the month that holds the day: on basis month, else the difference of two ytd."""
    span = month_span(of.year, of.month)
    published = series.latest("month").get(f"{of:%Y-%m}")
    if published is not None:
        return _value(series, [published], span)
    ytd = series.latest("ytd")
    upto = ytd.get(f"{of:%Y-%m}")
    before = ytd.get(f"{span.first - timedelta(days=1):%Y-%m}")
    if upto is not None and of.month == 1:
        return _value(series, [upto], span)
    if upto is None or before is None:
        raise NoValue(Absent(Code.NO_FIGURE_OF_MONTH, indicator=series.indicator_id, month=f"{of:%Y-%m}"))
    return _value(series, [upto], span, less=before)


@stated
def year(series: Series, day: date) -> OfficialValue:
    """The day's year as far as figures of periods that ended by the day reach: the year's, the
    newest ytd, or quarters and months added up from January without a gap."""
    parts = _furthest(series, day)
    if not parts:
        raise NoValue(Absent(Code.NO_FIGURE_OF_YEAR, indicator=series.indicator_id, year=day.year, by=day))
    return _value(series, parts, Span("ytd", date(day.year, 1, 1), parts[-1].ends))


@stated
def since_plan(series: Series, day: date) -> OfficialValue:
    """Added up since the plan began: the newest figure on basis stock, which counts from its
    beginning, else all whole years in a row and the one after as far as it is known."""
    stock = list(_ended(series.latest("stock").values(), day))
    parts = [max(stock, key=lambda one: one.ends)] if stock else _years(series, day)
    if not parts:
        raise NoValue(
            Absent(Code.NO_FIGURE_SINCE, indicator=series.indicator_id, since=PLAN_FIRST_DAY, by=day)
        )
    return _value(series, parts, Span("plan", PLAN_FIRST_DAY, parts[-1].ends))


def _years(series: Series, day: date) -> list[Figure]:
    parts: list[Figure] = []
    for year_no in range(PLAN_FIRST_DAY.year, day.year + 1):
        found = _furthest(series, min(day, date(year_no, 12, 31)))
        parts += found
        if not found or found[-1].ends.month < 12:
            break
    return parts


def _furthest(series: Series, day: date) -> list[Figure]:
    """Of the ways to make up the day's year the one that reaches furthest; what was published as
    one number comes before what reaches as far added up."""
    return max(_ways(series, day), key=lambda way: way[-1].ends if way else date.min)


def _ways(series: Series, day: date) -> Iterator[list[Figure]]:
    """Figures that together hold the day's year from January on."""
    for basis in ("year", "ytd"):
        of_year = [one for one in _ended(series.latest(basis).values(), day) if one.ends.year == day.year]
        yield sorted(of_year, key=lambda one: one.ends)[-1:]
    months = series.latest("month")
    names = [f"{day.year}-{number:02d}" for number in range(1, 13)]
    quarters = _run(series.latest("quarter"), [f"{day.year}Q{number}" for number in range(1, 5)], day)
    yield quarters + _run(months, names[3 * len(quarters) :], day)
    yield _run(months, names, day)


def _run(known: Mapping[str, Figure], periods: Iterable[str], day: date) -> list[Figure]:
    """The figures of the periods up to the first that is not known or not over."""
    found: list[Figure] = []
    for period in periods:
        figure = known.get(period)
        if figure is None or figure.ends > day:
            break
        found.append(figure)
    return found


def _ended(figures: Iterable[Figure], day: date) -> Iterator[Figure]:
    return (one for one in figures if one.ends <= day)


def _value(series: Series, parts: Sequence[Figure], span: Span, less: Figure | None = None) -> OfficialValue:
    """The sum of the parts, less a figure. Raises NoValue where one is in another unit."""
    used = (*parts, less) if less is not None else tuple(parts)
    for one in used:
        if one.data.unit != series.unit:
            raise NoValue(
                Absent(Code.OTHER_UNIT, period=one.data.period, found=one.data.unit, unit=series.unit)
            )
    amount = sum((Fraction(one.value) for one in parts), Fraction(0))
    amount -= Fraction(less.value) if less is not None else 0
    names = ", ".join(f"{one.data.period} {one.data.basis} ({one.data.vintage})" for one in used)
    origin = Origin(span, f"official figures {names}", ("official",))
    settled: tuple[Vintage, ...] = ("first", "revised", "final")
    vintage = min((series.figures.vintage_of(one) for one in used), key=settled.index)
    published = max(one.published for one in used)
    return OfficialValue(amount, series.unit, origin, used, vintage, published)
