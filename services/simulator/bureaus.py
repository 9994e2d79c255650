"""What banks and bureaus report by the month: service trade and official figures with their vintages."""

from collections.abc import Iterator
from datetime import timedelta

from streams.contracts import official, service_trade
from streams.contracts.family import DAY, HOUR, MINUTE
from streams.contracts.official import FigurePublished
from streams.contracts.service_trade import ServiceTradeReported

from .calendar import date_of
from .dice import between, pick, roughly, skewed, token
from .moments import moment_in_day
from .planned import Batch, Planned
from .scenario import Daily
from .shapes import OFFICE
from .world import World

REPORT = service_trade.FAMILY.types[0]
FIGURE = official.FAMILY.types[0]
_SERVICES = ("SD", "SC", "SI", "SG", "SJ", "SH", "SK", "SA")
_REGIONS = ("HK", "ASEAN", "EU", "NORTH_AMERICA", "EAST_ASIA", "OTHER")
_FIGURES: tuple[tuple[str, str, int, int], ...] = (
    ("retail_sales", "CNY_100M", 20_650, 3),
    ("visitor_arrivals", "10K_PERSONS", 41_000, 6),
    ("tourism_revenue", "CNY_100M", 5_210, 9),
    ("import_export", "CNY_100M", 43_300, 12),
    ("service_trade", "USD_100M", 2_840, 15),
    ("catering_revenue", "CNY_100M", 1_930, 18),
    ("online_retail", "CNY_100M", 8_120, 21),
    ("refund_value", "CNY_10K", 3_400, 24),
)
"""Indicator, unit, a month's value in hundredths, and the day of the month on which it is published."""


def service_trade_events(world: World, daily: Daily) -> Iterator[Batch]:
    """One batch a day of reports on the month before, without end."""
    for day in world.days():
        random = world.dice.of("service_trade", day)
        period = _month(day, 1)
        planned: list[Planned] = []
        for _ in range(max(1, roughly(random, world.rate(daily, day)))):
            report, at_ms = token(random), moment_in_day(world.calendar, day, OFFICE, random)
            payload = ServiceTradeReported(
                report_id=report,
                ebops_code=pick(random, _SERVICES),
                direction="export" if random.random() < 0.6 else "import",
                amount_usd_cents=skewed(random, 200_000, 900_000_000),
                counterpart_region=pick(random, _REGIONS),
                period=period,
                firm_token=token(random),
            )
            arrival_ms = at_ms + skewed(random, 5 * MINUTE, 3 * DAY)
            planned.append(
                world.writer.create(
                    REPORT, report, "/banks/reporting", at_ms, "district.futian", payload, arrival_ms
                )
            )
        yield Batch(world.calendar.start_ms(day), planned)


def official_events(world: World) -> Iterator[Batch]:
    """One batch a day, mostly empty, without end: a flash figure for the month before, the one
    before that revised, and the one before that final."""
    for day in world.days():
        planned: list[Planned] = []
        for indicator in _FIGURES:
            if date_of(day).day == indicator[3]:
                planned += [_figure(world, day, indicator, age) for age in (3, 2, 1)]
        yield Batch(world.calendar.start_ms(day), planned)


def _figure(world: World, day: int, indicator: tuple[str, str, int, int], age: int) -> Planned:
    name, unit, usual, _ = indicator
    period = _month(day, age)
    meant = world.dice.of("official", name, period)
    value = roughly(meant, usual)
    for _ in range(3 - age):
        value += between(meant, -9, 10)
    published_ms = world.calendar.start_ms(day) + 10 * HOUR
    vintage = date_of(day).strftime("%Y-%m")
    payload = FigurePublished(
        indicator_id=name,
        period=period,
        value=f"{value // 100}.{value % 100:02d}",
        unit=unit,
        basis="month",
        vintage=vintage,
        status=("flash", "revised", "final")[age - 1],
        published_at=world.calendar.at(published_ms),
        yoy_reported=f"{between(meant, 10, 90) // 10}.{between(meant, 0, 10)}",
        source_doc=f"bulletin-{vintage}",
    )
    arrival_ms = published_ms + between(meant, 10 * MINUTE, 5 * HOUR)
    return world.writer.create(
        FIGURE,
        f"{name}-{period}-{vintage}",
        "/bureaus/statistics",
        published_ms,
        "district.futian",
        payload,
        arrival_ms,
    )


def _month(day: int, age: int) -> str:
    """The month so many months before the day's."""
    first = date_of(day).replace(day=1)
    for _ in range(age):
        first = (first - timedelta(days=1)).replace(day=1)
    return first.strftime("%Y-%m")
