"""Daily profiles of each kind of place: opening hours, peaks, working days and days off."""

from bisect import bisect_right
from dataclasses import dataclass
from functools import cached_property
from random import Random

from .calendar import Calendar

_HOUR_MS = 3_600_000

Hours = tuple[int, ...]
"""24 weights, one for each hour from midnight; 0 is closed."""


@dataclass(frozen=True)
class Shape:
    """Hourly weights of a kind of place. `off_level`: the total of a day off relative to a working day."""

    working: Hours
    off: Hours
    off_level: float

    @cached_property
    def _sums(self) -> tuple[tuple[float, ...], tuple[float, ...]]:
        return _cumulate(self.working, 1.0), _cumulate(self.off, self.off_level)

    def share(self, off: bool, start_ms: int, end_ms: int) -> float:
        """The share of a working day's total between two times of day, in ms from midnight."""
        sums = self._sums[off]
        return _share_arrived(sums, end_ms) - _share_arrived(sums, start_ms)

    def departure_share(self, off: bool, start_ms: int, end_ms: int) -> float:
        """The share of a working day's total that leaves between two times of day, in ms from midnight.

        Visitors stay for an hour; in the last hour before closing everybody leaves.
        """
        sums = self._sums[off]
        return _share_departed(sums, end_ms) - _share_departed(sums, start_ms)

    def moment(self, off: bool, which: float, within: float) -> int:
        """A time of day in ms from midnight: `which` selects the hour by weight, `within` the time in it.

        0 ≤ `which`, `within` < 1.
        """
        sums = self._sums[off]
        hour = bisect_right(sums, which * sums[24]) - 1
        return hour * _HOUR_MS + int(within * _HOUR_MS)


def _share_departed(sums: tuple[float, ...], at_ms: int) -> float:
    closes_ms = sums.index(sums[24]) * _HOUR_MS
    if at_ms >= closes_ms:
        return sums[24]
    if at_ms <= closes_ms - _HOUR_MS:
        return _share_arrived(sums, max(at_ms - _HOUR_MS, 0))
    inside = _share_arrived(sums, closes_ms - 2 * _HOUR_MS)
    return inside + (sums[24] - inside) * (at_ms - closes_ms + _HOUR_MS) / _HOUR_MS


def _cumulate(hours: Hours, level: float) -> tuple[float, ...]:
    whole = sum(hours)
    return tuple(level * sum(hours[:hour]) / whole for hour in range(25))


def _share_arrived(sums: tuple[float, ...], at_ms: int) -> float:
    hour = at_ms // _HOUR_MS
    if hour >= 24:
        return sums[24]
    return sums[hour] + (sums[hour + 1] - sums[hour]) * (at_ms - hour * _HOUR_MS) / _HOUR_MS


_SHOPPING = (0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 3, 5, 9, 7, 5, 5, 6, 9, 11, 12, 10, 6, 0, 0)
_SHOPPING_OFF = (0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 5, 8, 10, 10, 10, 10, 10, 10, 11, 12, 10, 7, 0, 0)
_COMMUTE = (0, 0, 0, 0, 0, 0, 2, 8, 14, 9, 5, 4, 5, 5, 4, 4, 6, 9, 14, 10, 6, 5, 4, 2)
_LEISURE_HUB = (0, 0, 0, 0, 0, 0, 1, 2, 4, 6, 8, 9, 9, 9, 9, 9, 9, 9, 9, 8, 7, 6, 5, 2)
_PARK = (0, 0, 0, 0, 0, 1, 5, 7, 6, 5, 4, 4, 3, 3, 4, 5, 6, 7, 7, 7, 5, 2, 0, 0)
_EVENING = (0, 0, 0, 0, 0, 0, 0, 0, 0, 1, 2, 2, 2, 2, 3, 3, 3, 6, 14, 20, 12, 10, 4, 0)
_STREET = (1, 0, 0, 0, 0, 0, 1, 3, 6, 6, 6, 7, 9, 8, 7, 7, 7, 8, 10, 10, 9, 6, 4, 2)
_PORT = (0, 0, 0, 0, 0, 0, 3, 9, 12, 10, 7, 6, 5, 5, 5, 5, 6, 8, 10, 10, 8, 6, 4, 0)
_PORT_OFF = (0, 0, 0, 0, 0, 0, 2, 5, 9, 12, 12, 10, 8, 6, 5, 5, 6, 8, 10, 12, 12, 10, 6, 0)

SHAPES: dict[str, Shape] = {
    "mall": Shape(_SHOPPING, _SHOPPING_OFF, 1.7),
    "debut": Shape(_SHOPPING, _SHOPPING_OFF, 2.0),
    "district": Shape(_STREET, _STREET, 1.25),
    "zone": Shape(_STREET, _STREET, 1.1),
    "hub": Shape(_COMMUTE, _LEISURE_HUB, 0.85),
    "port": Shape(_PORT, _PORT_OFF, 1.35),
    "venue": Shape(_EVENING, _EVENING, 2.2),
    "landmark": Shape(_PARK, _PARK, 1.9),
}
OFFICE = Shape(
    (0, 0, 0, 0, 0, 0, 0, 0, 4, 10, 11, 9, 3, 6, 10, 10, 9, 6, 2, 1, 0, 0, 0, 0),
    (0, 0, 0, 0, 0, 0, 0, 0, 4, 10, 11, 9, 3, 6, 10, 10, 9, 6, 2, 1, 0, 0, 0, 0),
    0.3,
)


def draw_moment(calendar: Calendar, day: int, shape: Shape, random: Random) -> int:
    """A random instant of the day in ms, distributed by the shape."""
    off = calendar.is_off(day)
    start_ms = calendar.start_ms(day)
    return start_ms + shape.moment(off, random.random(), random.random())
