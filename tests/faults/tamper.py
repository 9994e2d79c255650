"""Tampers with a log, to check that `tidemark verify` notices.

    python -m tests.faults.tamper remove sqlite:///x.db
    python -m tests.faults.tamper change sqlite:///x.db

`remove` removes one accepted record that has no duplicate; `change` adds one person to it.
Both rewrite the log in place and print the record. Run `tidemark rebuild` afterwards.
"""

import asyncio
import sys
from collections import Counter
from collections.abc import AsyncIterator
from pathlib import Path

import msgspec

from tidemark.streams.contracts.family import Stream
from tidemark.streams.families.codec import decode, encode
from tidemark.streams.families.footfall import FootfallCounted
from tidemark.streams.ledger.admission import Admission, Refused
from tidemark.streams.log import create_log, engine_of
from tidemark.streams.log.port import Entry, EventLog
from tidemark.streams.log.sqlite import SqliteEngine

BATCH = 5_000


async def facts(log: EventLog) -> AsyncIterator[tuple[int, bytes, int]]:
    """(partition, value, arrival_ms) of every fact, partition by partition."""
    for partition in range(log.identity.partitions):
        start = 0
        while (batch := await log.read(Stream.FACTS, partition, start, BATCH)).records:
            start = batch.next
            for record in batch.records:
                yield partition, record.value, record.arrival_ms


async def find_victim(log: EventLog) -> bytes:
    """A footfall count above zero that was neither sent twice nor changed later."""
    mentions: Counter[str] = Counter()
    counts: list[bytes] = []
    async for partition, value, arrival_ms in facts(log):
        try:
            event, _ = Admission(log.identity, partition).admit(value, arrival_ms)
        except Refused:
            continue
        mentions[f"{event.source} {event.id}"] += 1
        payload = event.payload
        if isinstance(payload, FootfallCounted):
            mentions[f"{event.subject} {payload.sensor_id} {payload.window_start}"] += 1
            if event.op == "create" and payload.entered > 0:
                counts.append(value)
    return next(value for value in counts[len(counts) // 2 :] if _is_unique(value, mentions))


def _is_unique(value: bytes, mentions: Counter[str]) -> bool:
    event = decode(value)
    payload = event.payload
    assert isinstance(payload, FootfallCounted)
    window = f"{event.subject} {payload.sensor_id} {payload.window_start}"
    return mentions[f"{event.source} {event.id}"] == 1 and mentions[window] == 1


def change_count(value: bytes) -> bytes:
    """The same event with one more person."""
    event = decode(value)
    data = msgspec.structs.replace(event.data, entered=event.data.entered + 1)
    return encode(msgspec.structs.replace(event, data=data))


async def tamper(how: str, url: str) -> bytes:
    """Rewrite the log without the victim, or with a changed one; returns the victim."""
    path = SqliteEngine(url).path
    copy = path.with_name("tampered.db")
    log = await engine_of(url).open_log(lambda: 0)
    new = await create_log(f"sqlite:///{copy}", log.identity, lambda: 0, min_free_bytes=0)
    victim = await find_victim(log)
    replacement = None if how == "remove" else change_count(victim)
    entries: list[Entry] = []
    async for partition, value, arrival_ms in facts(log):
        new_value = replacement if value == victim else value
        if new_value is not None:
            entries.append(Entry(partition, new_value, arrival_ms))
        if len(entries) == BATCH:
            await new.append(Stream.FACTS, entries)
            entries = []
    await new.append(Stream.FACTS, entries)
    await new.close()
    await log.close()
    _replace(path, copy)
    return victim


def _replace(path: Path, copy: Path) -> None:
    for suffix in ("-wal", "-shm", ""):
        path.with_name(path.name + suffix).unlink(missing_ok=True)
    for suffix in ("-wal", "-shm", ""):
        file = copy.with_name(copy.name + suffix)
        if file.exists():
            file.rename(path.with_name(path.name + suffix))


if __name__ == "__main__":
    print(f"{sys.argv[1]}d", asyncio.run(tamper(sys.argv[1], sys.argv[2])).decode())
