"""Sources that fall silent for hours, and sources whose clocks run wrong."""

from typing import NamedTuple

from .dice import Dice, between
from .faults import Profile

_DAY_MS = 86_400_000
_HOUR_MS = 3_600_000


class State(NamedTuple):
    """How a source does. While silent nothing is sent; what was not lost follows afterwards."""

    clock_offset_ms: int = 0
    silent_until_ms: int | None = None
    lost: bool = False


class _Trouble(NamedTuple):
    from_ms: int
    until_ms: int
    state: State


_WELL = State()


class Outages:
    """The troubles of every source: at most one a day (of UTC), the same for the same dice."""

    def __init__(self, dice: Dice, profile: Profile) -> None:
        self._dice = dice
        self._profile = profile
        self._known: dict[tuple[str, int], _Trouble | None] = {}

    def of(self, source: str, at_ms: int) -> State:
        """The state of a source at an instant."""
        if not self._profile.trouble_per_day:
            return _WELL
        key = (source, at_ms // _DAY_MS)
        if key not in self._known:
            if len(self._known) > 10_000:
                self._known.clear()
            self._known[key] = self._drawn(*key)
        trouble = self._known[key]
        if trouble is None or not trouble.from_ms <= at_ms < trouble.until_ms:
            return _WELL
        return trouble.state

    def _drawn(self, source: str, day: int) -> _Trouble | None:
        random = self._dice.of("trouble", source, day)
        if random.random() >= self._profile.trouble_per_day:
            return None
        start = day * _DAY_MS + between(random, 0, 16) * _HOUR_MS
        end = start + between(random, 1, 8) * _HOUR_MS
        what = random.random()
        if what < 0.5:
            return _Trouble(start, end, State(silent_until_ms=end, lost=random.random() < 0.3))
        if what < 0.8:
            return _Trouble(start, end, State(clock_offset_ms=between(random, -45, 58) * 1000))
        return _Trouble(start, end, State(clock_offset_ms=between(random, 180, 3_600) * 1000))
