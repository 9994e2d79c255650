"""What banks report by the month: services traded abroad."""

from collections.abc import Iterator

from tidemark.streams.contracts.civil import Grain, format_period
from tidemark.streams.contracts.family import DAY, MINUTE
from tidemark.streams.families import service_trade
from tidemark.streams.families.service_trade import ServiceTradeReported

from .dice import pick, roughly, skewed, token
from .moments import moment_in_day
from .planned import Batch, Planned
from .scenario import Daily
from .shapes import OFFICE
from .world import World

REPORT = service_trade.FAMILY.types[0]
_SERVICES = ("SD", "SC", "SI", "SG", "SJ", "SH", "SK", "SA")
_REGIONS = ("HK", "ASEAN", "EU", "NORTH_AMERICA", "EAST_ASIA", "OTHER")


def service_trade_events(world: World, daily: Daily) -> Iterator[Batch]:
    """One batch a day of reports on the month before, without end."""
    for day in world.days():
        random = world.dice.of("service_trade", day)
        month = world.calendar.civil.periods(world.calendar.start_ms(day))[Grain.MONTH]
        period = format_period(Grain.MONTH, month - 1)
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
