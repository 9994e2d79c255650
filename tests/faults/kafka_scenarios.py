"""The guarantees of the ledger on Kafka, each as a scenario that ends with a check.

A scenario runs with the product's writer, which must pass, and with a writer in which a single part is
broken, which must fail the same check.
"""

import asyncio
import random
from collections.abc import Iterator
from contextlib import contextmanager, suppress

import pytest
from aiokafka import AIOKafkaProducer
from aiokafka.errors import MessageSizeTooLargeError

from tests.support.folding import NOON, count
from tests.support.kafka_logs import (
    Workers,
    append,
    append_raw,
    check_group,
    check_rows,
    make_log,
    read_on,
)
from tidemark.streams.ledger.worker import Worker
from tidemark.streams.log.errors import LogError
from tidemark.streams.log.kafka.address import parse_kafka
from tidemark.streams.log.kafka.admin import change_settings
from tidemark.streams.log.kafka.producing import MAX_MESSAGE_BYTES, start_producer, stop_producer
from tidemark.streams.log.kafka.state_writer import KafkaStateWriter

Writer = type[KafkaStateWriter]
SMALL = 700
POISON = random.Random(1).randbytes(2_000)
"""Not an event, and bytes that cannot be compressed."""


class Dead(Exception):
    """The worker's process is gone."""


async def a_sleeper_wakes_up(url: str, writer: Writer) -> Worker:
    """A worker reads, sleeps through a takeover, and then publishes what it had read; returns the worker."""
    await make_log(url)
    async with Workers(url, writer) as workers:
        await append(url, count("e1", NOON, 1))
        sleeper = await workers.start()
        await sleeper.catch_up()
        await append(url, count("e2", NOON, 10))
        await read_on(sleeper, url)
        successor = await workers.start()
        await append(url, count("e3", NOON, 100))
        await successor.catch_up()
        await sleeper.flush()
    await check_rows(url)
    return sleeper


async def an_owner_dies_within_a_transaction(url: str, writer: Writer, *, aborted: bool) -> None:
    """Everything is sent, nothing committed; the next owner restores and adds to other cells."""
    await make_log(url)
    async with Workers(url, writer) as workers:
        await append(url, count("e1", NOON, 1, "mall.a"))
        dying = await workers.start()
        await dying.catch_up()
        await append(url, count("e2", NOON, 10, "mall.b"))
        with die_before_a_commit(aborted), pytest.raises(Dead):
            await dying.catch_up()
        successor = await workers.start()
        await append(url, count("e3", NOON, 100, "mall.a"))
        await successor.catch_up()
    await check_rows(url)


async def a_send_is_refused(url: str, writer: Writer) -> None:
    """The broker accepts the rows but refuses a dead letter; a worker that notices it is replaced."""
    await make_log(url)
    async with Workers(url, writer) as workers:
        await append_raw(url, POISON)
        worker = await workers.start()
        await limit_dead_letters(url, SMALL)
        refused = False
        try:
            await worker.catch_up()
        except LogError:
            refused = True
        await limit_dead_letters(url, MAX_MESSAGE_BYTES)
        if refused:
            worker = await workers.start()
        await append(url, count("e1", NOON, 1))
        await worker.catch_up()
    await check_rows(url)


async def an_owner_dies_after_a_commit(url: str, writer: Writer) -> None:
    """The owner dies after the first commit of a flush; the next owner continues from there."""
    await make_log(url)
    async with Workers(url, writer) as workers:
        await append(url, count("e1", NOON, 1))
        await (await workers.start()).catch_up()
        await append(url, count("e2", NOON, 10))
        dying = await workers.start()
        with die_after_a_commit(), suppress(Dead):
            await dying.catch_up()
        successor = await workers.start()
        await check_group(url)
        await append(url, count("e3", NOON, 100))
        await successor.catch_up()
    await check_rows(url)


async def an_event_is_sent_again_after_a_restart(url: str, writer: Writer) -> None:
    """The worker that counted the event is gone; its successor reads the counted ids from the log."""
    await make_log(url)
    async with Workers(url, writer) as workers:
        await append(url, count("e1", NOON, 1), count("e2", NOON, 10))
        await (await workers.start()).catch_up()
        successor = await workers.start()
        await append(url, count("e2", NOON, 10), count("e3", NOON, 100))
        await successor.catch_up()
    await check_rows(url)


@contextmanager
def die_before_a_commit(aborted: bool) -> Iterator[None]:
    """Workers die before they commit; their transaction stays open, or is aborted."""

    async def die(producer: AIOKafkaProducer) -> None:
        if aborted:
            await producer.abort_transaction()
        raise Dead

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(AIOKafkaProducer, "commit_transaction", die)
        yield


@contextmanager
def die_after_a_commit() -> Iterator[None]:
    """Workers die once they have committed."""
    commit = AIOKafkaProducer.commit_transaction

    async def commit_and_die(producer: AIOKafkaProducer) -> None:
        await commit(producer)
        raise Dead

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(AIOKafkaProducer, "commit_transaction", commit_and_die)
        yield


async def limit_dead_letters(url: str, most_bytes: int) -> None:
    """Set the greatest size that a broker accepts for dead letters, and wait until it is in force.

    Settings come into force in the order in which they are made: the limit of the signals, which
    can be tried without leaving a dead letter, is set last.
    """
    address = parse_kafka(url)
    signals = address.topic("signals")
    limit = {"max.message.bytes": str(most_bytes)}
    await change_settings(address, [address.topic("dead", 1)], limit)
    await change_settings(address, [signals], limit)
    async with asyncio.timeout(30):
        while await _accepts(url, signals) != (most_bytes > len(POISON)):
            pass


async def _accepts(url: str, topic: str) -> bool:
    producer = await start_producer(parse_kafka(url))
    try:
        await producer.send_and_wait(topic, POISON, partition=0)
    except MessageSizeTooLargeError:
        return False
    finally:
        await stop_producer(producer)
    return True
