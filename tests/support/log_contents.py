"""Reading a whole log, and what must hold for one that `log_child` appended to."""

from collections import Counter

from tidemark.streams.contracts.family import Stream
from tidemark.streams.log.port import EventLog, Record


async def partition_of_log(log: EventLog, stream: Stream, partition: int, page: int = 1000) -> list[Record]:
    """All records of one partition."""
    records: list[Record] = []
    start = 0
    while (batch := await log.read(stream, partition, start, page)).records:
        records += batch.records
        start = batch.next
    return records


async def whole_log(log: EventLog) -> dict[tuple[Stream, int], list[Record]]:
    """All records of every stream and partition."""
    return {
        (stream, partition): await partition_of_log(log, stream, partition)
        for stream in Stream
        for partition in range(log.identity.partitions)
    }


async def check_batches(log: EventLog, writer: str, acknowledged: int) -> None:
    """Batches 1 to n of a writer are there, each whole and once, n ≥ acknowledged, receipt n."""
    batches: Counter[int] = Counter()
    for records in (await whole_log(log)).values():
        assert [record.offset for record in records] == list(range(len(records))), "offsets have a gap"
        mine = [record.value.decode().split() for record in records]
        batches.update(int(number) for name, number in mine if name == writer)
    last = max(batches, default=0)
    assert last >= acknowledged, f"acknowledged batch {acknowledged}, found up to {last}"
    whole = dict.fromkeys(range(1, last + 1), log.identity.partitions)
    assert dict(batches) == whole, "a batch is missing, half there or there twice"
    receipt = int(await log.receipt(writer) or 0)
    assert receipt == last, f"the receipt says {receipt}, the records {last}"
