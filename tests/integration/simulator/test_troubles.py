"""Troubles of the demo: the effect of each on the events, and that truth and ledger still agree."""

from datetime import UTC, datetime
from pathlib import Path

import msgspec
import pytest

from tidemark.services.cli.demo_feed import DemoFeed, OtherTrouble
from tidemark.services.cli.verification import verify_truth
from tidemark.services.simulator.scenario import ScenarioInvalid
from tidemark.services.simulator.trouble import Trouble, load_trouble
from tidemark.services.simulator.world import Window
from tidemark.streams.contracts.civil import Civil
from tidemark.streams.contracts.family import MINUTE, SECOND, Stream
from tidemark.streams.contracts.identity import LogIdentity
from tidemark.streams.families.codec import InvalidEvent, decode
from tidemark.streams.families.footfall import FootfallCounted
from tidemark.streams.families.refund import FormVerified
from tidemark.streams.families.registry import EntityChanged
from tidemark.streams.ledger.worker import Worker
from tidemark.streams.log.memory import MemoryLog, MemoryState
from tidemark.streams.log.port import Page, WholeLog
from tidemark.streams.view.feeds import dead_letters
from tidemark.streams.view.view import build_view

CIVIL = Civil(LogIdentity().zone)
NOW_MS = int(datetime(2026, 9, 16, 4, tzinfo=UTC).timestamp() * 1000)
"""Noon in the district on a working day."""


def load_short(name: str) -> Trouble:
    return msgspec.structs.replace(load_trouble(name), past_days=5, after_s=10, lasts_s=100)


async def send_until(feed: DemoFeed, until_ms: int) -> None:
    while await feed.send_until(until_ms) is not None:
        pass


async def run_live(log: MemoryLog, trouble: Trouble, now_ms: int, seconds: int) -> tuple[DemoFeed, Window]:
    """Run the demo for `seconds` after it goes live; the feed, and when the trouble is."""
    feed = await DemoFeed.open(log, 7, now_ms, trouble)
    feed.recall(lambda _: None)
    await send_until(feed, now_ms)
    when = feed.go_live(now_ms)
    assert when is not None
    await send_until(feed, now_ms + seconds * SECOND)
    return feed, when


async def read_published(log: MemoryLog) -> Page:
    state = MemoryState()
    worker = Worker(log, state, WholeLog(log.identity.partitions), lambda: 0.0)
    await worker.restore()
    await worker.catch_up()
    return await state.poll(0, 0)


async def read_records(log: MemoryLog) -> list[tuple[int, bytes]]:
    """Arrival time and bytes of every fact."""
    facts = []
    for partition, end in enumerate(await log.ends(Stream.FACTS)):
        facts += [
            (record.arrival_ms, record.value)
            for record in (await log.read(Stream.FACTS, partition, 0, end)).records
        ]
    return facts


async def read_payloads(log: MemoryLog, kind: type, when: Window) -> list[tuple[int, object]]:
    """Arrival time and payload of the events of this kind that arrived in the window, in order."""
    arrivals = []
    for arrival_ms, raw in await read_records(log):
        if when.start_ms <= arrival_ms < when.end_ms:
            try:
                event = decode(raw)
            except InvalidEvent:
                continue
            if isinstance(event.data, kind):
                arrivals.append((arrival_ms, event.data))
    return sorted(arrivals, key=lambda pair: pair[0])


@pytest.fixture
def log() -> MemoryLog:
    return MemoryLog(LogIdentity(content="simulated"), lambda: NOW_MS)


async def test_totals_are_exact_with_every_trouble_at_once_interrupted_by_a_stop_and_repeated(
    log: MemoryLog,
) -> None:
    trouble = msgspec.structs.replace(
        load_short("refund-coverage-lags"),
        queue=load_trouble("port-queue-long").queue,
        held_back="footfall",
        spoilt_every_s=1,
    )
    await run_live(log, trouble, NOW_MS, 40)
    again, _ = await run_live(log, trouble, NOW_MS + 60 * SECOND, 300)
    verdict = verify_truth(again.truth(), await read_published(log), CIVIL)
    assert verdict.differences == []
    assert verdict.compared["registry"] > 0


async def test_suspended_shops_are_active_again_afterwards(log: MemoryLog) -> None:
    _, when = await run_live(log, load_short("refund-coverage-lags"), NOW_MS, 200)
    changes = await read_payloads(log, EntityChanged, Window(when.start_ms, when.end_ms + MINUTE))
    stopped = {
        change.entity_id for at, change in changes if change.status == "suspended" and at < when.end_ms
    }
    resumed = {change.entity_id for at, change in changes if change.status == "active" and at >= when.end_ms}
    assert len(stopped) >= 20
    assert stopped == resumed


async def test_a_queue_is_long_while_it_lasts_and_at_most_a_tenth_waited_long_overall(
    log: MemoryLog,
) -> None:
    _, when = await run_live(log, load_short("port-queue-long"), NOW_MS, 200)
    everything = await read_payloads(log, FormVerified, Window(when.start_ms, when.end_ms + 10 * MINUTE))

    def find_slow_share(before_ms: int) -> float:
        waits = [form.queue_s for at, form in everything if at < before_ms and form.port_id == "port.futian"]
        assert len(waits) >= 60
        return sum(wait > 900 for wait in waits) / len(waits)

    assert find_slow_share(when.end_ms) > 0.1
    assert find_slow_share(when.end_ms + 10 * MINUTE) < 0.1


async def test_a_feed_held_back_is_silent_and_then_sends_everything_it_would_have_sent(
    log: MemoryLog,
) -> None:
    trouble = load_short("feed-stale")
    _, when = await run_live(log, trouble, NOW_MS, 200)
    other = MemoryLog(LogIdentity(content="simulated"), lambda: NOW_MS)
    await run_live(other, msgspec.structs.replace(trouble, held_back=None), NOW_MS, 200)
    assert await read_payloads(log, FootfallCounted, when) == []
    assert len(await read_payloads(other, FootfallCounted, when)) > 100
    assert {raw for _, raw in await read_records(log)} == {raw for _, raw in await read_records(other)}


async def test_spoilt_records_become_dead_letters_of_both_kinds(log: MemoryLog) -> None:
    await run_live(log, load_short("dead-letters"), NOW_MS, 200)
    view = build_view(await read_published(log), CIVIL, {})
    assert dead_letters(view.heads.values()) == {"undecodable": 50, "future": 50}


async def test_a_log_begun_with_another_trouble_is_refused_with_the_remedy(log: MemoryLog) -> None:
    await run_live(log, load_short("feed-stale"), NOW_MS, 1)
    with pytest.raises(OtherTrouble, match="another --log"):
        await DemoFeed.open(log, 7, NOW_MS, None)


def test_an_unknown_trouble_is_refused_with_the_names_of_all() -> None:
    with pytest.raises(ScenarioInvalid, match="dead-letters, feed-stale"):
        load_trouble("flood")


def test_a_family_that_does_not_exist_cannot_be_held_back(tmp_path: Path) -> None:
    file = tmp_path / "odd.toml"
    file.write_text('about = "odd"\nafter_s = 1\nlasts_s = 1\nheld_back = "weather"\n')
    with pytest.raises(ScenarioInvalid, match=r"odd\.toml: held_back: there is no family weather"):
        load_trouble(str(file))
