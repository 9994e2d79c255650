import msgspec

from tests.support.boards import IDENTITY, SHOPS, showing_of
from tests.support.district import district
from tests.support.readers import NOON_MS, at_once, both, follower_of, head, make_vector, publish_updates
from tidemark.services.board.live import Live
from tidemark.services.board.showing import HEARTBEAT_MS, Showing
from tidemark.services.board.snapshot import take_snapshot
from tidemark.streams.contracts.family import Stream
from tidemark.streams.contracts.published import Feed
from tidemark.streams.families.footfall import FOOTFALL_PLACE
from tidemark.streams.families.service_trade import SERVICE_TRADE_VALUE
from tidemark.streams.log.memory import MemoryLog, MemoryState
from tidemark.streams.log.port import Entry, Update
from tidemark.streams.view.totals import totals_reach


def visits(entered):
    return Update(0, both(FOOTFALL_PLACE, ("mall.a",), make_vector(FOOTFALL_PLACE, entered=entered)), 0)


async def test_a_snapshot_holds_exact_integers_and_no_value_without_cells():
    large = 987_654_321_012_345
    trade = both(
        SERVICE_TRADE_VALUE, ("export", "SI", "EU"), make_vector(SERVICE_TRADE_VALUE, amount_usd_cents=7)
    )
    state = await publish_updates(visits(large), Update(1, [*trade, *visits(1).rows], 0))
    follower = follower_of(state, totals_reach(), lambda: NOON_MS)
    await follower.refresh(at_once)
    totals = msgspec.to_builtins(take_snapshot(follower, IDENTITY, SHOPS, NOON_MS))["totals"]
    assert totals["visits"]["today"] == totals["visits"]["year"] == large + 1
    assert (totals["service_trade"]["today"], totals["service_trade"]["month"]) == (None, 7)


async def test_a_snapshot_shows_how_fresh_and_how_complete_it_is():
    feed = Feed(newest_ms=NOON_MS - 1_000)
    state = await publish_updates(
        Update(0, [head(position=2, feeds={"footfall": feed}, dead={"invalid": 4})], 2)
    )
    log = MemoryLog(IDENTITY, lambda: NOON_MS)
    await log.append(Stream.FACTS, [Entry(0, b"")] * 5)
    follower = follower_of(state, totals_reach(), lambda: NOON_MS, log)
    await follower.refresh(at_once)
    shown = take_snapshot(follower, IDENTITY, SHOPS, NOON_MS)
    assert (shown.completeness.lag, shown.completeness.dead_letters) == (3, 4)
    assert (shown.feeds["footfall"].newest_ms, shown.feeds["trade"].newest_ms) == (NOON_MS - 1_000, None)
    assert shown.content == "simulated"


async def test_active_refund_shops_are_shown_with_baseline_and_target():
    state = MemoryState()
    await state.publish(district(shops=187))
    follower = follower_of(state, totals_reach(), lambda: NOON_MS)
    await follower.refresh(at_once)
    shops = take_snapshot(follower, IDENTITY, SHOPS, NOON_MS).refund_shops
    assert (shops.baseline, shops.active, shops.target) == (43, 187, 600)


async def has_published(showing, live):
    """Whether a step published something."""
    before = showing.newest
    await showing.step(live)
    return showing.newest is not before


async def test_screens_get_changes_at_once_and_heartbeats_in_between():
    now = [NOON_MS]
    state = await publish_updates(visits(1))
    follower = follower_of(state, totals_reach(), lambda: now[0])
    await follower.refresh(at_once)
    showing, live = Showing(follower, IDENTITY, SHOPS, at_once, lambda: now[0]), Live(1)
    assert await has_published(showing, live)
    assert not await has_published(showing, live)
    await state.publish([visits(2)])
    await follower.refresh(at_once)
    assert await has_published(showing, live)
    now[0] += HEARTBEAT_MS - 1
    assert not await has_published(showing, live)
    now[0] += 1
    assert await has_published(showing, live)


async def test_nothing_is_shown_before_the_view_is_complete():
    follower = follower_of(await publish_updates(visits(1)), totals_reach(), lambda: NOON_MS)
    showing = Showing(follower, IDENTITY, SHOPS, at_once, lambda: NOON_MS)
    assert not await has_published(showing, Live(1))


async def test_a_slow_screen_gets_the_newest_snapshot_only():
    live = Live(1)
    live.publish(b'"first"')
    events = live.iterate_events()
    assert b"first" in await anext(events)
    for text in (b'"second"', b'"third"', b'"fourth"'):
        live.publish(text)
    assert b"fourth" in await anext(events)
    live.close()
    assert [event async for event in events] == []


async def test_a_new_screen_gets_the_current_snapshot_at_once():
    showing, live = await showing_of(await publish_updates(visits(3)), lambda: NOON_MS), Live(1)
    await showing.step(live)
    assert b'"today":3' in await anext(live.iterate_events())
