"""Which events were taken in already, as far back as two generations of offsets."""

GENERATION_SIZE = 200_000
"""Offsets in a generation. The horizon is thus a function of the log, not of a clock."""


class RecentIds:
    """The (source, id) pairs of the current and the previous generation of offsets.

    `generations` holds the number and the first arrival of each, newest first; `next_start` is
    the offset at which the next generation begins.
    """

    def __init__(self, size: int = GENERATION_SIZE) -> None:
        self._size = size
        self._current: dict[str, set[str]] = {}
        self._previous: dict[str, set[str]] = {}
        self.generations: tuple[tuple[int, int], ...] = ()
        self.next_start = 0

    @classmethod
    def first_needed(cls, position: int, size: int = GENERATION_SIZE) -> int:
        """The first offset whose id is still remembered at a position."""
        return max(0, (max(0, position - 1) // size - 1) * size)

    def advance(self, offset: int, arrival_ms: int) -> None:
        """Come to an offset at or after `next_start`; forget what is too far back."""
        number = offset // self._size
        follows = bool(self.generations) and self.generations[0][0] == number - 1
        self._previous = self._current if follows else {}
        self._current = {}
        self.generations = ((number, arrival_ms), *(self.generations[:1] if follows else ()))
        self.next_start = (number + 1) * self._size

    def add(self, source: str, event_id: str) -> bool:
        """Remember the pair; False if it was remembered already."""
        known = self._previous.get(source)
        if known is not None and event_id in known:
            return False
        ids = self._current.get(source)
        if ids is None:
            self._current[source] = {event_id}
            return True
        if event_id in ids:
            return False
        ids.add(event_id)
        return True

    def __len__(self) -> int:
        return sum(len(ids) for pairs in (self._current, self._previous) for ids in pairs.values())
