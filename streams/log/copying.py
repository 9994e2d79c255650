"""A log copied to another address, whatever the engines: partition, order and arrival time are kept."""

from collections.abc import Callable

import msgspec

from tidemark.streams.contracts.family import Stream

from .errors import LogExists
from .port import Entry, EventLog, Receipt

RECEIPT = "log copy"
_AT_ONCE = 2_000

Positions = dict[Stream, list[int]]


async def copy_log(source: EventLog, target: EventLog, on_progress: Callable[[int], None]) -> int:
    """Copy what the source holds now and the target has not got yet; returns how many records.

    How far it came lies in the target with the records themselves, so an interrupted copy goes on
    where it stopped, and a later one brings what was added. Receipts are copied last. Reports the
    records copied so far. Raises LogExists when the target holds records of its own, LogError.
    """
    positions = await begun(target)
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


async def begun(target: EventLog) -> Positions:
    """Where an earlier copy into the target came to; the beginning for an empty target.

    Raises LogExists when the target holds records of its own.
    """
    known = await target.receipt(RECEIPT)
    if known is not None:
        return msgspec.json.decode(known, type=Positions)
    for stream in Stream:
        if any(await target.ends(stream)):
            raise LogExists(
                "the target holds records that were not copied into it; copy to an address without a log"
            )
    return {stream: [0] * target.identity.partitions for stream in Stream}
