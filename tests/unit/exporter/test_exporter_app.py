import asyncio

import httpx
import pytest

from tests.support.readers import (
    CIVIL,
    NOON_MS,
    at_once,
    both,
    follower_of,
    head,
    make_vector,
    page,
    publish_updates,
)
from tidemark.services.exporter.app import create_app, create_exposition
from tidemark.services.exporter.exposition import Exposition
from tidemark.services.exporter.rendering import Rendering, build_exporter_reach
from tidemark.services.plan import read_plan
from tidemark.streams.contracts.family import Stream
from tidemark.streams.contracts.identity import LogIdentity
from tidemark.streams.families.footfall import FOOTFALL_PLACE
from tidemark.streams.log.memory import MemoryLog
from tidemark.streams.log.port import Entry, Update
from tidemark.streams.view.follower import Follower
from tidemark.streams.view.view import View


def client_of(app):
    return httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://exporter")


async def test_metrics_and_ready_answer_503_until_the_view_has_read_to_the_end_seen_at_start():
    log = MemoryLog(LogIdentity(partitions=1), lambda: NOON_MS)
    await log.append(Stream.FACTS, [Entry(0, b"a")])
    state = await publish_updates(
        Update(0, both(FOOTFALL_PLACE, ("mall.a",), make_vector(FOOTFALL_PLACE, entered=7)), 0)
    )
    follower = follower_of(state, build_exporter_reach(), lambda: NOON_MS, log)
    exposition = create_exposition(follower, at_once, lambda: NOON_MS, lambda: None, 100, read_plan())
    async with client_of(create_app(follower, exposition)) as client:
        await follower.refresh(at_once)
        for path in ("/ready", "/metrics"):
            answer = await client.get(path)
            assert (answer.status_code, answer.headers["content-type"]) == (503, "application/problem+json")
            assert answer.json()["remedy"]
        assert (await client.get("/health")).status_code == 200

        await state.publish([Update(0, [head(position=1)], 1)])
        await follower.refresh(at_once)
        await log.append(Stream.FACTS, [Entry(0, b"b")])
        await follower.refresh(at_once)
        answer = await client.get("/metrics")
        assert (await client.get("/ready")).status_code == answer.status_code == 200
        assert answer.headers["content-type"].startswith("text/plain; version=0.0.4")
        assert 'tidemark_footfall_entered_persons{period="today",place="mall.a"} 7.0' in answer.text
        assert 'tidemark_ledger_lag_records{partition="0"} 1.0' in answer.text


class Counted(Exposition):
    """An exposition that counts its renderings."""

    def __init__(self, follower, work, clock):
        super().__init__(follower, Rendering(follower.view, read_plan(), 100), work, clock, lambda: None, "")
        self.count = 0

    def render(self):
        return b"%d" % self.count


class Scraped:
    """An exposition whose renderings are counted, over a clock that is set by hand."""

    def __init__(self):
        self.now_ms = NOON_MS
        self.view = View(CIVIL, {})
        follower = Follower(self.view, None, None, lambda: self.now_ms)
        self.exposition = Counted(follower, self.work, lambda: self.now_ms)

    @property
    def count(self):
        return self.exposition.count

    async def work(self, call):
        self.exposition.count += 1
        await asyncio.sleep(0)
        return call()

    def change(self):
        self.view.apply(page(self.view.version + 1))


@pytest.mark.parametrize(
    ("changed", "after_ms", "renderings"),
    [(False, 999, 1), (False, 1_000, 2), (True, 199, 1), (True, 200, 2), (False, -5_000, 2)],
)
async def test_rendering_follows_changes_five_times_a_second_and_ages_once(changed, after_ms, renderings):
    scraped = Scraped()
    await scraped.exposition.read_text()
    if changed:
        scraped.change()
    scraped.now_ms += after_ms
    await scraped.exposition.read_text()
    assert scraped.count == renderings


async def test_concurrent_scrapes_share_one_rendering():
    scraped = Scraped()
    texts = await asyncio.gather(*[scraped.exposition.read_text() for _ in range(10)])
    assert scraped.count == 1
    assert len(set(texts)) == 1
