"""The seasonal share of a year."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tidemark.streams.indicators.calendar.china import ONE_DAY, ChinaCalendar
from tidemark.streams.indicators.paths.seasons import SeasonBasis, build_flat_season, learn_season

CALENDAR = ChinaCalendar()
MONTHS = st.lists(st.floats(0, 1e9), min_size=12, max_size=12)


def year_days(year: int) -> int:
    return (date(year + 1, 1, 1) - date(year, 1, 1)).days


@given(st.integers(2020, 2031), st.dictionaries(st.integers(2018, 2030), MONTHS, max_size=3))
def test_the_share_rises_from_zero_to_the_whole_year(year: int, amounts: dict[int, list[float]]) -> None:
    season = learn_season(CALENDAR, year, amounts)
    shares = [season.share(date(year, 1, 1) + n * ONE_DAY) for n in range(-1, year_days(year))]
    assert shares[0] == 0
    assert shares[-1] == 1
    assert shares == sorted(shares)
    assert len(season.reached) == year_days(year) + 1


@given(MONTHS.filter(lambda months: sum(months) > 1), st.floats(1e-3, 1e3))
def test_the_size_of_a_year_does_not_matter(months: list[float], factor: float) -> None:
    larger = [month * factor for month in months]
    ours, theirs = (learn_season(CALENDAR, 2026, {2025: amounts}) for amounts in (months, larger))
    assert ours.reached == pytest.approx(theirs.reached)


def test_without_an_earlier_whole_year_every_day_is_alike_and_the_season_says_so() -> None:
    for amounts in ({}, {2026: [1.0] * 365}, {2025: [1.0] * 200}, {2025: [0.0] * 365}, {2025: [-1.0] * 12}):
        season = learn_season(CALENDAR, 2026, amounts)
        assert season == build_flat_season(2026)
        assert season.basis is SeasonBasis.FLAT
        assert season.share(date(2026, 7, 2)) == pytest.approx(183 / 365)


def test_sales_of_the_spring_festival_move_with_it() -> None:
    festival = CALENDAR.feasts(2025)["lunar_new_year"]
    days = [1.0 if date(2025, 1, 1) + n * ONE_DAY == festival else 0.0 for n in range(365)]
    season = learn_season(CALENDAR, 2026, {2025: days})
    moved = CALENDAR.feasts(2026)["lunar_new_year"]
    assert season.share(moved - ONE_DAY) == 0
    assert season.share(moved) == 1
    assert season.basis is SeasonBasis.DAYS


def test_days_are_preferred_to_months_and_the_years_are_named() -> None:
    season = learn_season(CALENDAR, 2026, {2023: [1.0] * 12, 2024: [1.0] * 366, 2025: [1.0] * 365})
    assert (season.basis, season.years) == (SeasonBasis.DAYS, (2024, 2025))
    assert learn_season(CALENDAR, 2026, {2023: [1.0] * 12}).basis is SeasonBasis.MONTHS


def test_an_estimated_year_has_a_season_with_a_warning() -> None:
    assert learn_season(CALENDAR, 2026, {2025: [1.0] * 12}).warnings == ()
    season = learn_season(CALENDAR, 2031, {2025: [1.0] * 12, 2030: [2.0] * 12})
    assert [text.split(" are ")[0][-4:] for text in season.warnings] == ["2030", "2031"]
