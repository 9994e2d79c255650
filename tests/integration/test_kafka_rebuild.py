"""A rebuild on Kafka beside a ledger and its readers, who see the old totals until the new ones are whole."""

import asyncio
import json
import signal
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, nullcontext
from pathlib import Path

import pytest

from tests.support.commands import LIMIT_S, succeed
from tests.support.folding import NOON, count
from tests.support.kafka_logs import (
    Workers,
    administered_at,
    append,
    check_rows,
    eventually,
    fold,
    make_log,
    no_pause,
    opened_log,
    running_ledger,
)
from tests.support.log_engines import kafka_url
from tests.support.watching import Watch, open_watch, run_watch
from tidemark.services.ledger import app as ledger
from tidemark.streams.contracts.civil import Grain
from tidemark.streams.families.footfall import FOOTFALL_PLACE
from tidemark.streams.ledger.worker import Worker
from tidemark.streams.log.errors import StateSuperseded
from tidemark.streams.log.kafka.address import parse_kafka
from tidemark.streams.log.kafka.state_writer import KafkaStateWriter
from tidemark.streams.log.port import EventLog, WholeLog

VISITORS = (FOOTFALL_PLACE, Grain.DAY)


@pytest.fixture
async def url(kafka: str) -> str:
    address = kafka_url(kafka)
    await make_log(address)
    return address


@asynccontextmanager
async def start_rebuild(url: str) -> AsyncIterator[tuple[KafkaStateWriter, Worker]]:
    """The writer of the next generation, and the worker that fills it."""
    async with opened_log(url) as log:
        state = await KafkaStateWriter.rebuild(parse_kafka(url))
        try:
            worker = Worker(log, state, WholeLog(log.identity.partitions), lambda: 0.0, no_pause)
            await worker.restore()
            yield state, worker
        finally:
            await state.close()


async def generations(url: str) -> list[str]:
    """The topics of the log's states and dead letters."""
    name = parse_kafka(url).name
    async with administered_at(url) as topics:
        found = [topic.removeprefix(f"{name}.") for topic in await topics.names() if topic.startswith(name)]
    return sorted(topic for topic in found if topic.partition(".")[0] in ("state", "dead"))


async def test_readers_see_the_old_generation_until_the_new_one_is_promoted(url: str) -> None:
    await append(url, count("e1", NOON, 1))
    async with Workers(url) as workers, open_watch(url, VISITORS) as screen:
        live = await workers.start()
        await live.catch_up()
        async with start_rebuild(url) as (state, worker):
            await worker.catch_up()
            await append(url, count("e2", NOON, 10))
            await live.catch_up()
            assert (await screen.look(), screen.generations) == (11, [1])
            await worker.catch_up()
            await state.promote()
        assert (await screen.look(), screen.generations) == (11, [1, 2])
        await append(url, count("e3", NOON, 100))
        with pytest.raises(StateSuperseded):
            await live.catch_up()
        await (await workers.start()).catch_up()
        assert (await screen.look(), screen.generations) == (111, [1, 2])
    await check_rows(url)


async def test_what_is_published_while_a_rebuild_folds_is_in_it_when_it_is_promoted(
    url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    fold_once = ledger._catch_up
    await append(url, count("e1", NOON, 1))
    async with Workers(url) as workers, open_watch(url, VISITORS) as screen:
        live = await workers.start()

        async def meanwhile(worker: Worker, events: EventLog, show: ledger.ShowProgress) -> ledger.Folded:
            folded = await fold_once(worker, events, show)
            await append(url, count("e2", NOON, 10))
            await live.catch_up()
            assert await screen.look() == 11
            return folded

        monkeypatch.setattr(ledger, "_catch_up", meanwhile)
        monkeypatch.setattr(ledger, "calm_collector", lambda: None)
        await ledger.rebuild(url, lambda _records: nullcontext(lambda _folded: None))
        assert await screen.look() == 11
    assert (screen.totals, screen.generations) == ([0, 11], [1, 2])


async def test_generations_older_than_the_one_before_are_removed(url: str) -> None:
    await append(url, count("e1", NOON, 1))
    await fold(url)
    for expected in (["dead.1", "dead.2", "state.1", "state.2"], ["dead.2", "dead.3", "state.2", "state.3"]):
        async with start_rebuild(url) as (state, worker):
            await worker.catch_up()
            await state.promote()
        assert await generations(url) == expected
    await check_rows(url)


async def test_a_rebuild_that_was_left_is_passed_over_by_the_next(url: str) -> None:
    await append(url, count("e1", NOON, 1))
    await fold(url)
    async with start_rebuild(url) as (_, worker):
        await worker.catch_up()
    async with start_rebuild(url) as (state, worker):
        await worker.catch_up()
        await state.promote()
    assert await generations(url) == ["dead.2", "dead.3", "state.2", "state.3"]
    await check_rows(url)


async def shows(screen: Watch, total: int) -> None:
    async def has_reached() -> bool:
        return screen.totals[-1] == total

    await eventually(has_reached)


async def test_a_running_ledger_takes_over_what_rebuild_promotes_and_no_total_falls(
    url: str, tmp_path: Path
) -> None:
    told = tmp_path / "ledger.log"
    with running_ledger(url, told) as process:
        await append(url, count("before", NOON, 1))
        async with run_watch(url, VISITORS) as screen:
            await shows(screen, 1)
            await asyncio.to_thread(succeed, "rebuild", "--log", url)
            await append(url, count("after", NOON, 10))
            await shows(screen, 11)
        assert screen.totals == [0, 1, 11]
        assert screen.generations == [1, 2]
        process.send_signal(signal.SIGTERM)
        assert await asyncio.to_thread(process.wait, LIMIT_S) == 0
    events = [json.loads(line)["event"] for line in told.read_text().splitlines()]
    assert events.count("ledger follows the log") == 2
    assert any(event.startswith("another generation") for event in events)
    await check_rows(url)
