"""Ledger workers of one group: every partition has one of them, whoever comes and goes."""

import asyncio
import time
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from itertools import chain, count
from typing import NamedTuple

import pytest

from tests.support.folding import NOON, admission
from tests.support.kafka_logs import (
    Workers,
    all_published,
    append,
    check_group,
    check_rows,
    eventually,
    make_log,
    opened_log,
    read_committed,
)
from tests.support.log_engines import kafka_url
from tests.support.watching import run_watch
from tidemark.streams.contracts.civil import Grain
from tidemark.streams.contracts.family import Stream
from tidemark.streams.contracts.identity import LogIdentity
from tidemark.streams.families.ticket import TICKET_ADMITTED
from tidemark.streams.ledger.worker import Worker
from tidemark.streams.log.kafka.address import parse_kafka
from tidemark.streams.log.kafka.group import KafkaAssignment

ADMISSIONS = (TICKET_ADMITTED, Grain.MONTH)
PARTITIONS = 6
IDENTITY = LogIdentity(partitions=PARTITIONS, content="simulated")


class Member(NamedTuple):
    """A worker that runs in the background, and its share."""

    share: KafkaAssignment
    worker: Worker

    @property
    def settled(self) -> bool:
        """Whether it holds what the group says is its own."""
        return self.worker.positions.keys() == self.share.partitions()

    @property
    def generation(self) -> int:
        """How often the group had rebalanced when it last did."""
        found: int = self.share._consumer._coordinator.generation
        return found


@asynccontextmanager
async def member(url: str, instance: str | None = None) -> AsyncIterator[Member]:
    """One more worker of the group; at the end it publishes what is left and leaves."""
    share = await KafkaAssignment.join(parse_kafka(url), instance)
    stop = asyncio.Event()
    try:
        async with Workers(url, clock_s=time.monotonic, pause=asyncio.sleep) as workers:
            worker = await workers.start(share)
            running = asyncio.create_task(worker.run(stop))
            try:
                yield Member(share, worker)
            finally:
                stop.set()
                await running
    finally:
        await share.close()


async def shared_among(*members: Member) -> None:
    """Wait until every partition is one member's and everyone has some."""

    async def is_shared() -> bool:
        held = [member.share.partitions() for member in members]
        settled = all(held) and all(member.settled for member in members)
        return settled and sorted(chain.from_iterable(held)) == list(range(PARTITIONS))

    await eventually(is_shared)


@pytest.fixture
async def url(kafka: str) -> str:
    address = kafka_url(kafka)
    await make_log(address, IDENTITY)
    return address


async def more(url: str, numbers: "count[int]") -> None:
    """Events for every partition."""
    await append(url, *[admission(f"e{n}", f"t{n}", NOON) for n in (next(numbers) for _ in range(60))])


async def test_partitions_move_with_their_state_as_workers_come_and_go(url: str) -> None:
    numbers = count()
    await more(url, numbers)
    async with AsyncExitStack() as stack:
        watch = await stack.enter_async_context(run_watch(url, ADMISSIONS))
        first = await stack.enter_async_context(member(url))
        await shared_among(first)
        await all_published(url)
        second = await stack.enter_async_context(member(url))
        async with member(url) as third:
            await more(url, numbers)
            await shared_among(first, second, third)
            await more(url, numbers)
            await all_published(url)
            await check_rows(url)
        await more(url, numbers)
        await shared_among(first, second)
        await all_published(url)
    await check_rows(url)
    await check_group(url)
    assert watch.totals == sorted(watch.totals)
    assert watch.totals[-1] == next(numbers)


async def test_a_worker_that_comes_back_under_its_name_disturbs_nobody(url: str) -> None:
    async with member(url, "a") as other:
        async with member(url, "b") as before:
            await shared_among(other, before)
            shares = [each.share.partitions() for each in (other, before)]
            generation = other.generation
        await more(url, count())
        async with member(url, "b") as again:
            await shared_among(other, again)
            await all_published(url)
            assert [each.share.partitions() for each in (other, again)] == shares
            assert other.generation == again.generation == generation
    await check_rows(url)


async def test_without_a_name_the_others_rebalance_which_the_test_above_would_see(url: str) -> None:
    async with member(url) as other:
        async with member(url) as before:
            await shared_among(other, before)
            generation = other.generation
        async with member(url) as again:
            await shared_among(other, again)
            assert other.generation > generation


async def test_tools_for_lag_see_how_far_the_ledger_is(url: str) -> None:
    numbers = count()
    await more(url, numbers)
    async with Workers(url) as workers:
        worker = await workers.start()

        async def group_follows() -> bool:
            return await read_committed(url) == worker.positions

        await worker.catch_up()
        await eventually(group_follows)
        await more(url, numbers)
        async with opened_log(url) as log:
            ends = await log.ends(Stream.FACTS)
        lags = {
            partition: ends[partition] - offset for partition, offset in (await read_committed(url)).items()
        }
        assert sum(lags.values()) >= 60
        await worker.catch_up()
        assert worker.positions == dict(enumerate(ends))
        await eventually(group_follows)
