"""Producers: waits with a limit, transactions that end one way or the other.

aiokafka waits for ever in several places: an idempotent send is retried without end, `stop` waits for every
record ever sent. Every wait here has a limit, and what is left over is cancelled or disconnected.

A transaction has three outcomes. Committed or aborted, each acknowledged by the broker: the producer can be
used again. If neither was acknowledged, or the broker refused the producer, TransactionLost is raised: the
outcome is unknown here and the producer must not be used again. Trying to commit again would be wrong: a new
owner may have fenced this producer and read the state already.
"""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Iterable
from contextlib import asynccontextmanager

from aiokafka import AIOKafkaProducer
from aiokafka.errors import IllegalOperation, KafkaError
from aiokafka.structs import RecordMetadata

from tidemark.streams.log.errors import LogUnavailable

from .address import KafkaAddress

DELIVERY_TIMEOUT_S = 20.0
"""aiokafka retries an idempotent send for ever; this limits the wait for it."""
STOP_TIMEOUT_S = 5.0
TRANSACTION_TIMEOUT_MS = 30_000
MAX_BATCH_BYTES = 1 << 19
"""Half of a topic's default limit: data that does not compress grows a little."""
MAX_MESSAGE_BYTES = 4 << 20

Sent = asyncio.Future[RecordMetadata]


async def start_producer(address: KafkaAddress, transactional_id: str | None = None) -> AIOKafkaProducer:
    """An idempotent producer, acknowledged by all replicas.

    With a transactional id, the broker ends the open transaction of the id's previous producer
    and refuses that producer from then on.
    """
    compression = address.options.compression
    producer = AIOKafkaProducer(
        **address.client_settings(),
        acks="all",
        enable_idempotence=True,
        transactional_id=transactional_id,
        transaction_timeout_ms=TRANSACTION_TIMEOUT_MS,
        compression_type=None if compression == "none" else compression,
        max_batch_size=MAX_BATCH_BYTES,
        max_request_size=MAX_MESSAGE_BYTES,
    )
    try:
        await asyncio.wait_for(producer.start(), DELIVERY_TIMEOUT_S)
    except BaseException:
        await stop_producer(producer)
        raise
    return producer


async def stop_producer(producer: AIOKafkaProducer) -> None:
    """Disconnect, within a limit: `stop` alone waits for every record that was ever sent."""
    try:
        await asyncio.wait_for(producer.stop(), STOP_TIMEOUT_S)
    except TimeoutError:
        await producer._sender.close()
        await producer.client.close()
    except KafkaError:
        await producer.client.close()


async def await_delivery(sends: Iterable[Awaitable[Sent]]) -> list[RecordMetadata]:
    """Send one after the other and wait until all are acknowledged; returns their partitions and offsets.

    Raises the error of the first failed send, LogUnavailable when it takes too long.
    """
    sent: list[Sent] = []
    try:
        for send in sends:
            sent.append(await send)  # noqa: PERF401  those before a failure are still needed
    except IllegalOperation:
        # An earlier send has failed in the background; its error is the cause.
        await _await_acknowledgements(sent)
        raise
    return await _await_acknowledgements(sent)


async def _await_acknowledgements(sent: list[Sent]) -> list[RecordMetadata]:
    if sent:
        done, pending = await asyncio.wait(sent, timeout=DELIVERY_TIMEOUT_S)
        for future in done:
            future.exception()  # asyncio logs every exception that is never retrieved
        if pending:
            raise LogUnavailable(
                f"{len(pending):,} of {len(sent):,} records were not acknowledged within "
                f"{DELIVERY_TIMEOUT_S:.0f} s; check that Kafka runs with enough replicas in sync"
            )
    return [future.result() for future in sent]


@asynccontextmanager
async def transaction(producer: AIOKafkaProducer) -> AsyncIterator[None]:
    """Commit everything that is sent in the block, or nothing. Sends must be awaited in the block.

    Raises TransactionLost when the outcome is unknown or the producer was refused; the producer
    must not be used again then.
    """
    await _finish_step(producer.begin_transaction(), None)
    try:
        yield
    except BaseException as error:
        await _finish_step(producer.abort_transaction(), error)
        if isinstance(error, IllegalOperation):
            raise LogUnavailable(f"the transaction was no longer open: {error}; try again") from error
        raise
    await _finish_step(producer.commit_transaction(), None)


class TransactionLost(Exception):
    """Whether the transaction was committed is unknown; only reading the topic shows it."""


async def _finish_step(step: Awaitable[None], cause: BaseException | None) -> None:
    try:
        await asyncio.wait_for(step, DELIVERY_TIMEOUT_S)
    except (KafkaError, TimeoutError, AssertionError, asyncio.InvalidStateError) as error:
        raise TransactionLost(f"{type(error).__name__}: {error}") from cause or error
