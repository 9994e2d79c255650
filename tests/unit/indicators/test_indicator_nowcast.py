from collections.abc import Mapping
from datetime import date, timedelta
from fractions import Fraction

from hypothesis import given, settings
from hypothesis import strategies as st

from tests.support.indicator_readings import figure, figures_of
from tidemark.streams.indicators.assessment.assessing import build_amount
from tidemark.streams.indicators.official.figures import Figures, find_period_end
from tidemark.streams.indicators.official.nowcast import LiveMonth, Nowcast, compute_drifts, compute_nowcast
from tidemark.streams.indicators.official.series import Series
from tidemark.streams.indicators.values.cause import Code, Reason
from tidemark.streams.indicators.values.spans import Span, year_to_date
from tidemark.streams.indicators.values.value import Absent, Origin, Value

SPAN = year_to_date(date(2026, 9, 10))


def value(number: Fraction | int, span: Span = SPAN, begins: date | None = None) -> Value:
    return Value(Fraction(number), "CNY_100m", Origin(span, "test", ("retail",), begins))


def live_months(amounts: Mapping[int, Fraction | int]) -> LiveMonth:
    def of_month(span: Span) -> Value | Absent:
        amount = amounts.get(span.first.month)
        return Absent(Code.NO_DEBUT_SPACE) if amount is None else value(amount, span)

    return of_month


def series(figures: Figures) -> Series:
    return Series(figures, "retail_sales_total", "CNY_100m")


def official(*values: int, status: str = "preliminary", after: int = 15) -> list:
    return [
        figure(
            f"2026-{n:02d}", str(v), find_period_end(f"2026-{n:02d}") + timedelta(days=after), status=status
        )
        for n, v in enumerate(values, 1)
    ]


def test_the_calibration_is_official_divided_by_live_of_the_last_three_months_that_have_both():
    live = live_months({2: 50, 3: 60, 4: 70, 6: 10})
    nowcast = compute_nowcast(value(200), series(figures_of(*official(100, 100, 120, 155))), live)
    assert isinstance(nowcast, Nowcast)
    assert nowcast.months == ("2026-04", "2026-03", "2026-02")
    assert nowcast.calibration == Fraction(100 + 120 + 155, 50 + 60 + 70)
    assert (nowcast.amount, nowcast.live.amount) == (200 * nowcast.calibration, 200)


@given(st.fractions(Fraction(1, 5), 5), st.lists(st.integers(1, 500), min_size=1, max_size=8))
@settings(max_examples=40, deadline=None)
def test_where_live_is_a_constant_part_of_the_official_figure_the_nowcast_is_exact(part, values):
    live = live_months({n: v * part for n, v in enumerate(values, 1)})
    published = series(figures_of(*official(*values)))
    nowcast = compute_nowcast(value(sum(values) * part), published, live)
    assert isinstance(nowcast, Nowcast)
    assert nowcast.amount == sum(values)
    assert {drift.drift for drift in compute_drifts(published, live)} <= {0}


def test_a_month_that_was_covered_in_part_calibrates_nothing():
    def value_since_start(span: Span) -> Value:
        return value(10, span, begins=date(2026, 1, 20) if span.first.month == 1 else None)

    nowcast = compute_nowcast(value(5), series(figures_of(*official(100, 30))), value_since_start)
    assert isinstance(nowcast, Nowcast)
    assert (nowcast.months, nowcast.calibration) == (("2026-02",), 3)


def test_without_a_common_month_there_is_a_reason():
    absent = compute_nowcast(value(5), series(figures_of(*official(100))), live_months({2: 1}))
    assert isinstance(absent, Absent)
    assert absent.reason is Reason.NO_CALIBRATION
    gone = Absent(Code.ZERO_DENOMINATOR)
    assert compute_nowcast(gone, series(figures_of()), live_months({})) == gone


def test_drift_is_measured_before_the_figure_was_known_for_every_vintage():
    figures = figures_of(*official(100, 100, 110), *official(130, 120, status="revised", after=50))
    live = live_months({1: 50, 2: 50, 3: 50})
    drifts = compute_drifts(series(figures), live)
    rows = [
        (drift.figure.data.period, drift.figure.data.status, drift.nowcast, drift.drift) for drift in drifts
    ]
    assert rows == [
        ("2026-02", "preliminary", 100, 0),
        ("2026-03", "preliminary", 115, Fraction(115, 110) - 1),
        ("2026-02", "revised", 130, Fraction(130, 120) - 1),
    ]


def test_a_nowcast_is_shown_with_the_drift_of_the_newest_vintage_and_of_the_one_before():
    nowcast = compute_nowcast(value(5), series(figures_of(*official(100))), live_months({1: 50}))
    assert isinstance(nowcast, Nowcast)
    shown = [
        build_amount(nowcast, drifts)
        for drifts in ((), (Fraction(1, 10),), (Fraction(1, 10), Fraction(-1, 5)))
    ]
    assert [(amount.drift, amount.previous_drift) for amount in shown] == [
        (None, None),
        (0.1, None),
        (0.1, -0.2),
    ]
