"""Civil time against zoneinfo."""

from datetime import date, datetime, timedelta, timezone
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tidemark.streams.contracts.civil import Civil, Grain, format_period, instant, millis, parse_period

ZONES = ("Asia/Shanghai", "Australia/Melbourne")
DAY_MS = 86_400_000
moments = st.integers(0, 4_102_444_800_000)
"""1970 to 2100, in milliseconds."""


@pytest.mark.parametrize("zone", ZONES)
@given(at_ms=moments)
def test_an_instant_belongs_to_the_day_and_month_its_zone_shows(zone, at_ms):
    local = datetime.fromtimestamp(at_ms // 1000, ZoneInfo(zone))
    minute, quarter, day, month = Civil(zone).periods(at_ms)
    assert format_period(Grain.DAY, day) == local.strftime("%Y-%m-%d")
    assert format_period(Grain.MONTH, month) == local.strftime("%Y-%m")
    assert (minute, quarter) == (at_ms // 60_000, at_ms // 900_000)


@pytest.mark.parametrize("zone", ZONES)
@given(at_ms=moments, grain=st.sampled_from(Grain))
def test_a_period_holds_its_instants_from_its_start_to_the_next_ones(zone, at_ms, grain):
    civil = Civil(zone)
    period = civil.periods(at_ms)[grain]
    start, end = civil.start_ms(grain, period), civil.end_ms(grain, period)
    assert start <= at_ms < end
    assert civil.periods(start)[grain] == period
    assert civil.periods(end)[grain] == civil.periods(end - 1)[grain] + 1 == period + 1


@pytest.mark.parametrize("zone", ZONES)
@given(at_ms=moments)
def test_every_finer_period_lies_in_one_coarser_period(zone, at_ms):
    civil = Civil(zone)
    periods = civil.periods(at_ms)
    for finer, coarser in zip(Grain, list(Grain)[1:], strict=False):
        first = civil.start_ms(finer, periods[finer])
        last = civil.end_ms(finer, periods[finer]) - 1
        assert civil.periods(first)[coarser] == civil.periods(last)[coarser] == periods[coarser]


@pytest.mark.parametrize(("day", "hours"), [("2026-04-05", 25), ("2026-10-04", 23), ("2026-06-01", 24)])
def test_a_day_in_melbourne_is_as_long_as_its_clocks_make_it(day, hours):
    civil = Civil("Australia/Melbourne")
    period = parse_period(Grain.DAY, day)
    assert civil.end_ms(Grain.DAY, period) - civil.start_ms(Grain.DAY, period) == hours * 3_600_000


@given(grain=st.sampled_from(Grain), at_ms=moments)
def test_parsing_undoes_formatting(grain, at_ms):
    period = Civil("Asia/Shanghai").periods(at_ms)[grain]
    assert parse_period(grain, format_period(grain, period)) == period


@pytest.mark.parametrize(
    ("grain", "text"),
    [(Grain.MONTH, "2026-13"), (Grain.DAY, "2026-02-30"), (Grain.MINUTE, "2026-01-01"), (Grain.QUARTER, "x")],
)
def test_text_in_another_format_is_not_a_period(grain, text):
    with pytest.raises(ValueError, match=r"."):
        parse_period(grain, text)


@given(at_ms=moments, offset=st.timedeltas(timedelta(hours=-14), timedelta(hours=14)))
def test_milliseconds_do_not_depend_on_the_offset_an_instant_is_written_with(at_ms, offset):
    written = instant(at_ms).astimezone(timezone(offset))
    assert millis(instant(at_ms)) == at_ms == millis(written)
    assert millis(written + timedelta(microseconds=999)) == at_ms


def test_the_hour_that_a_clock_repeats_is_two_hours():
    repeated = datetime(2026, 4, 5, 2, 30, tzinfo=ZoneInfo("Australia/Melbourne"))
    assert millis(repeated.replace(fold=1)) - millis(repeated) == 3_600_000


def test_a_month_begins_at_midnight_of_the_logs_zone():
    shanghai_is_ahead_ms = 8 * 3_600_000
    days = (date(2026, 8, 1) - date(1970, 1, 1)).days
    assert Civil("Asia/Shanghai").month_of("2026-08") == days * DAY_MS - shanghai_is_ahead_ms
