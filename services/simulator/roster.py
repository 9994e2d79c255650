"""Who is registered in the district, where, and since when: shops, spaces, firms, merchants."""

from dataclasses import dataclass

from tidemark.services.gazetteer import Place
from tidemark.streams.families.registry import EntityClass

from .dice import between, pick
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
"""Where each class is found; the others anywhere in the business districts."""


@dataclass(frozen=True)
class Member:
    """A registered entity. `since_day`: from when it is active; `ends_day`: from when it is closed."""

    entity_class: EntityClass
    id: str
    place: Place
    since_day: int
    ends_day: int | None


def roster(world: World, growth: dict[EntityClass, Growth]) -> list[Member]:
    """Everybody registered at the start, and all who come later, in the order they come."""
    members = [
        member for entity_class, numbers in growth.items() for member in _class(world, entity_class, numbers)
    ]
    return sorted(members, key=lambda member: (member.since_day, member.id))


def open_members(members: list[Member], entity_class: EntityClass, day: int) -> list[Member]:
    """Those of a class that are active on a day."""
    return [
        member
        for member in members
        if member.entity_class == entity_class
        and member.since_day <= day
        and (member.ends_day is None or day < member.ends_day)
    ]


def _class(world: World, entity_class: EntityClass, growth: Growth) -> list[Member]:
    random = world.dice.of("roster", entity_class)
    places = world.of_kind(*_KINDS.get(entity_class, ("district",)))
    prefix = entity_class.replace("_", "-")
    found = []
    for number in range(growth.start + growth.per_year * _HORIZON_YEARS):
        if number < growth.start:
            since = world.first_day - between(random, 1, _LONGEST_AGE)
        else:
            since = world.first_day + (number - growth.start + 1) * _DAYS_A_YEAR // growth.per_year
        closes = random.random() < 0.08 and number > 0
        ends = max(since, world.first_day) + between(random, 60, 900)
        place = pick(random, places) if number >= len(places) else places[number]
        found.append(
            Member(entity_class, f"{prefix}-{number + 1:04d}", place, since, ends if closes else None)
        )
    return found
