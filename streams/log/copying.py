"""A log copied to another address, whatever the engines: partition, order and arrival time are kept."""

from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager

import msgspec

from tidemark.streams.contracts.family import Stream
from tidemark.streams.contracts.identity import LogIdentity

from . import engine_of, open_or_create
from .errors import LogExists
from .port import Entry, EventLog, Receipt, close_after

RECEIPT = "log copy"
_AT_ONCE = 2_000

Positions = dict[Stream, list[int]]


@asynccontextmanager
async def opened_for_copy(
    url: str, identity: LogIdentity, clock: Callable[[], int]
) -> AsyncIterator[EventLog]:
    """A log to copy another of that identity into, made if there is none. Raises LogExists, LogError."""
    async with close_after(await open_or_create(url, identity, clock)) as log:
        if log.identity != identity:
            raise LogExists(f"{url}: holds a log of its own; copy to an address without one")
        await _begin(log)
        async with engine_of(url).keep_arrivals(identity):
            yield log


async def copy_log(source: EventLog, target: EventLog, on_progress: Callable[[int], None]) -> int:
    """Copy what the source holds now and the target has not got yet; returns how many records.

    How far it came lies in the target with the records themselves, so an interrupted copy goes on
    where it stopped, and a later one brings what was added. Receipts are copied last. Reports the
    records copied so far. Raises LogExists when the target holds records of its own, LogError.
    """
    positions = await _begin(target)
    copied = 0
    for stream in Stream:
        for partition, end in enumerate(await source.ends(stream)):
            while positions[stream][partition] < end:
                start = positions[stream][partition]
                batch = await source.read(stream, partition, start, _AT_ONCE)
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


async def _begin(target: EventLog) -> Positions:
    """Where an earlier copy into the target came to; the beginning for an empty target.

    Raises LogExists when the target holds records of its own.
    """
    reached = await target.receipt(RECEIPT)
    if reached is not None:
        return msgspec.json.decode(reached, type=Positions)
    for stream in Stream:
        if any(await target.ends(stream)):
            raise LogExists(
                "the target holds records that were not copied into it; copy to an address without a log"
            )
    return {stream: [0] * target.identity.partitions for stream in Stream}
