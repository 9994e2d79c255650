"""Trade: customs declarations from acceptance to release, cancellation or return, and the monthly reports of
banks on trade in services."""

from collections.abc import Iterator
from random import Random

from msgspec.structs import replace

from tidemark.streams.contracts.civil import Grain, format_period
from tidemark.streams.contracts.family import DAY, HOUR, MINUTE
from tidemark.streams.families.service_trade import ServiceTradeReported
from tidemark.streams.families.trade import DeclarationChanged, Status

from .calendar import date_of
from .planned import Batch, Planned
from .randomness import between, draw_skewed, pick, roughly, token
from .scenario import Daily
from .shapes import OFFICE, draw_moment
from .world import World

_EVENTS_A_DECLARATION = 2.05
_RETAIL_MODES = ("9610", "9610", "9610", "1210", "1210", "9710", "9810")
_BULK_MODES = ("0110", "other")
_HEADINGS = (
    "851713", "847130", "850760", "852990", "610910", "620462", "330499", "420221", "950300",
    "640399", "711319", "910211", "901890", "854231", "190531", "220421",
)  # fmt: skip
_PARTNERS = ("HK", "ASEAN", "EU", "NORTH_AMERICA", "EAST_ASIA", "OTHER")
_SALES_DAYS = {(11, 10): 4.0, (11, 11): 10.0, (11, 12): 5.0, (6, 17): 2.0, (6, 18): 3.0, (12, 12): 2.5}
"""By month and day, the factor by which online shopping festivals raise the number of declarations."""


def trade_events(world: World, daily: Daily) -> Iterator[Batch]:
    """One batch per hour, without end: all events of the declarations accepted in it."""
    for day in world.days():
        when, off, midnight_ms = date_of(day), world.calendar.is_off(day), world.calendar.start_ms(day)
        busy = _SALES_DAYS.get((when.month, when.day), 1.0)
        mean = world.rate(daily, day) / _EVENTS_A_DECLARATION * busy
        retail_share = 1 - 0.3 / busy
        for start in range(0, DAY, HOUR):
            random = world.random_streams.derive("trade", midnight_ms + start)
            planned: list[Planned] = []
            for _ in range(roughly(random, mean * OFFICE.share(off, start, start + HOUR))):
                at_ms = midnight_ms + start + between(random, 0, HOUR)
                planned += _plan_declaration(world, at_ms, retail_share, random)
            yield Batch(midnight_ms + start, planned)


def _plan_declaration(world: World, at_ms: int, retail_share: float, random: Random) -> list[Planned]:
    retail = random.random() < retail_share
    declared = DeclarationChanged(
        declaration_token=token(random),
        mode=pick(random, _RETAIL_MODES if retail else _BULK_MODES),  # type: ignore[arg-type]
        direction="export" if random.random() < 0.7 else "import",
        hs6=pick(random, _HEADINGS),
        partner_group=pick(random, _PARTNERS),
        value_fen=draw_skewed(random, 5_000, 900_000)
        if retail
        else draw_skewed(random, 2_000_000, 900_000_000),
        parcels=1 if retail else between(random, 1, 400),
        status="accepted",
    )
    return [
        _make_event(world, declared, number, status, moment_ms, random)
        for number, (status, moment_ms) in enumerate(_draw_statuses(at_ms, random))
    ]


def _draw_statuses(at_ms: int, random: Random) -> Iterator[tuple[Status, int]]:
    yield "accepted", at_ms
    chance = random.random()
    at_ms += draw_skewed(random, 2 * MINUTE, 3 * DAY)
    if chance < 0.015:
        yield "cancelled", at_ms
        return
    yield "released", at_ms
    if chance < 0.03:
        yield "cancelled", at_ms + draw_skewed(random, HOUR, 5 * DAY)
    elif chance < 0.065:
        yield "returned", at_ms + draw_skewed(random, 2 * DAY, 60 * DAY)


def _make_event(
    world: World, declared: DeclarationChanged, number: int, status: Status, at_ms: int, random: Random
) -> Planned:
    previous: Status | None = None if not number else "accepted" if number == 1 else "released"
    payload = replace(declared, status=status, previous=previous)
    return world.writer.create(
        f"{declared.declaration_token}-{number + 1}",
        "/customs/single-window",
        at_ms,
        "port.ecommerce_inspection",
        payload,
        at_ms + draw_skewed(random, MINUTE, 8 * HOUR),
    )


_SERVICES = ("SD", "SC", "SI", "SG", "SJ", "SH", "SK", "SA")
_REGIONS = ("HK", "ASEAN", "EU", "NORTH_AMERICA", "EAST_ASIA", "OTHER")


def service_trade_events(world: World, daily: Daily) -> Iterator[Batch]:
    """One batch per day, without end: reports on the month before."""
    for day in world.days():
        random = world.random_streams.derive("service_trade", day)
        month = world.calendar.civil.periods(world.calendar.start_ms(day))[Grain.MONTH]
        period = format_period(Grain.MONTH, month - 1)
        planned: list[Planned] = []
        for _ in range(max(1, roughly(random, world.rate(daily, day)))):
            report, at_ms = token(random), draw_moment(world.calendar, day, OFFICE, random)
            payload = ServiceTradeReported(
                report_id=report,
                ebops_code=pick(random, _SERVICES),
                direction="export" if random.random() < 0.6 else "import",
                amount_usd_cents=draw_skewed(random, 200_000, 900_000_000),
                counterpart_region=pick(random, _REGIONS),
                period=period,
                firm_token=token(random),
            )
            arrival_ms = at_ms + draw_skewed(random, 5 * MINUTE, 3 * DAY)
            planned.append(
                world.writer.create(report, "/banks/reporting", at_ms, "district.futian", payload, arrival_ms)
            )
        yield Batch(world.calendar.start_ms(day), planned)
