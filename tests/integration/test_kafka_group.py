"""Ledger workers of a group: every partition has exactly one worker while workers join and leave."""

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
    """A worker that runs in the background, and its partition assignment."""

    assignment: KafkaAssignment
    worker: Worker

    @property
    def has_all_assigned(self) -> bool:
        """Whether the worker has restored exactly the partitions assigned to it."""
        return self.worker.positions.keys() == self.assignment.partitions()

    @property
    def generation(self) -> int:
        """The group's generation, which every rebalance increments."""
        generation: int = self.assignment._consumer._coordinator.generation
        return generation


@asynccontextmanager
async def member(url: str, instance: str | None = None) -> AsyncIterator[Member]:
    """Another worker of the group; at the end it publishes its last changes and leaves."""
    assignment = await KafkaAssignment.join(parse_kafka(url), instance)
    stop = asyncio.Event()
    try:
        async with Workers(url, clock_s=time.monotonic, pause=asyncio.sleep) as workers:
            worker = await workers.start(assignment)
            running = asyncio.create_task(worker.run(stop))
            try:
                yield Member(assignment, worker)
            finally:
                stop.set()
                await running
    finally:
        await assignment.close()


async def wait_until_assigned(*members: Member) -> None:
    """Wait until every partition is assigned to one member and every member has partitions."""

    async def are_assigned() -> bool:
        assigned = [member.assignment.partitions() for member in members]
        complete = all(assigned) and all(member.has_all_assigned for member in members)
        return complete and sorted(chain.from_iterable(assigned)) == list(range(PARTITIONS))

    await eventually(are_assigned)


@pytest.fixture
async def url(kafka: str) -> str:
    address = kafka_url(kafka)
    await make_log(address, IDENTITY)
    return address


async def append_more(url: str, numbers: "count[int]") -> None:
    """Append events for every partition."""
    await append(url, *[admission(f"e{n}", f"t{n}", NOON) for n in (next(numbers) for _ in range(60))])


async def test_partitions_move_with_their_state_as_workers_join_and_leave(url: str) -> None:
    numbers = count()
    await append_more(url, numbers)
    async with AsyncExitStack() as stack:
        watch = await stack.enter_async_context(run_watch(url, ADMISSIONS))
        first = await stack.enter_async_context(member(url))
        await wait_until_assigned(first)
        await all_published(url)
        second = await stack.enter_async_context(member(url))
        async with member(url) as third:
            await append_more(url, numbers)
            await wait_until_assigned(first, second, third)
            await append_more(url, numbers)
            await all_published(url)
            await check_rows(url)
        await append_more(url, numbers)
        await wait_until_assigned(first, second)
        await all_published(url)
    await check_rows(url)
    await check_group(url)
    assert watch.totals == sorted(watch.totals)
    assert watch.totals[-1] == next(numbers)


async def test_a_worker_that_returns_under_its_instance_name_causes_no_rebalance(url: str) -> None:
    async with member(url, "a") as other:
        async with member(url, "b") as before:
            await wait_until_assigned(other, before)
            assigned = [member.assignment.partitions() for member in (other, before)]
            generation = other.generation
        await append_more(url, count())
        async with member(url, "b") as again:
            await wait_until_assigned(other, again)
            await all_published(url)
            assert [member.assignment.partitions() for member in (other, again)] == assigned
            assert other.generation == again.generation == generation
    await check_rows(url)


async def test_without_an_instance_name_a_returning_worker_causes_a_rebalance(url: str) -> None:
    async with member(url) as other:
        async with member(url) as before:
            await wait_until_assigned(other, before)
            generation = other.generation
        async with member(url) as again:
            await wait_until_assigned(other, again)
            assert other.generation > generation


async def test_tools_for_lag_see_the_ledgers_positions(url: str) -> None:
    numbers = count()
    await append_more(url, numbers)
    async with Workers(url) as workers:
        worker = await workers.start()

        async def is_committed() -> bool:
            return await read_committed(url) == worker.positions

        await worker.catch_up()
        await eventually(is_committed)
        await append_more(url, numbers)
        async with opened_log(url) as log:
            ends = await log.ends(Stream.FACTS)
        lags = {
            partition: ends[partition] - offset for partition, offset in (await read_committed(url)).items()
        }
        assert sum(lags.values()) >= 60
        await worker.catch_up()
        assert worker.positions == dict(enumerate(ends))
        await eventually(is_committed)
