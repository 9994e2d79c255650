"""Copies a log to another address, on any engine; partition, order and arrival time stay the same."""

from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager

import msgspec

from tidemark.streams.contracts.family import Stream
from tidemark.streams.contracts.identity import LogIdentity

from . import engine_of, open_or_create
from .errors import LogExists
from .port import Entry, EventLog, Receipt, close_after

RECEIPT = "log copy"
_BATCH_SIZE = 2_000

Positions = dict[Stream, list[int]]


@asynccontextmanager
async def open_for_copy(url: str, identity: LogIdentity, clock: Callable[[], int]) -> AsyncIterator[EventLog]:
    """The target of a copy of a log of that identity, created if missing. Raises LogExists, LogError."""
    async with close_after(await open_or_create(url, identity, clock)) as log:
        if log.identity != identity:
            raise LogExists(f"{url}: holds another log; copy to an address without a log")
        await _read_progress(log)
        async with engine_of(url).keep_arrivals(identity):
            yield log


async def copy_log(source: EventLog, target: EventLog, on_progress: Callable[[int], None]) -> int:
    """Copy what the source holds now and the target lacks; returns the number of records copied.

    The progress is stored in the target with the records, so an interrupted copy continues where
    it stopped, and a later copy adds what is new. Receipts are copied last. `on_progress` is called
    with the number of records copied so far. Raises LogError; LogExists when the target holds
    records that were not copied into it.
    """
    positions = await _read_progress(target)
    copied = 0
    for stream in Stream:
        for partition, end in enumerate(await source.ends(stream)):
            while positions[stream][partition] < end:
                start = positions[stream][partition]
                batch = await source.read(stream, partition, start, _BATCH_SIZE)
                positions[stream][partition] = batch.next
                entries = [Entry(partition, record.value, record.arrival_ms) for record in batch.records]
                receipt = Receipt(RECEIPT, msgspec.json.encode(positions).decode())
                await target.append(stream, entries, receipt)
                copied += len(entries)
                on_progress(copied)
    for receipt in await source.receipts():
        if receipt.name != RECEIPT:
            await target.append(Stream.FACTS, [], receipt)
    return copied


async def _read_progress(target: EventLog) -> Positions:
    """The positions that an earlier copy into the target reached; zeros for an empty target.

    Raises LogExists when the target holds records that were not copied into it.
    """
    progress = await target.receipt(RECEIPT)
    if progress is not None:
        return msgspec.json.decode(progress, type=Positions)
    for stream in Stream:
        if any(await target.ends(stream)):
            raise LogExists(
                "the target holds records that were not copied into it; copy to an address without a log"
            )
    return {stream: [0] * target.identity.partitions for stream in Stream}
