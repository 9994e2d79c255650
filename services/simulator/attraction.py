"""What draws visitors beyond the ordinary: launches at debut spaces, shows at venues."""

from .activity import Activity, activities_on
from .scenario import Daily
from .world import World

_LONGEST_DAYS = 31
_LAUNCH, _MALL_OF_LAUNCH, _SHOW = 2.5, 1.1, 1.8


class Attraction:
    """By day and place, how many times the ordinary number of visitors come."""

    def __init__(self, world: World, shows: Daily | None) -> None:
        self._world = world
        self._shows = shows
        self._by_day: dict[int, list[Activity]] = {}

    def on(self, day: int) -> dict[str, float]:
        """The places that draw more than usual on a day."""
        drawn: dict[str, float] = {}
        begins_ms, ends_ms = self._world.calendar.start_ms(day), self._world.calendar.start_ms(day + 1)
        for one in self._recent(day):
            if one.cancelled or one.ends_ms <= begins_ms or one.starts_ms >= ends_ms:
                continue
            if one.debut:
                drawn[one.debut.id] = _LAUNCH
            drawn[one.venue.id] = _MALL_OF_LAUNCH if one.debut else _SHOW
        return drawn

    def _recent(self, day: int) -> list[Activity]:
        """What began during the longest time that an activity may take."""
        if self._shows is None:
            return []
        for begins in range(day - _LONGEST_DAYS, day + 1):
            if begins not in self._by_day:
                self._by_day[begins] = activities_on(self._world, self._shows, begins)
        self._by_day.pop(day - _LONGEST_DAYS - 1, None)
        return [one for begins in range(day - _LONGEST_DAYS, day + 1) for one in self._by_day[begins]]
