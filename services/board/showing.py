"""Sends snapshots of a followed view to the screens: when something changed, else as a heartbeat."""

import asyncio
from collections.abc import Callable
from functools import partial

import msgspec

from tidemark.streams.contracts.identity import LogIdentity
from tidemark.streams.indicators.targets.goal import Goal
from tidemark.streams.view.follower import Follower, Work

from .live import Live
from .snapshot import Snapshot, take_snapshot

HEARTBEAT_MS = 5_000
"""A screen that receives nothing for more than two heartbeats shows the connection as lost."""

_PAUSE_S = 0.25


class Message(msgspec.Struct, frozen=True):
    """A snapshot, the time it was sent and the time the state was last read."""

    now_ms: int
    refreshed_ms: int
    shown: Snapshot


class Showing:
    """Takes snapshots once the view is complete; the newest message is `newest`."""

    def __init__(
        self, follower: Follower, identity: LogIdentity, shops: Goal, work: Work, clock: Callable[[], int]
    ) -> None:
        self.newest: Message | None = None
        self._follower = follower
        self._identity = identity
        self._shops = shops
        self._work = work
        self._clock = clock

    async def step(self, live: Live) -> None:
        """Publish a snapshot if it differs from the previous one or a heartbeat is due."""
        if not self._follower.ready:
            return
        now_ms = self._clock()
        before = self.newest
        take = partial(take_snapshot, self._follower, self._identity, self._shops, now_ms)
        shown = await self._work(take)
        if before and before.shown == shown and 0 <= now_ms - before.now_ms < HEARTBEAT_MS:
            return
        self.newest = Message(now_ms, self._follower.refreshed_ms or 0, shown)
        live.publish(msgspec.json.encode(self.newest))

    async def run(self, live: Live) -> None:
        """Step a few times a second until cancelled, then end the streams."""
        try:
            while True:
                await self.step(live)
                await asyncio.sleep(_PAUSE_S)
        finally:
            live.close()
