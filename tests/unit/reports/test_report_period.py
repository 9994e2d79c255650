from datetime import date

import pytest

from tidemark.services.reports.making import list_days
from tidemark.services.reports.period import PeriodInvalid, choose_day, parse_period


@pytest.mark.parametrize(
    ("name", "first", "last", "before", "duty"),
    [
        ("2026-02", date(2026, 2, 1), date(2026, 2, 28), date(2026, 1, 31), "定期调度"),
        ("2028", date(2028, 1, 1), date(2028, 12, 31), date(2027, 12, 31), "年度监测"),
        ("2026-2028", date(2026, 1, 1), date(2028, 12, 31), date(2025, 12, 31), "中期评估"),
    ],
)
def test_a_month_a_year_and_the_mid_term_are_the_plans_three_duties(name, first, last, before, duty):
    period = parse_period(name)
    assert (period.first, period.last, period.before, period.duty.zh) == (first, last, before, duty)


@pytest.mark.parametrize("name", ["2026-13", "26", "2026-2029", "2026-1", "", "2025", "2031-01", "20２6"])
def test_another_period_is_refused_with_the_field_and_the_remedy(name: str):
    with pytest.raises(PeriodInvalid, match=r"^period: .*(2026-10|give one)"):
        parse_period(name)


def test_a_period_that_is_not_over_is_reported_up_to_the_day_and_a_future_one_is_refused():
    period = parse_period("2026-10")
    assert choose_day(period, date(2026, 10, 9)) == date(2026, 10, 9)
    assert choose_day(period, date(2027, 1, 1)) == date(2026, 10, 31)
    with pytest.raises(PeriodInvalid, match=r"^as-of: .* 2026-10-01"):
        choose_day(period, date(2026, 9, 30))


def test_the_days_to_assess_are_month_ends_the_day_and_the_day_before_the_period():
    days = list_days(parse_period("2026-2028"), date(2028, 2, 29))
    assert days[:2] == [date(2025, 12, 31), date(2026, 1, 31)]
    assert days[-2:] == [date(2028, 1, 31), date(2028, 2, 29)]
    assert len(days) == 1 + 26
