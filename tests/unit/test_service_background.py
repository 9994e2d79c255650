"""The readers' loop: it continues while the state cannot be read, at the interval that is set."""

import asyncio
from typing import Any

import pytest

from tidemark.services.background import follow
from tidemark.streams.log.errors import LogUnavailable


class Refreshes:
    """A follower that cannot read the state the second and third time; its loop ends after five refreshes."""

    def __init__(self) -> None:
        self.refreshed = 0
        self.waited: list[float] = []

    async def refresh(self, _work: object) -> None:
        self.refreshed += 1
        if self.refreshed in (2, 3):
            raise LogUnavailable("away")

    async def sleep(self, seconds: float) -> None:
        self.waited.append(seconds)
        if len(self.waited) == 5:
            raise asyncio.CancelledError


async def test_a_view_is_refreshed_until_cancelled_even_if_the_state_cannot_be_read_for_a_while() -> None:
    follower: Any = Refreshes()
    with pytest.raises(asyncio.CancelledError):
        await follow(follower, None, 0.5, follower.sleep)
    assert (follower.refreshed, follower.waited) == (5, [0.5] * 5)
