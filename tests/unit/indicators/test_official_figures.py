from datetime import date, timedelta
from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.support.events import change_of
from tests.support.indicator_readings import figure, figures_of, publish_figures, reading
from tidemark.services.wording import explain_cause
from tidemark.streams.indicators.official.figures import Figures, find_period_end
from tidemark.streams.indicators.official.series import (
    ANY_BASIS,
    OfficialValue,
    Series,
    read_month,
    read_since_plan,
    read_standing,
    read_year,
)
from tidemark.streams.indicators.values.cause import Reason
from tidemark.streams.indicators.values.spans import Span, month_span
from tidemark.streams.indicators.values.value import Absent

ID = "retail_sales_total"
SEPTEMBER = date(2026, 9, 30)


def series(figures: Figures, unit: str = "CNY_100m") -> Series:
    return Series(figures, ID, unit)


def amount(value: OfficialValue | Absent) -> Fraction:
    assert isinstance(value, OfficialValue)
    return value.amount


publications = st.lists(
    st.builds(
        lambda number, value, after, status: figure(
            f"2026-{number:02d}",
            str(value),
            find_period_end(f"2026-{number:02d}") + timedelta(days=after),
            status=status,
        ),
        st.integers(1, 4),
        st.integers(100, 200),
        st.integers(1, 60),
        st.sampled_from(["flash", "preliminary", "revised", "final"]),
    ),
    min_size=1,
    max_size=10,
    unique_by=lambda vintage: (vintage.period, vintage.vintage),
)


@given(publications, st.dates(date(2026, 1, 1), date(2026, 7, 31)))
@settings(max_examples=60, deadline=None)
def test_what_was_known_on_a_day_is_the_last_figure_published_by_then(vintages, day):
    by_day = figures_of(*vintages).as_of(day)
    assert all(vintage.published <= day for vintage in by_day)
    for number in range(1, 5):
        of_month = [vintage for vintage in vintages if vintage.period == f"2026-{number:02d}"]
        seen = [vintage for vintage in of_month if date.fromisoformat(vintage.vintage) <= day]
        value = read_month(series(by_day), date(2026, number, 1))
        if not seen:
            assert isinstance(value, Absent)
            assert value.reason is Reason.NO_FIGURE
        else:
            assert amount(value) == Fraction(max(seen, key=lambda vintage: vintage.vintage).value)


@given(publications, st.dates(date(2026, 1, 1), date(2026, 7, 31)), st.integers(1, 60))
@settings(max_examples=40, deadline=None)
def test_a_later_vintage_does_not_change_what_was_known_before(vintages, day, after):
    later = figure("2026-01", "999", day + timedelta(days=after), vintage="zz")
    before, with_it = figures_of(*vintages).as_of(day), figures_of(*vintages, later).as_of(day)
    assert list(before) == list(with_it)
    assert read_year(series(before), day) == read_year(series(with_it), day)
    assert list(figures_of(later)) != []


def test_without_a_day_the_latest_vintage_counts():
    first, second = figure("2026-01", "130", date(2026, 2, 15)), figure("2026-01", "131", date(2026, 3, 15))
    figures = figures_of(first, second)
    assert amount(read_month(series(figures), date(2026, 1, 9))) == 131
    assert amount(read_month(series(figures.as_of(date(2026, 3, 14))), date(2026, 1, 9))) == 130


def test_vintages_are_first_revised_and_final():
    figures = figures_of(
        figure("2026-01", "130", date(2026, 2, 15), status="flash"),
        figure("2026-01", "131", date(2026, 3, 15), status="revised"),
        figure("2026-01", "132", date(2026, 4, 15), status="final"),
    )
    roles = [figures.vintage_of(vintage) for vintage in figures.vintages(ID, "month", "2026-01")]
    assert roles == ["first", "revised", "final"]
    value = read_month(series(figures), date(2026, 1, 1))
    assert isinstance(value, OfficialValue)
    assert (value.vintage, value.published, value.origin.span) == (
        "final",
        date(2026, 4, 15),
        month_span(2026, 1),
    )


def test_a_retracted_figure_is_gone():
    [published] = publish_figures(figure("2026-01", "130", date(2026, 2, 15)))
    assert len(list(reading([published]).figures)) == 1
    assert list(reading([published, change_of(published, "r")]).figures) == []


def monthly(*values: int) -> list:
    return [
        figure(f"2026-{number:02d}", str(value), find_period_end(f"2026-{number:02d}") + timedelta(days=15))
        for number, value in enumerate(values, 1)
    ]


def test_months_are_added_up_from_january_to_the_first_gap():
    months = monthly(100, 110, 120, 130)
    whole = read_year(series(figures_of(*months)), SEPTEMBER)
    assert isinstance(whole, OfficialValue)
    assert (whole.amount, whole.origin.span.last) == (460, date(2026, 4, 30))
    gap = read_year(series(figures_of(*months[:2], months[3])), SEPTEMBER)
    assert isinstance(gap, OfficialValue)
    assert (gap.amount, gap.origin.span.last) == (210, date(2026, 2, 28))
    assert isinstance(read_year(series(figures_of(*months[1:])), SEPTEMBER), Absent)
    assert amount(read_year(series(figures_of(*months)), date(2026, 3, 30))) == 210


def test_a_published_total_wins_over_a_sum_that_reaches_as_far_but_not_further():
    ytd = figure("2026-04", "461.5", date(2026, 5, 20), basis="ytd")
    assert amount(read_year(series(figures_of(*monthly(100, 110, 120, 130), ytd)), SEPTEMBER)) == Fraction(
        "461.5"
    )
    assert amount(read_year(series(figures_of(*monthly(100, 110, 120, 130, 140), ytd)), SEPTEMBER)) == 600
    quarter = figure("2026Q1", "333", date(2026, 4, 20), basis="quarter")
    assert amount(read_year(series(figures_of(quarter, *monthly(100, 110, 120, 130))), SEPTEMBER)) == 463
    of_year = figure("2026", "1600.5", date(2027, 2, 1), basis="year")
    totals = figures_of(of_year, ytd)
    assert amount(read_year(series(totals), date(2026, 12, 31))) == Fraction("1600.5")
    assert amount(read_year(series(totals), SEPTEMBER)) == Fraction("461.5")


def test_a_month_is_the_difference_of_two_totals_where_it_was_not_published():
    totals = [
        figure("2026-01", "100", date(2026, 2, 15), basis="ytd"),
        figure("2026-02", "205.5", date(2026, 3, 15), basis="ytd"),
        figure("2026-04", "420", date(2026, 5, 15), basis="ytd"),
    ]
    to_date = series(figures_of(*totals))
    assert amount(read_month(to_date, date(2026, 1, 1))) == 100
    assert amount(read_month(to_date, date(2026, 2, 1))) == Fraction("105.5")
    assert isinstance(read_month(to_date, date(2026, 4, 1)), Absent)


def test_the_standing_is_the_newest_figure_of_an_allowed_basis():
    stocks = [
        figure("2026-03", "18", date(2026, 4, 9), basis="stock", unit="count"),
        figure("2026-06", "21", date(2026, 7, 9), basis="stock", unit="count"),
        figure("2026-07", "99", date(2026, 8, 9), basis="month", unit="count"),
    ]
    counts = series(figures_of(*stocks), "count")
    assert amount(read_standing(counts, SEPTEMBER)) == 21
    assert amount(read_standing(counts, date(2026, 6, 29))) == 18
    assert amount(read_standing(counts, SEPTEMBER, ANY_BASIS)) == 99
    assert isinstance(read_standing(counts, date(2026, 1, 1)), Absent)


def test_years_are_added_up_since_the_plan_began_unless_one_is_missing():
    years = [
        figure(str(number), str(10 * number), date(number + 1, 2, 1), basis="year") for number in (2026, 2027)
    ]
    part = figure("2028-03", "7", date(2028, 4, 15), basis="ytd")
    whole = read_since_plan(series(figures_of(*years, part)), date(2028, 5, 1))
    assert isinstance(whole, OfficialValue)
    assert (whole.amount, whole.origin.span) == (
        20260 + 20270 + 7,
        Span("plan", date(2026, 1, 1), date(2028, 3, 31)),
    )
    assert amount(read_since_plan(series(figures_of(years[0], part)), date(2028, 5, 1))) == 20260
    assert isinstance(read_since_plan(series(figures_of(part)), date(2028, 5, 1)), Absent)
    unfinished = figures_of(figure("2026-08", "5", date(2026, 9, 15), basis="ytd"), years[1], part)
    assert amount(read_since_plan(series(unfinished), date(2028, 5, 1))) == 5
    stock = figure("2027", "3", date(2028, 1, 9), basis="stock")
    assert amount(read_since_plan(series(figures_of(*years, stock)), date(2028, 5, 1))) == 3


def test_a_figure_in_another_unit_is_refused_with_the_reason():
    absent = read_year(
        series(figures_of(figure("2026-01", "5", date(2026, 2, 3), unit="CNY_10k"))), SEPTEMBER
    )
    assert isinstance(absent, Absent)
    assert absent.reason is Reason.OTHER_UNIT
    assert "CNY_10k, not CNY_100m" in explain_cause(absent).en


@pytest.mark.parametrize(
    ("period", "last"),
    [("2026", "2026-12-31"), ("2026Q1", "2026-03-31"), ("2026Q4", "2026-12-31"), ("2028-02", "2028-02-29")],
)
def test_a_period_ends_on_its_last_day(period, last):
    assert find_period_end(period) == date.fromisoformat(last)
