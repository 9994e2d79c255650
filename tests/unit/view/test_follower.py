from tests.support.readers import NOON_MS, TODAY, at_once, cell, follower_of, head, publish_updates
from tidemark.streams.contracts.civil import Grain
from tidemark.streams.contracts.family import Stream
from tidemark.streams.contracts.identity import LogIdentity
from tidemark.streams.families.port import PORT_CROSSINGS
from tidemark.streams.log.memory import MemoryLog
from tidemark.streams.log.port import Entry, Page, Update
from tidemark.streams.view.follower import HOLD_MS
from tidemark.streams.view.view import EVERYTHING


async def test_a_follower_is_ready_once_it_has_read_to_the_end_seen_at_start():
    log = MemoryLog(LogIdentity(partitions=1), lambda: NOON_MS)
    await log.append(Stream.FACTS, [Entry(0, b"a"), Entry(0, b"b")])
    state = await publish_updates(Update(0, [head(position=1)], 1))
    follower = follower_of(state, EVERYTHING, lambda: NOON_MS, log)
    await follower.refresh(at_once)
    assert (follower.ready, follower.lags()) == (False, [1])
    await log.append(Stream.FACTS, [Entry(0, b"c"), Entry(0, b"d")])
    await state.publish([Update(0, [head(position=2)], 2)])
    await follower.refresh(at_once)
    assert (follower.ready, follower.lags()) == (True, [2])


async def test_cells_dropped_before_a_clock_went_back_are_read_again_in_the_same_refresh():
    now = [NOON_MS + 40 * 86_400_000]
    row = cell(PORT_CROSSINGS, Grain.DAY, TODAY, ("A", "in", "foreign"), (3, 1, 0))
    state = await publish_updates(Update(0, [row], 0))
    follower = follower_of(state, {(PORT_CROSSINGS, Grain.DAY): 86_400_000}, lambda: now[0])
    await follower.refresh(at_once)
    assert len(follower.view) == 0
    now[0] = NOON_MS
    await follower.refresh(at_once)
    assert len(follower.view) == 1


class Generations:
    """A reader whose pages the test sets; each is the whole state of its generation."""

    def __init__(self) -> None:
        self.page = Page(1, 1, [])

    async def poll(self, _generation: int, _version: int) -> Page:
        return self.page


async def test_a_new_generation_is_shown_only_once_it_has_reached_the_position_of_the_old_one():
    now, reader = [NOON_MS], Generations()
    follower = follower_of(reader, EVERYTHING, lambda: now[0])
    reader.page = Page(1, 1, [(0, head(position=10)), (1, head(position=5))])
    await follower.refresh(at_once)
    reader.page = Page(2, 1, [(0, head(position=12)), (1, head(position=4))])
    await follower.refresh(at_once)
    assert (follower.view.generation, follower.view.heads[0].position) == (1, 10)
    reader.page = Page(2, 2, [(0, head(position=12)), (1, head(position=5))])
    await follower.refresh(at_once)
    assert (follower.view.generation, follower.view.heads[0].position) == (2, 12)


async def test_a_generation_that_stays_behind_is_shown_in_the_end():
    now, reader = [NOON_MS], Generations()
    follower = follower_of(reader, EVERYTHING, lambda: now[0])
    reader.page = Page(1, 1, [(0, head(position=10))])
    await follower.refresh(at_once)
    reader.page = Page(2, 1, [(0, head(position=3))])
    await follower.refresh(at_once)
    now[0] += HOLD_MS - 1
    await follower.refresh(at_once)
    assert follower.view.generation == 1
    now[0] += 1
    await follower.refresh(at_once)
    assert (follower.view.generation, follower.view.heads[0].position) == (2, 3)
