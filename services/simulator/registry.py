"""Registrations: the timeline of every shop, space, firm, merchant and sensor."""

from collections.abc import Iterator
from random import Random

from tidemark.streams.contracts.family import DAY, HOUR, MINUTE
from tidemark.streams.families import registry
from tidemark.streams.families.registry import Capability, EntityChanged, EntityClass, Status

from .calendar import date_of
from .dice import between, pick, skewed
from .footfall import Sensor
from .planned import Batch, Planned
from .roster import Member
from .world import World

KIND = registry.FAMILY.types[0]
SOURCE = "/bureaus/commerce"
_CARDS: tuple[Capability, ...] = (
    "visa", "mastercard", "jcb", "amex", "alipay_plus", "wechat_intl", "ecny", "bilingual_menu",
)  # fmt: skip
_APPLIES_BEFORE = 20
_PAPERS_MS = 30_000


def registry_events(world: World, members: list[Member], sensors: list[Sensor]) -> Iterator[Batch]:
    """One batch a day, without end: on the first, everybody who is registered already."""
    everyone = members + [_member(sensor, world.first_day) for sensor in sensors]
    by_day: dict[int, list[tuple[Member, Status, int]]] = {}
    for member in everyone:
        for status, valid_day in _timeline(member):
            told = max(valid_day, world.first_day)
            by_day.setdefault(told, []).append((member, status, valid_day))
    for day in world.days():
        random = world.dice.of("registry", day)
        planned = [
            _tell(world, day, member, status, valid_day, random)
            for member, status, valid_day in by_day.pop(day, [])
        ]
        yield Batch(world.calendar.start_ms(day), planned)


def _member(sensor: Sensor, first_day: int) -> Member:
    return Member("sensor", sensor.id, sensor.place, first_day - 30, None)


def _timeline(member: Member) -> Iterator[tuple[Status, int]]:
    """Applied, active, and for some in the end suspended and closed."""
    if member.entity_class in _EXAMINED:
        yield "applied", member.since_day - _APPLIES_BEFORE
    yield "active", member.since_day
    if member.ends_day is not None:
        yield "suspended", member.ends_day
        yield "closed", member.ends_day + 30


_EXAMINED: tuple[EntityClass, ...] = ("refund_shop", "instant_point", "instant_complex", "debut_space")


def _tell(world: World, day: int, member: Member, status: Status, valid_day: int, random: Random) -> Planned:
    payload = standing(world, member, status, valid_day)
    at_ms = world.calendar.start_ms(day) + 9 * HOUR + between(random, 0, 8 * HOUR // _PAPERS_MS) * _PAPERS_MS
    event_id = f"{member.id}-{status}-{valid_day}"
    arrival_ms = at_ms + skewed(random, MINUTE, DAY)
    return world.writer.create(KIND, event_id, SOURCE, at_ms, member.place.id, payload, arrival_ms)


def standing(world: World, member: Member, status: Status, valid_day: int) -> EntityChanged:
    """What the bureau says of a member from a day on."""
    own = world.dice.of("member", member.id)
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
        area_m2=None if member.entity_class == "sensor" else skewed(own, 30, 5_000),
        parent_id=member.place.id,
        evidence_ref=f"notice-{valid_day}",
    )
