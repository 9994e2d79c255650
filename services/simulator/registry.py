"""Registrations: who is registered in the district, where and since when, and the timeline of statuses that
the bureau publishes for every shop, space, firm, merchant and sensor."""

from collections.abc import Iterator
from dataclasses import dataclass
from random import Random

from tidemark.services.gazetteer import Place
from tidemark.streams.contracts.family import DAY, HOUR, MINUTE
from tidemark.streams.families.registry import Capability, EntityChanged, EntityClass, Status

from .calendar import date_of
from .footfall import Sensor
from .planned import Batch, Planned
from .randomness import between, draw_skewed, pick
from .scenario import Growth
from .world import World

_DAYS_A_YEAR = 365
_HORIZON_YEARS = 6
_LONGEST_AGE = 700

_KINDS: dict[str, tuple[str, ...]] = {
    "refund_shop": ("mall", "zone", "district"),
    "instant_point": ("mall",),
    "instant_complex": ("mall",),
    "debut_space": ("debut",),
    "premium_store": ("mall",),
    "first_store": ("mall",),
    "merchant": ("mall", "district", "zone", "landmark"),
}
"""The kinds of place of each class; all other classes are in the business districts."""


@dataclass(frozen=True)
class Member:
    """A registered entity, active from `since_day`, and suspended from `ends_day` if that is not None."""

    entity_class: EntityClass
    id: str
    place: Place
    since_day: int
    ends_day: int | None


def make_roster(world: World, growth: dict[EntityClass, Growth]) -> list[Member]:
    """All members registered at the start or later, in order of registration."""
    members = [
        member
        for entity_class, numbers in growth.items()
        for member in _make_members(world, entity_class, numbers)
    ]
    return sorted(members, key=lambda member: (member.since_day, member.id))


def list_open_members(members: list[Member], entity_class: EntityClass, day: int) -> list[Member]:
    """The members of a class that are active on a day."""
    return [
        member
        for member in members
        if member.entity_class == entity_class
        and member.since_day <= day
        and (member.ends_day is None or day < member.ends_day)
    ]


def _make_members(world: World, entity_class: EntityClass, growth: Growth) -> list[Member]:
    random = world.random_streams.derive("roster", entity_class)
    places = world.list_places(*_KINDS.get(entity_class, ("district",)))
    prefix = entity_class.replace("_", "-")
    members = []
    for number in range(growth.start + growth.per_year * _HORIZON_YEARS):
        if number < growth.start:
            since = world.first_day - between(random, 1, _LONGEST_AGE)
        else:
            since = world.first_day + (number - growth.start + 1) * _DAYS_A_YEAR // growth.per_year
        closes = random.random() < 0.08 and number > 0
        ends = max(since, world.first_day) + between(random, 60, 900)
        place = pick(random, places) if number >= len(places) else places[number]
        members.append(
            Member(entity_class, f"{prefix}-{number + 1:04d}", place, since, ends if closes else None)
        )
    return members


SOURCE = "/bureaus/commerce"
_CARDS: tuple[Capability, ...] = (
    "visa", "mastercard", "jcb", "amex", "alipay_plus", "wechat_intl", "ecny", "bilingual_menu",
)  # fmt: skip
_EXAMINED: tuple[EntityClass, ...] = ("refund_shop", "instant_point", "instant_complex", "debut_space")
_APPLIES_BEFORE = 20
_PAPERS_MS = 30_000


def registry_events(world: World, members: list[Member], sensors: list[Sensor]) -> Iterator[Batch]:
    """One batch per day, without end; the first one reports everybody registered already."""
    everyone = members + [_make_sensor_member(sensor, world.first_day) for sensor in sensors]
    by_day: dict[int, list[tuple[Member, Status, int]]] = {}
    for member in everyone:
        for status, valid_day in _list_statuses(member):
            announced_day = max(valid_day, world.first_day)
            by_day.setdefault(announced_day, []).append((member, status, valid_day))
    for day in world.days():
        random = world.random_streams.derive("registry", day)
        planned = [
            _announce_status(world, day, member, status, valid_day, random)
            for member, status, valid_day in by_day.pop(day, [])
        ]
        yield Batch(world.calendar.start_ms(day), planned)


def _make_sensor_member(sensor: Sensor, first_day: int) -> Member:
    return Member("sensor", sensor.id, sensor.place, first_day - 30, None)


def _list_statuses(member: Member) -> Iterator[tuple[Status, int]]:
    """The statuses and their first days: applied, active, and for some suspended and closed."""
    if member.entity_class in _EXAMINED:
        yield "applied", member.since_day - _APPLIES_BEFORE
    yield "active", member.since_day
    if member.ends_day is not None:
        yield "suspended", member.ends_day
        yield "closed", member.ends_day + 30


def _announce_status(
    world: World, day: int, member: Member, status: Status, valid_day: int, random: Random
) -> Planned:
    payload = report_status(world, member, status, valid_day)
    at_ms = world.calendar.start_ms(day) + 9 * HOUR + between(random, 0, 8 * HOUR // _PAPERS_MS) * _PAPERS_MS
    event_id = f"{member.id}-{status}-{valid_day}"
    arrival_ms = at_ms + draw_skewed(random, MINUTE, DAY)
    return world.writer.create(event_id, SOURCE, at_ms, member.place.id, payload, arrival_ms)


def report_status(world: World, member: Member, status: Status, valid_day: int) -> EntityChanged:
    """The bureau's report on a status of a member, valid from a day."""
    own = world.random_streams.derive("member", member.id)
    capabilities = tuple(card for card in _CARDS if own.random() < 0.6)
    if member.entity_class == "merchant" and own.random() < 0.7:
        capabilities += ("stub",)
    return EntityChanged(
        entity_class=member.entity_class,
        entity_id=member.id,
        status=status,
        valid_from=date_of(valid_day),
        capabilities=() if member.entity_class == "sensor" else capabilities,
        tier=pick(own, ("A", "B", "C")),
        capacity=between(own, 20, 2_000) if member.entity_class == "debut_space" else None,
        area_m2=None if member.entity_class == "sensor" else draw_skewed(own, 30, 5_000),
        parent_id=member.place.id,
        evidence_ref=f"notice-{valid_day}",
    )
