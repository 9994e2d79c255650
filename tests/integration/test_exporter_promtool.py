from tests.support.district import district
from tests.support.promtool import check_metrics
from tests.support.readers import NOON_MS, at_once, follower_of
from tidemark.services.exporter.app import create_exposition
from tidemark.services.exporter.rendering import build_exporter_reach
from tidemark.services.plan import read_plan
from tidemark.streams.log.memory import MemoryState

PLAN = read_plan()


async def render_exposition(budget=2_000):
    state = MemoryState()
    await state.publish(district())
    follower = follower_of(state, build_exporter_reach(), lambda: NOON_MS)
    await follower.refresh(at_once)
    return await create_exposition(
        follower, at_once, lambda: NOON_MS, lambda: 10**9, budget, PLAN
    ).read_text()


async def test_promtool_finds_nothing_to_warn_about():
    assert check_metrics(await render_exposition()) == (0, "")


async def test_promtool_finds_nothing_to_warn_about_in_folded_series():
    text = await render_exposition(budget=8)
    assert b'="other"' in text
    assert check_metrics(text) == (0, "")


async def test_promtool_would_find_a_gauge_named_like_a_counter():
    text = await render_exposition()
    status, complaint = check_metrics(
        text.replace(b"tidemark_exporter_series", b"tidemark_exporter_series_total")
    )
    assert status != 0
    assert "_total" in complaint
