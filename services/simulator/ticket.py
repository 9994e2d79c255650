"""Tickets: admissions around the beginning of a show, and the benefits claimed with their stubs."""

from collections.abc import Iterator
from random import Random
from typing import Literal

from tidemark.streams.contracts.family import DAY, HOUR, MINUTE, SECOND
from tidemark.streams.contracts.payload import Payload
from tidemark.streams.families import ticket
from tidemark.streams.families.ticket import BenefitChanged, TicketAdmitted

from .activity import Activity, plan_activities
from .planned import Batch, Planned
from .randomness import between, draw_skewed, pick, roughly, token
from .registry import Member, list_open_members
from .scenario import Daily
from .world import World

_FACE_VALUES = (18_000, 28_000, 38_000, 58_000, 88_000, 128_000)
_BENEFITS: tuple[ticket.Benefit, ...] = ("discount", "discount", "discount", "points", "parking", "content")
_OFF_LEVEL, _WORKING_LEVEL = 1.9, 0.6
_SOLD_DAYS = 2
"""How long before a show benefits can be claimed."""

_GATES = 24
_WITH_BENEFIT = 0.3

_Stage = Literal["claimed", "redeemed", "reversed", "expired"]
_Result = Literal["admitted", "rejected", "re_entry"]


def ticket_events(world: World, daily: Daily, shows: Daily, members: list[Member]) -> Iterator[Batch]:
    """One batch per day, without end: all events of the tickets to the shows two days later."""
    for day in world.days():
        first = day if day == world.first_day else day + _SOLD_DAYS
        planned: list[Planned] = []
        for begins in range(first, day + _SOLD_DAYS + 1):
            planned += _plan_tickets(world, daily, plan_activities(world, shows, begins), begins, members)
        yield Batch(world.calendar.start_ms(day), planned)


def _plan_tickets(
    world: World, daily: Daily, activities: list[Activity], day: int, members: list[Member]
) -> list[Planned]:
    """All tickets of a day's shows, in proportion to the capacities of the venues."""
    random = world.random_streams.derive("ticket", day)
    tonight = [show for show in activities if show.ticketed and not show.cancelled]
    merchants = list_open_members(members, "merchant", day)
    level = _OFF_LEVEL if world.calendar.is_off(day) else _WORKING_LEVEL
    demand = roughly(random, world.rate(daily, day) * level)
    room = sum(show.capacity for show in tonight)
    return [
        planned
        for show in tonight
        for _ in range(min(max(1, demand * show.capacity // room), show.capacity))
        for planned in _Ticket(world, show, random).plan_events(merchants)
    ]


class _Ticket:
    def __init__(self, world: World, show: Activity, random: Random) -> None:
        self._world = world
        self._show = show
        self._random = random
        self._token = token(random)
        self._planned: list[Planned] = []

    def plan_events(self, merchants: list[Member]) -> list[Planned]:
        """Its events, from shortly before the show to a week after."""
        random, show = self._random, self._show
        at_ms = show.starts_ms - 60 * MINUTE + int((random.random() + random.random()) / 2 * 75 * MINUTE)
        face_fen, cross_city = pick(random, _FACE_VALUES), random.random() < 0.35
        gate = f"gate-{between(random, 1, _GATES + 1):02d}"
        if random.random() < 0.015:
            self._add_scan(at_ms - 30 * SECOND, gate, "rejected", face_fen, cross_city)
        self._add_scan(at_ms, gate, "admitted", face_fen, cross_city)
        if random.random() < 0.03:
            self._add_scan(
                at_ms + between(random, 15 * MINUTE, 70 * MINUTE), gate, "re_entry", face_fen, cross_city
            )
        if merchants and random.random() < _WITH_BENEFIT:
            self._add_benefit(pick(random, merchants), at_ms)
        return self._planned

    def _add_scan(self, at_ms: int, gate: str, result: _Result, face_fen: int, cross_city: bool) -> None:
        payload = TicketAdmitted(
            ticket_token=self._token,
            activity_id=self._show.id,
            gate_id=gate,
            result=result,
            face_value_fen=face_fen,
            cross_city=cross_city,
        )
        delay_ms = between(self._random, 200, 5 * SECOND)
        if self._random.random() < 0.02:
            delay_ms += between(self._random, MINUTE, 2 * HOUR)
        self._add_event(f"/gates/{gate}", at_ms, self._show.venue.id, payload, delay_ms)

    def _add_benefit(self, merchant: Member, admitted_ms: int) -> None:
        random = self._random
        order_fen = draw_skewed(random, 3_000, 400_000)
        benefit = pick(random, _BENEFITS)
        begins_ms = self._world.calendar.start_ms(self._world.first_day)
        claimed_ms = max(admitted_ms + between(random, -30 * HOUR, 2 * HOUR), begins_ms)
        redeemed_ms = max(claimed_ms, self._show.ends_ms if random.random() < 0.8 else 0) + draw_skewed(
            random, 10 * MINUTE, 6 * DAY
        )
        steps: list[tuple[_Stage, int]] = [("claimed", claimed_ms)]
        if random.random() < 0.85:
            steps.append(("redeemed", redeemed_ms))
            if random.random() < 0.05:
                steps.append(("reversed", redeemed_ms + between(random, HOUR, 2 * DAY)))
        else:
            steps.append(("expired", claimed_ms + 9 * DAY))
        for stage, at_ms in steps:
            spent = stage in ("redeemed", "reversed") and benefit != "content"
            payload = BenefitChanged(
                ticket_token=self._token,
                benefit_id=f"{self._token}-b",
                activity_id=self._show.id,
                stage=stage,
                benefit=benefit,
                merchant_id=merchant.id if stage in ("redeemed", "reversed") else None,
                order_fen=order_fen if spent else 0,
                discount_fen=order_fen // 10 if spent else 0,
            )
            delay_ms = between(random, SECOND, 2 * MINUTE)
            self._add_event("/platforms/stub", at_ms, merchant.place.id, payload, delay_ms)

    def _add_event(self, source: str, at_ms: int, subject: str, payload: Payload, delay_ms: int) -> None:
        event_id = f"{self._token}-{len(self._planned) + 1}"
        self._planned.append(
            self._world.writer.create(event_id, source, at_ms, subject, payload, at_ms + delay_ms)
        )
