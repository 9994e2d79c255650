"""A published state split by days: what a view of a past day shows and must not show."""

from tests.support.readers import CIVIL, cell, head, make_vector, page
from tidemark.services.exporter.history import Days
from tidemark.streams.contracts.civil import Grain, parse_period
from tidemark.streams.contracts.published import Feed
from tidemark.streams.families.retail import RETAIL_SALES
from tidemark.streams.families.service_trade import SERVICE_TRADE_VALUE
from tidemark.streams.view.feeds import feeds
from tidemark.streams.view.view import Reach, View

REACH: Reach = dict.fromkeys(
    [(RETAIL_SALES, Grain.DAY), (RETAIL_SALES, Grain.MONTH), (SERVICE_TRADE_VALUE, Grain.MONTH)]
)
MONTH = range(parse_period(Grain.MONTH, "2026-01"), parse_period(Grain.MONTH, "2026-01") + 1)
NEWEST_MS = CIVIL.start_ms(Grain.MONTH, MONTH.stop) + 1_000


def end(day: str) -> tuple[int, int]:
    """A day, and its last second."""
    period = parse_period(Grain.DAY, day)
    return period, CIVIL.end_ms(Grain.DAY, period) - 1_000


def state():
    """Sales of three days on two partitions, a month of services, and a feed with events in February."""
    sold = [
        (partition, cell(RETAIL_SALES, Grain.DAY, end(day)[0], ("mall.a", "food"), sales(orders)))
        for partition, day, orders in ((0, "2026-01-05", 3), (1, "2026-01-05", 4), (0, "2026-01-31", 5))
    ]
    month = cell(RETAIL_SALES, Grain.MONTH, MONTH.start, ("mall.a", "food"), sales(12))
    services = cell(SERVICE_TRADE_VALUE, Grain.MONTH, MONTH.start, ("export", "SJ", "HK"), services_of(7))
    head_row = head(watermark_ms=NEWEST_MS, feeds={"retail": Feed(newest_ms=NEWEST_MS)})
    return page(1, *sold, (0, month), (0, services), (0, head_row))


def sales(orders: int) -> tuple[int, ...]:
    return make_vector(RETAIL_SALES, orders=orders)


def services_of(usd_cents: int) -> tuple[int, ...]:
    return make_vector(SERVICE_TRADE_VALUE, amount_usd_cents=usd_cents)


def view_days(*days: str) -> View:
    """A view that has read the days in order."""
    view, past = View(CIVIL, REACH), Days(state(), CIVIL, REACH)
    for day in days:
        view.apply(past.read_until(*end(day)))
    return view


def month_of(view: View) -> tuple[int, ...]:
    return view.total((RETAIL_SALES, Grain.MONTH), MONTH)


def test_an_unfinished_month_holds_its_days_so_far_of_every_partition():
    assert month_of(view_days("2026-01-04")) == sales(0)
    assert month_of(view_days("2026-01-05")) == sales(7)
    assert month_of(view_days("2026-01-30")) == sales(7)


def test_a_finished_month_equals_its_published_cell():
    assert month_of(view_days("2026-01-31")) == sales(12)
    assert month_of(view_days("2026-02-02")) == sales(12)


def test_reading_day_by_day_gives_the_same_as_reading_at_once():
    days = [f"2026-01-{day:02}" for day in range(1, 32)]
    for upto in range(1, len(days) + 1):
        assert month_of(view_days(*days[:upto])) == month_of(view_days(days[upto - 1]))


def test_a_month_without_daily_cells_appears_on_its_last_day():
    kind = SERVICE_TRADE_VALUE, Grain.MONTH
    assert view_days("2026-01-30").total(kind, MONTH) == services_of(0)
    assert view_days("2026-01-31").total(kind, MONTH) == services_of(7)


def test_a_feed_with_later_events_is_as_new_as_the_day_and_not_newer():
    moment_ms = end("2026-01-05")[1]
    newest = feeds(view_days("2026-01-05").heads.values())["retail"].newest_ms
    assert newest == moment_ms
    assert feeds(view_days("2026-02-02").heads.values())["retail"].newest_ms == NEWEST_MS


def test_the_first_day_is_the_first_that_has_a_cell():
    assert Days(state(), CIVIL, REACH).first == end("2026-01-05")[0]
    assert Days(page(1), CIVIL, REACH).first is None
