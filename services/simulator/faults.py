"""Fault profiles: how often each fault occurs; also duplicates, and outages of sources: silence, wrong clock.

Faults of single events are in disturbance.py.
"""

from heapq import heappop, heappush
from typing import Annotated, NamedTuple

import msgspec
from msgspec import Meta

from tidemark.services.resources import SCENARIOS
from tidemark.streams.contracts.family import DAY, HOUR

from .planned import Planned
from .randomness import RandomStreams, between

Share = Annotated[float, Meta(ge=0, le=1)]
_FILE = SCENARIOS / "faults" / "profiles.toml"


class FaultsUnknown(Exception):
    """There is no fault profile of that name; the message lists the names."""


class Profile(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Shares of all events; `outage_per_day` is the share of days on which a source has an outage.

    `repeated_near` and `repeated_far`: the same bytes are sent again, immediately or up to 100,000
    records of the partition later. `disordered`: minutes late; `late`: hours to days. `corrected`
    and `retracted`: a change follows, or precedes, its original. `junk`: a record that becomes a
    dead letter is added, for example an event from the future.
    """

    repeated_near: Share = 0.0
    repeated_far: Share = 0.0
    disordered: Share = 0.0
    late: Share = 0.0
    corrected: Share = 0.0
    retracted: Share = 0.0
    junk: Share = 0.0
    outage_per_day: Share = 0.0


def load_profile(name: str) -> Profile:
    """Read a profile of seeds/scenarios/faults/profiles.toml. Raises FaultsUnknown, OSError, DecodeError."""
    profiles = msgspec.toml.decode(_FILE.read_bytes(), type=dict[str, Profile])
    if name not in profiles:
        raise FaultsUnknown(f"faults: there is no profile {name!r}; choose one of {', '.join(profiles)}")
    return profiles[name]


class Repeats:
    """Decides which records are sent again, and after how many records of their partition."""

    def __init__(self, random_streams: RandomStreams, profile: Profile, partitions: int) -> None:
        self._random = random_streams.derive("repeats")
        self._near = profile.repeated_near
        self._any = profile.repeated_near + profile.repeated_far
        self._sent = [0] * partitions
        self._waiting: list[list[tuple[int, int, Planned]]] = [[] for _ in range(partitions)]

    def note_sent(self, planned: Planned, accepted: bool) -> None:
        """Note a record sent to its partition; one that is accepted may be scheduled to be sent again."""
        partition = planned.partition
        self._sent[partition] += 1
        if not accepted or not self._any:
            return
        chance = self._random.random()
        if chance >= self._any:
            return
        distance = between(self._random, 1, 4) if chance < self._near else self._draw_far_distance()
        heappush(self._waiting[partition], (self._sent[partition] + distance, self._sent[partition], planned))

    def pop_due(self, partition: int) -> Planned | None:
        """The record to send again now, if any."""
        waiting = self._waiting[partition]
        if not waiting or waiting[0][0] > self._sent[partition] + 1:
            return None
        return heappop(waiting)[2]

    def _draw_far_distance(self) -> int:
        """10 to 100,000, each order of magnitude equally likely."""
        most = 10 ** between(self._random, 2, 6)
        return between(self._random, most // 10, most)


class State(NamedTuple):
    """The state of a source. A silent one sends nothing; what is not lost is sent when the silence ends."""

    clock_offset_ms: int = 0
    silent_until_ms: int | None = None
    lost: bool = False


class _Outage(NamedTuple):
    from_ms: int
    until_ms: int
    state: State


_WELL = State()


class Outages:
    """The outages of all sources: at most one per source and UTC day, the same for the same seed."""

    def __init__(self, random_streams: RandomStreams, profile: Profile) -> None:
        self._random_streams = random_streams
        self._profile = profile
        self._drawn: dict[tuple[str, int], _Outage | None] = {}

    def find_state(self, source: str, at_ms: int) -> State:
        """The state of a source at an instant."""
        if not self._profile.outage_per_day:
            return _WELL
        key = (source, at_ms // DAY)
        if key not in self._drawn:
            if len(self._drawn) > 10_000:
                self._drawn.clear()
            self._drawn[key] = self._draw(*key)
        outage = self._drawn[key]
        if outage is None or not outage.from_ms <= at_ms < outage.until_ms:
            return _WELL
        return outage.state

    def _draw(self, source: str, day: int) -> _Outage | None:
        # The label is older than the word outage; another would change what is simulated.
        random = self._random_streams.derive("trouble", source, day)
        if random.random() >= self._profile.outage_per_day:
            return None
        start = day * DAY + between(random, 0, 16) * HOUR
        end = start + between(random, 1, 8) * HOUR
        what = random.random()
        if what < 0.5:
            return _Outage(start, end, State(silent_until_ms=end, lost=random.random() < 0.3))
        if what < 0.8:
            return _Outage(start, end, State(clock_offset_ms=between(random, -45, 58) * 1000))
        return _Outage(start, end, State(clock_offset_ms=between(random, 180, 3_600) * 1000))
