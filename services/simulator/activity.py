"""Activities: launches at debut spaces, shows, matches and exhibitions, from planning to end, and the
additional visitors that they attract."""

from collections.abc import Iterator
from dataclasses import dataclass
from random import Random
from typing import Literal

from tidemark.services.gazetteer import Place
from tidemark.streams.contracts.family import DAY, HOUR, MINUTE
from tidemark.streams.families.activity import ActivityChanged, BrandOrigin, Category, DebutTier

from .planned import Batch, Planned
from .randomness import between, draw_skewed, pick, roughly
from .scenario import Daily
from .world import World

_ANNOUNCED_DAYS = 14
_DEBUTS: tuple[Category, ...] = ("first_store", "first_exhibition", "first_show", "product_debut")
_EVENINGS: tuple[Category, ...] = (
    "concert",
    "concert",
    "sports",
    "first_performance",
    "premiere",
    "first_match",
    "cultural",
)
_DAYTIME: tuple[Category, ...] = ("conference", "exhibition", "finance_forum")
_TIERS: tuple[DebutTier, ...] = ("global", "asia", "china", "south_china", "province", "city")
_ORIGINS: tuple[BrandOrigin, ...] = ("international_top", "international", "domestic", "domestic")
_CAPACITY = {"venue.sports_center": 60_000, "venue.convention_center": 40_000}
_OTHER_CAPACITY = 1_600

_Status = Literal["planned", "approved", "live", "ended", "cancelled"]


@dataclass(frozen=True)
class Activity:
    """An activity. `debut`: its debut space, if it is a launch; `ticketed`: whether tickets are scanned."""

    id: str
    category: Category
    venue: Place
    starts_ms: int
    ends_ms: int
    debut: Place | None
    ticketed: bool
    cancelled: bool

    @property
    def capacity(self) -> int:
        """The capacity of the venue."""
        return _CAPACITY.get(self.venue.id, _OTHER_CAPACITY)


def plan_activities(world: World, daily: Daily, day: int) -> list[Activity]:
    """The activities that begin on a day: at least one show in the evening."""
    random = world.random_streams.derive("activity", day)
    busy = 1.5 if world.calendar.is_off(day) else 0.8
    number = roughly(random, world.full_rate(daily, day) * busy)
    activities = [_make_evening(world, day, random)]
    for index in range(1, number):
        make = (
            _make_debut
            if random.random() < 0.5
            else _make_evening
            if random.random() < 0.5
            else _make_daytime
        )
        activities.append(make(world, day, random, index))
    return activities


def _make_evening(world: World, day: int, random: Random, index: int = 0) -> Activity:
    venues = world.list_places("venue")
    big = world.calendar.is_off(day + 1) or world.calendar.is_off(day)
    venue = venues[0] if big and not index else pick(random, venues)
    starts = world.calendar.start_ms(day) + 19 * HOUR + between(random, 0, 3) * 30 * MINUTE
    category = pick(random, _EVENINGS)
    return _make_activity(day, index, category, venue, starts, starts + 150 * MINUTE, None, random)


def _make_daytime(world: World, day: int, random: Random, index: int) -> Activity:
    starts = world.calendar.start_ms(day) + 9 * HOUR
    venue = pick(random, world.list_places("venue"))
    ends = starts + 8 * HOUR + between(random, 0, 3) * DAY
    return _make_activity(day, index, pick(random, _DAYTIME), venue, starts, ends, None, random)


def _make_debut(world: World, day: int, random: Random, index: int) -> Activity:
    space = pick(random, world.list_places("debut"))
    mall = next(place for place in world.places if place.id == space.parent)
    starts = world.calendar.start_ms(day) + 10 * HOUR
    ends = starts + 12 * HOUR + draw_skewed(random, 1, 30) * DAY
    return _make_activity(day, index, pick(random, _DEBUTS), mall, starts, ends, space, random)


def _make_activity(  # noqa: PLR0913  its attributes
    day: int, index: int, category: Category, venue: Place, starts: int, ends: int,
    debut: Place | None, random: Random,
) -> Activity:  # fmt: skip
    ticketed = category in _EVENINGS
    cancelled = random.random() < 0.03 and index > 0
    return Activity(f"activity-{day}-{index}", category, venue, starts, ends, debut, ticketed, cancelled)


def activity_events(world: World, daily: Daily) -> Iterator[Batch]:
    """One batch per day, without end: the activities announced that day, with all their later statuses.

    The first day announces those of the next fortnight.
    """
    for day in world.days():
        random = world.random_streams.derive("announcements", day)
        first = day if day == world.first_day else day + _ANNOUNCED_DAYS
        planned: list[Planned] = []
        for begins in range(first, day + _ANNOUNCED_DAYS + 1):
            for activity in plan_activities(world, daily, begins):
                planned += _announce_activity(world, day, activity, random)
        yield Batch(world.calendar.start_ms(day), planned)


def _announce_activity(world: World, day: int, activity: Activity, random: Random) -> list[Planned]:
    told_ms = world.calendar.start_ms(day) + between(random, 0, 9 * HOUR)
    steps: list[tuple[_Status, int]] = [
        ("planned", told_ms),
        ("approved", told_ms + between(random, HOUR, 9 * HOUR)),
    ]
    if activity.cancelled:
        steps.append(("cancelled", activity.starts_ms - HOUR))
    else:
        steps += [("live", activity.starts_ms), ("ended", activity.ends_ms)]
    own = world.random_streams.derive("content", activity.id)
    tier = pick(own, _TIERS) if activity.debut else None
    origin = pick(own, _ORIGINS) if activity.debut else None
    expected = roughly(own, activity.capacity * 0.7)
    high_end = own.random() < 0.2
    electronics = activity.category == "product_debut" and own.random() < 0.7
    planned = []
    for number, (status, at_ms) in enumerate(steps):
        payload = ActivityChanged(
            activity_id=activity.id,
            category=activity.category,
            status=status,
            starts=world.calendar.at(activity.starts_ms),
            ends=world.calendar.at(activity.ends_ms),
            venue_id=activity.venue.id,
            debut_tier=tier,
            brand_origin=origin,
            consumer_electronics=electronics,
            debut_space_id=activity.debut.id if activity.debut else None,
            expected_attendance=expected,
            capacity=activity.capacity,
            high_end=high_end,
        )
        arrival_ms = at_ms + draw_skewed(random, MINUTE, 6 * HOUR)
        event_id = f"{activity.id}-{number + 1}"
        planned.append(
            world.writer.create(event_id, "/organisers/portal", at_ms, activity.venue.id, payload, arrival_ms)
        )
    return planned


_LONGEST_DAYS = 31
_LAUNCH, _MALL_OF_LAUNCH, _SHOW = 2.5, 1.1, 1.8


class Attraction:
    """By day and place, the factor by which activities raise the number of visitors."""

    def __init__(self, world: World, shows: Daily | None) -> None:
        self._world = world
        self._shows = shows
        self._by_day: dict[int, list[Activity]] = {}

    def find_factors(self, day: int) -> dict[str, float]:
        """The factors of the places with activities on a day; 1 elsewhere."""
        attraction: dict[str, float] = {}
        begins_ms, ends_ms = self._world.calendar.start_ms(day), self._world.calendar.start_ms(day + 1)
        for activity in self._list_recent(day):
            if activity.cancelled or activity.ends_ms <= begins_ms or activity.starts_ms >= ends_ms:
                continue
            if activity.debut:
                attraction[activity.debut.id] = _LAUNCH
            attraction[activity.venue.id] = _MALL_OF_LAUNCH if activity.debut else _SHOW
        return attraction

    def _list_recent(self, day: int) -> list[Activity]:
        """The activities that may still be running: the longest one lasts `_LONGEST_DAYS`."""
        if self._shows is None:
            return []
        for begins in range(day - _LONGEST_DAYS, day + 1):
            if begins not in self._by_day:
                self._by_day[begins] = plan_activities(self._world, self._shows, begins)
        self._by_day.pop(day - _LONGEST_DAYS - 1, None)
        return [
            activity for begins in range(day - _LONGEST_DAYS, day + 1) for activity in self._by_day[begins]
        ]
