"""Signals are kept 7 days, facts for ever."""

from tests.support.log_contents import partition_of_log
from tests.support.log_engines import new_log
from tidemark.streams.contracts.family import DAY, MINUTE, Stream
from tidemark.streams.log.port import Entry

START = 1_790_000_000_000


async def test_signals_older_than_seven_days_are_removed_and_facts_stay(tmp_path):
    now = [START]
    log = await new_log(tmp_path, lambda: now[0])
    for _ in range(10):
        for stream in Stream:
            await log.append(stream, [Entry(partition, b"x") for partition in (0, 1)])
        now[0] += DAY
    remaining = await partition_of_log(log, Stream.SIGNALS, 0)
    assert [record.offset for record in remaining] == list(range(2, 10))
    assert all(record.arrival_ms >= now[0] - 8 * DAY for record in remaining)
    assert len(await partition_of_log(log, Stream.FACTS, 0)) == 10
    await log.close()


async def test_offsets_continue_when_every_signal_of_a_partition_was_old(tmp_path):
    now = [START]
    log = await new_log(tmp_path, lambda: now[0])
    await log.append(Stream.SIGNALS, [Entry(0, b"x")] * 3)
    now[0] += 30 * DAY
    await log.append(Stream.SIGNALS, [Entry(1, b"x")])
    assert await log.ends(Stream.SIGNALS) == [3, 1, 0, 0]
    assert await log.append(Stream.SIGNALS, [Entry(0, b"x")]) == [3]
    await log.close()


async def test_one_append_deletes_a_bounded_number(tmp_path):
    now = [START]
    log = await new_log(tmp_path, lambda: now[0])
    await log.append(Stream.SIGNALS, [Entry(0, b"x")] * 12_000)
    counts = []
    now[0] += 8 * DAY
    for _ in range(3):
        await log.append(Stream.SIGNALS, [Entry(0, b"y")])
        counts.append(len(await partition_of_log(log, Stream.SIGNALS, 0)))
        now[0] += MINUTE
    assert counts == [2_001, 2, 3]
    await log.close()
