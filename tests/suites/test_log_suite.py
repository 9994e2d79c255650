"""What every engine of the event log must do."""

import pytest

from tests.support.log_contents import partition_of_log
from tests.support.log_engines import IDENTITY, PARTITIONS, Engine
from tidemark.streams.contracts.family import Stream
from tidemark.streams.log.port import Entry, EventLog, Receipt, Record


class Clock:
    def __init__(self):
        self.now_ms = 1_000

    def __call__(self):
        return self.now_ms


@pytest.fixture
def clock():
    return Clock()


@pytest.fixture
async def log(engine: Engine, clock):
    opened = await engine.new_log(clock)
    yield opened
    await opened.close()


async def test_a_new_log_is_empty_and_has_its_identity(log: EventLog):
    assert log.identity == IDENTITY
    assert await log.ends(Stream.FACTS) == [0] * PARTITIONS
    assert (await log.read(Stream.FACTS, 0, 0, 10)).records == []
    assert await log.receipts() == []


async def test_records_come_back_in_the_order_of_their_partition(log: EventLog):
    offsets = await log.append(Stream.FACTS, [Entry(1, b"a"), Entry(2, b"b"), Entry(1, b"c")])
    offsets += await log.append(Stream.FACTS, [Entry(1, b"d")])
    assert offsets == [0, 0, 1, 2]
    assert [record.value for record in (await log.read(Stream.FACTS, 1, 0, 10)).records] == [b"a", b"c", b"d"]
    assert (await log.read(Stream.FACTS, 2, 0, 10)).records == [Record(0, 1_000, b"b")]


async def test_reading_starts_at_an_offset_and_stops_at_the_limit(log: EventLog):
    await log.append(Stream.FACTS, [Entry(0, b"%d" % n) for n in range(10)])
    assert [record.offset for record in (await log.read(Stream.FACTS, 0, 3, 4)).records] == [3, 4, 5, 6]
    assert [record.offset for record in (await log.read(Stream.FACTS, 0, 8, 4)).records] == [8, 9]
    assert (await log.read(Stream.FACTS, 0, 10, 4)).records == []


async def test_streams_are_separate(log: EventLog):
    await log.append(Stream.FACTS, [Entry(0, b"fact")])
    await log.append(Stream.SIGNALS, [Entry(0, b"signal"), Entry(3, b"signal")])
    assert await log.ends(Stream.FACTS) == [1, 0, 0, 0]
    assert await log.ends(Stream.SIGNALS) == [1, 0, 0, 1]
    assert [record.value for record in (await log.read(Stream.FACTS, 0, 0, 10)).records] == [b"fact"]
    assert [record.value for record in (await log.read(Stream.SIGNALS, 0, 0, 10)).records] == [b"signal"]


async def test_the_clock_gives_the_arrival_unless_the_entry_has_one(log: EventLog, clock):
    await log.append(Stream.FACTS, [Entry(0, b"a")])
    clock.now_ms = 2_000
    await log.append(Stream.FACTS, [Entry(0, b"b"), Entry(0, b"c", 7)])
    assert [record.arrival_ms for record in (await log.read(Stream.FACTS, 0, 0, 10)).records] == [
        1_000,
        2_000,
        7,
    ]


async def test_a_receipt_is_replaced_by_the_next_of_its_name(log: EventLog):
    await log.append(Stream.FACTS, [Entry(0, b"a")], Receipt("file", "1"))
    await log.append(Stream.FACTS, [], Receipt("file", "2"))
    await log.append(Stream.FACTS, [], Receipt("a", "7"))
    assert await log.receipt("file") == "2"
    assert await log.receipt("unknown") is None
    assert await log.receipts() == [Receipt("a", "7"), Receipt("file", "2")]
    assert [record.value for record in await partition_of_log(log, Stream.FACTS, 0)] == [b"a"]


async def test_reading_on_from_the_end_of_a_batch_reaches_the_end(log: EventLog):
    """Although a transaction leaves a gap after its last record."""
    await log.append(Stream.FACTS, [Entry(2, b"a"), Entry(2, b"b")], Receipt("file", "1"))
    end = (await log.ends(Stream.FACTS))[2]
    first = await log.read(Stream.FACTS, 2, 0, 1)
    assert [record.value for record in first.records] == [b"a"]
    assert first.more
    second = await log.read(Stream.FACTS, 2, first.next, 10)
    assert [record.value for record in second.records] == [b"b"]
    last = await log.read(Stream.FACTS, 2, second.next, 10)
    assert last.records == []
    assert last.next >= end
    assert not last.more


async def test_an_append_with_an_impossible_partition_leaves_nothing_behind(log: EventLog):
    for partition in (PARTITIONS, -1):
        with pytest.raises(ValueError, match="partition: "):
            await log.append(Stream.FACTS, [Entry(0, b"a"), Entry(partition, b"b")], Receipt("file", "1"))
    assert await log.ends(Stream.FACTS) == [0] * PARTITIONS
    assert await log.receipt("file") is None
    with pytest.raises(ValueError, match="partition: "):
        await log.read(Stream.FACTS, PARTITIONS, 0, 1)


async def test_appending_nothing_changes_nothing(log: EventLog):
    assert await log.append(Stream.FACTS, []) == []
    assert await log.ends(Stream.FACTS) == [0] * PARTITIONS


async def test_values_of_any_bytes_and_any_length_come_back_unchanged(log: EventLog):
    values = [b"", bytes(range(256)), b"\x00" * 70_000]
    await log.append(Stream.FACTS, [Entry(0, value) for value in values])
    assert [record.value for record in await partition_of_log(log, Stream.FACTS, 0)] == values


async def test_a_large_batch_keeps_its_order(log: EventLog):
    entries = [Entry(n % 3, b"%d" % n) for n in range(2_000)]
    await log.append(Stream.FACTS, entries)
    for partition in range(3):
        records = await partition_of_log(log, Stream.FACTS, partition)
        assert [int(record.value) for record in records] == list(range(partition, 2_000, 3))


async def test_closing_twice_is_allowed(log: EventLog):
    await log.append(Stream.FACTS, [Entry(0, b"a")])
    await log.close()
    await log.close()
