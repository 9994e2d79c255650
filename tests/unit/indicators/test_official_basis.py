"""A monthly and a year-to-date figure of the same month may have the same vintage."""

from datetime import date

from tests.support.indicator_readings import figure, figures_of

OUT = date(2026, 4, 15)


def test_a_monthly_and_a_year_to_date_figure_may_share_a_vintage():
    of_month = figure("2026-03", "130", OUT, vintage="april")
    to_date = figure("2026-03", "390", OUT, vintage="april", basis="ytd")
    figures = figures_of(of_month, to_date)
    values = {
        basis: figures.latest("retail_sales_total", basis)["2026-03"].data.value for basis in ("month", "ytd")
    }
    assert values == {"month": "130", "ytd": "390"}


def test_a_second_figure_of_the_same_basis_and_vintage_replaces_the_first():
    figures = figures_of(
        figure("2026-03", "130", OUT, vintage="april"),
        figure("2026-03", "131", date(2026, 4, 16), vintage="april"),
    )
    assert [vintage.data.value for vintage in figures.vintages("retail_sales_total", "month", "2026-03")] == [
        "131"
    ]
