"""Duplicates: the same bytes again, at once or much later, but within the reach of deduplication."""

from heapq import heappop, heappush

from .dice import Dice, between
from .faults import Profile
from .planned import Planned

FARTHEST = 100_000
"""Records of the same partition between a record and its repeat: half the sure reach of the ledger."""


class Repeats:
    """Decides what is sent again, and when: counted in records of the partition."""

    def __init__(self, dice: Dice, profile: Profile, partitions: int) -> None:
        self._random = dice.of("repeats")
        self._near = profile.repeated_near
        self._any = profile.repeated_near + profile.repeated_far
        self._sent = [0] * partitions
        self._waiting: list[list[tuple[int, int, Planned]]] = [[] for _ in range(partitions)]

    def sent(self, planned: Planned, accepted: bool) -> None:
        """Note that a record went into its partition; if accepted it may come again."""
        lane = planned.partition
        self._sent[lane] += 1
        if not accepted or not self._any:
            return
        chance = self._random.random()
        if chance >= self._any:
            return
        distance = between(self._random, 1, 4) if chance < self._near else self._far()
        heappush(self._waiting[lane], (self._sent[lane] + distance, self._sent[lane], planned))

    def due(self, partition: int) -> Planned | None:
        """What is to be sent again now, if anything."""
        waiting = self._waiting[partition]
        if not waiting or waiting[0][0] > self._sent[partition] + 1:
            return None
        return heappop(waiting)[2]

    def _far(self) -> int:
        """10 to 100,000, each order of magnitude as likely."""
        most = 10 ** between(self._random, 2, 6)
        return between(self._random, most // 10, most)
