"""Several processes and threads that use the same log and state."""

import asyncio

import pytest

from tests.support.log_contents import check_batches
from tests.support.log_engines import PARTITIONS, log_url, new_log
from tests.support.log_processes import run_child
from tidemark.streams.contracts.family import Stream
from tidemark.streams.log import engine_of
from tidemark.streams.log.errors import LogLocked, LogMissing
from tidemark.streams.log.port import Entry
from tidemark.streams.log.sqlite.schema import append_lock
from tidemark.streams.storage import StorageLocked
from tidemark.streams.storage.writing import FileLock

REPEATS = 150


async def test_processes_that_append_at_once_lose_nothing(tmp_path):
    log = await new_log(tmp_path, lambda: 0)
    writers = ("first", "second", "third")
    ends = await asyncio.gather(*(run_child("append", tmp_path / "x.db", name, REPEATS) for name in writers))
    for name, ended in zip(writers, ends, strict=True):
        assert (ended.status, ended.acknowledged) == (0, REPEATS), ended.errors
        await check_batches(log, name, REPEATS)
    assert await log.ends(Stream.FACTS) == [REPEATS * len(writers)] * PARTITIONS
    await log.close()


async def test_a_log_continues_after_the_records_of_another_process(tmp_path):
    log = await new_log(tmp_path, lambda: 0)
    assert await log.append(Stream.FACTS, [Entry(0, b"a 1")]) == [0]
    await run_child("append", tmp_path / "x.db", "child", 2)
    assert await log.append(Stream.FACTS, [Entry(0, b"a 2")]) == [3]
    await log.close()


async def test_tasks_that_append_and_read_at_once_get_offsets_of_their_own(tmp_path):
    log = await new_log(tmp_path, lambda: 0)
    twin = await engine_of(log_url(tmp_path)).open_log(lambda: 0, 0)
    appends = (which.append(Stream.FACTS, [Entry(0, b"%d" % n)]) for n in range(30) for which in (log, twin))
    offsets = await asyncio.gather(*appends)
    assert sorted(offset for [offset] in offsets) == list(range(60))
    await log.close()
    await twin.close()


def test_a_lock_names_the_process_that_holds_it(tmp_path):
    lock = append_lock(tmp_path / "x.db")
    with (
        lock.hold(0),
        pytest.raises(StorageLocked, match=r"held by process \d+, which appends to the log; stop"),
    ):
        append_lock(tmp_path / "x.db").acquire(0.01)
    with append_lock(tmp_path / "x.db").hold(0):
        pass


def test_a_process_number_shorter_than_the_previous_one_is_shown_correctly(tmp_path):
    path = tmp_path / "lock"
    path.write_text("99999999999999")
    with FileLock(path, "works").hold(0), pytest.raises(StorageLocked) as caught:
        FileLock(path, "works").acquire(0)
    assert "99999" not in str(caught.value)


async def test_a_second_ledger_is_refused_and_may_start_when_the_first_has_ended(tmp_path):
    await (await new_log(tmp_path, lambda: 0)).close()
    url = log_url(tmp_path)
    first = await engine_of(url).open_state_writer()
    with pytest.raises(LogLocked, match=r"process \d+, which writes this state"):
        await engine_of(url).open_state_writer()
    rebuilding = await engine_of(url).begin_rebuild()
    with pytest.raises(LogLocked):
        await engine_of(url).begin_rebuild()
    await rebuilding.close()
    await first.close()
    await (await engine_of(url).open_state_writer()).close()


async def test_a_log_replaced_under_its_writer_is_not_written_to(tmp_path):
    log = await new_log(tmp_path, lambda: 0)
    await log.append(Stream.FACTS, [Entry(0, b"a")])
    (tmp_path / "x.db").rename(tmp_path / "elsewhere.db")
    with pytest.raises(LogMissing, match="moved or replaced"):
        await log.append(Stream.FACTS, [Entry(0, b"b")])
    (tmp_path / "x.db").touch()
    with pytest.raises(LogMissing, match="moved or replaced"):
        await log.append(Stream.FACTS, [Entry(0, b"b")])
    await log.close()
