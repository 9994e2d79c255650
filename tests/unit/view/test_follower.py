from streams.contracts.civil import Grain
from streams.contracts.family import Stream
from streams.contracts.measures import PORT_CROSSINGS
from streams.log.memory import MemoryLog
from streams.log.port import Entry, LogIdentity
from streams.log.state import Update
from tests.support.readers import EVERYTHING, NOON_MS, TODAY, at_once, cell, follower_of, head, published


async def test_a_follower_is_ready_once_it_has_read_to_the_end_seen_at_start():
    log = MemoryLog(LogIdentity(partitions=1), lambda: NOON_MS)
    await log.append(Stream.FACTS, [Entry(0, b"a"), Entry(0, b"b")])
    state = await published(Update(0, [head(position=1)], 1))
    follower = follower_of(state, EVERYTHING, lambda: NOON_MS, log)
    await follower.refresh(at_once)
    assert (follower.ready, follower.lags()) == (False, [1])
    await log.append(Stream.FACTS, [Entry(0, b"c"), Entry(0, b"d")])
    await state.publish([Update(0, [head(position=2)], 2)])
    await follower.refresh(at_once)
    assert (follower.ready, follower.lags()) == (True, [2])


async def test_a_clock_that_went_back_is_made_good_in_the_same_refresh():
    now = [NOON_MS + 40 * 86_400_000]
    row = cell(PORT_CROSSINGS, Grain.DAY, TODAY, ("A", "in", "foreign"), (3, 1, 0))
    state = await published(Update(0, [row], 0))
    follower = follower_of(state, {(PORT_CROSSINGS, Grain.DAY): 86_400_000}, lambda: now[0])
    await follower.refresh(at_once)
    assert len(follower.view) == 0
    now[0] = NOON_MS
    await follower.refresh(at_once)
    assert len(follower.view) == 1
