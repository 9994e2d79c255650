"""Full disks, damaged and foreign files: a clear error, and nothing acknowledged is lost."""

import os
import random
import resource
import sqlite3
import tempfile
from contextlib import closing
from pathlib import Path

import apsw
import pytest

from tests.support.log_contents import partition_of_log, whole_log
from tests.support.log_engines import IDENTITY, log_url, new_log
from tidemark.streams.contracts.family import Stream
from tidemark.streams.contracts.identity import LogIdentity
from tidemark.streams.log import create_log, engine_of
from tidemark.streams.log.errors import (
    LogCorrupt,
    LogError,
    LogExists,
    LogFull,
    LogLocked,
    LogMissing,
    LogTooNew,
    LogUnavailable,
    LogUnsafe,
)
from tidemark.streams.log.port import Entry, Receipt
from tidemark.streams.log.sqlite.log import SqliteLog
from tidemark.streams.log.sqlite.schema import LOG, translate_storage_errors
from tidemark.streams.storage import StorageError, StorageUnsafe
from tidemark.streams.storage.files import create_file, refuse_old_library

BATCH = [Entry(n % 4, b"x" * 500) for n in range(40)]


@pytest.fixture
def path(tmp_path):
    return tmp_path / "x.db"


@pytest.fixture
def url(tmp_path):
    return log_url(tmp_path)


async def fill_log(path, batches=20):
    """A log with all its records in the file itself, none in the write-ahead log."""
    log = await new_log(path.parent, lambda: 0)
    for number in range(batches):
        await log.append(Stream.FACTS, BATCH, Receipt("file", str(number)))
    contents = await whole_log(log)
    await log.close()
    with closing(apsw.Connection(str(path))) as connection:
        connection.pragma("user_version")  # closing checkpoints a file that was read
    return contents


@pytest.fixture
def few_pages():
    """A list of limits in pages; connections opened after a limit was added may not grow beyond it."""
    limits = []

    def limit(connection):
        if limits:
            connection.pragma("max_page_count", limits[-1])

    apsw.connection_hooks.append(limit)
    yield limits
    apsw.connection_hooks.remove(limit)


async def test_a_full_disk_refuses_the_whole_append_and_keeps_what_was_there(path, url, few_pages):
    log = await new_log(path.parent, lambda: 0)
    few_pages.append(20)
    acknowledged = 2
    for number in range(acknowledged):
        await log.append(Stream.FACTS, BATCH, Receipt("file", str(number)))
    with pytest.raises(LogFull, match=r"x\.db: .*full; free some disk space"):
        await log.append(Stream.FACTS, BATCH, Receipt("file", str(acknowledged)))
    assert await log.ends(Stream.FACTS) == [10 * acknowledged] * 4
    assert await log.receipt("file") == str(acknowledged - 1)
    assert len(await log.append(Stream.FACTS, [Entry(0, b"small")])) == 1, "what still fits is taken"
    await log.close()
    few_pages.clear()
    again = await engine_of(url).open_log(lambda: 0, 0)
    assert len(await again.append(Stream.FACTS, BATCH)) == 40
    await again.close()


@pytest.fixture
def file_size_limit():
    """A function that sets the greatest length of files; the system refuses writes beyond it."""
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    yield lambda size: resource.setrlimit(resource.RLIMIT_FSIZE, (size, hard))
    resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))


async def test_a_write_that_the_system_refuses_leaves_no_trace(path, file_size_limit):
    log = await new_log(path.parent, lambda: 0)
    await log.append(Stream.FACTS, BATCH, Receipt("file", "0"))
    contents = await whole_log(log)
    file_size_limit(path.with_name("x.db-wal").stat().st_size + 5_000)
    with pytest.raises((LogUnavailable, LogFull), match=r"x\.db: "):
        await log.append(Stream.FACTS, BATCH, Receipt("file", "1"))
    assert await whole_log(log) == contents
    assert await log.receipt("file") == "0"
    file_size_limit(resource.RLIM_INFINITY)
    await log.append(Stream.FACTS, BATCH, Receipt("file", "1"))
    assert await log.ends(Stream.FACTS) == [20] * 4
    await log.close()


async def test_less_free_space_than_the_floor_refuses_appends_until_there_is_more(path):
    await (await new_log(path.parent, lambda: 0)).close()
    free = [100 << 20]
    log = SqliteLog(path, lambda: 0, 256 << 20, lambda _folder: free[0])
    with pytest.raises(
        LogFull, match="100 MiB free, less than the floor of 256 MiB; free some disk space or lower"
    ):
        await log.append(Stream.FACTS, BATCH)
    assert await log.ends(Stream.FACTS) == [0] * 4
    free[0] = 256 << 20
    await log.append(Stream.FACTS, BATCH)
    assert await log.ends(Stream.FACTS) == [10] * 4
    await log.close()


async def test_a_log_that_was_never_created_is_missing(path, url):
    with pytest.raises(LogMissing, match="tidemark log create"):
        await engine_of(url).open_log(lambda: 0)
    path.touch()
    with pytest.raises(LogMissing, match="tidemark log create"):
        await engine_of(url).open_log(lambda: 0)
    await (await create_log(url, IDENTITY, lambda: 0)).close()


async def test_a_log_whose_creation_was_cut_short_can_be_created_again(path, url):
    create_file(path, LOG).close()
    with pytest.raises(LogMissing, match="tidemark log create"):
        await engine_of(url).open_log(lambda: 0)
    await (await create_log(url, IDENTITY, lambda: 0)).close()


async def test_creating_a_log_again_opens_it_and_another_is_refused(tmp_path):
    url = f"sqlite:///{tmp_path}/new/folder/x.db"
    await (await create_log(url, IDENTITY, lambda: 0)).close()
    await (await create_log(url, IDENTITY, lambda: 0)).close()
    with pytest.raises(LogExists, match="choose another address"):
        await create_log(url, LogIdentity(zone="Australia/Melbourne"), lambda: 0)


async def test_a_reopened_log_holds_what_it_held(path, url):
    contents = await fill_log(path)
    log = await engine_of(url).open_log(lambda: 0)
    assert await whole_log(log) == contents
    assert log.identity == IDENTITY
    await log.close()


@pytest.mark.parametrize("content", [b"not a database at all " * 400, b"x" * 600], ids=["long", "short"])
async def test_a_file_that_is_not_a_database_is_refused(path, url, content):
    path.write_bytes(content)
    for attempt in (engine_of(url).open_log(lambda: 0), create_log(url, IDENTITY, lambda: 0)):
        with pytest.raises(LogCorrupt):
            await attempt
    assert path.read_bytes() == content


async def test_a_foreign_database_is_refused_and_left_alone(path, url):
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("CREATE TABLE theirs (a)")
        connection.commit()
    before = path.read_bytes()
    for attempt in (engine_of(url).open_log(lambda: 0), create_log(url, IDENTITY, lambda: 0)):
        with pytest.raises(LogCorrupt, match="not a Tidemark log; check the address"):
            await attempt
    assert path.read_bytes() == before


async def test_a_file_of_a_newer_version_is_refused(path, url):
    await fill_log(path)
    with closing(apsw.Connection(str(path))) as connection:
        connection.pragma("user_version", 99)
    with pytest.raises(LogTooNew, match=r"version 99, .* upgrade Tidemark"):
        await engine_of(url).open_log(lambda: 0)


async def test_an_sqlite_that_loses_commits_is_refused(path, url, monkeypatch):
    refuse_old_library("3.51.3")
    with pytest.raises(StorageUnsafe, match=r"SQLite 3\.51\.2 can lose committed records; install apsw"):
        refuse_old_library("3.51.2")
    monkeypatch.setattr(apsw, "sqlite_lib_version", lambda: "3.9.9")
    with pytest.raises(LogUnsafe):
        await create_log(url, IDENTITY, lambda: 0)
    assert not path.exists()


@pytest.mark.parametrize("part", [0.3, 0.6, 0.95])
async def test_a_truncated_file_is_reported(path, url, part):
    await fill_log(path)
    os.truncate(path, int(path.stat().st_size * part) // 4096 * 4096)
    with pytest.raises(LogCorrupt, match="tidemark restore"):
        await read_all(url)


async def test_damaged_bytes_are_never_taken_for_records(path, url, tmp_path):
    contents = await fill_log(path)
    original = path.read_bytes()
    dice = random.Random(7)
    refused = 0
    for _ in range(60):
        damaged = bytearray(original)
        start = dice.randrange(4096, len(original) - 64)
        damaged[start : start + 16] = dice.randbytes(16)
        path.write_bytes(damaged)
        try:
            read = await read_all(url)
        except LogCorrupt:
            refused += 1
        else:
            for key, records in read.items():
                assert set(records) <= set(contents[key]), "a record that nobody appended"
    assert refused > 30


async def test_one_wrong_bit_in_a_value_is_reported_with_its_offset(path, url):
    log = await new_log(path.parent, lambda: 0)
    await log.append(Stream.FACTS, [Entry(2, b"persons 12"), Entry(2, b"persons 13")])
    await log.close()
    wal = path.with_name("x.db-wal")
    with closing(apsw.Connection(str(path))) as connection:
        connection.pragma("user_version")
    assert not wal.exists()
    path.write_bytes(path.read_bytes().replace(b"persons 13", b"persons 53"))
    log = await engine_of(url).open_log(lambda: 0)
    assert [record.value for record in (await log.read(Stream.FACTS, 2, 0, 1)).records] == [b"persons 12"]
    with pytest.raises(LogCorrupt, match=r"the record at offset 1 is damaged; .* `tidemark restore`"):
        await log.read(Stream.FACTS, 2, 0, 10)
    await log.close()


async def read_all(url):
    log = await engine_of(url).open_log(lambda: 0)
    try:
        for partition in range(log.identity.partitions):
            await partition_of_log(log, Stream.FACTS, partition)
        return await whole_log(log)
    finally:
        await log.close()


async def test_a_log_locked_by_another_program_is_reported_and_usable_afterwards(path):
    log = await new_log(path.parent, lambda: 0)
    await log.append(Stream.FACTS, BATCH)
    log._appender._connection.set_busy_timeout(10)
    with closing(apsw.Connection(str(path))) as other:
        other.execute("BEGIN IMMEDIATE")
        with pytest.raises(LogLocked, match="another program has this file open for writing"):
            await log.append(Stream.FACTS, BATCH)
        other.execute("ROLLBACK")
    await log.append(Stream.FACTS, BATCH)
    assert await log.ends(Stream.FACTS) == [20] * 4
    await log.close()


@pytest.fixture
def open_folder():
    """A folder that any user can reach."""
    with tempfile.TemporaryDirectory() as folder:
        Path(folder).chmod(0o755)
        yield Path(folder)


@pytest.fixture
def nobody():
    """A function that switches to an ordinary user if the test was started by root."""
    before = os.geteuid()
    yield lambda: os.seteuid(65534) if before == 0 else None
    os.seteuid(before)


async def test_a_folder_that_may_not_be_written_to_is_reported(open_folder, nobody):
    path = open_folder / "x.db"
    await fill_log(path)
    for file in open_folder.iterdir():
        file.chmod(0o444)
    open_folder.chmod(0o555)
    nobody()
    with pytest.raises(LogUnavailable, match="let this user"):
        await append_once(log_url(open_folder))
    with pytest.raises(LogUnavailable, match=r"check the disk|let this user"):
        await create_log(f"sqlite:///{open_folder}/new/y.db", IDENTITY, lambda: 0)


async def append_once(url):
    log = await engine_of(url).open_log(lambda: 0)
    try:
        await log.append(Stream.FACTS, BATCH)
    finally:
        await log.close()


async def test_a_folder_in_the_place_of_the_file_is_reported(path, url):
    path.mkdir()
    with pytest.raises(LogUnavailable, match=r"x\.db: "):
        await engine_of(url).open_log(lambda: 0)


@pytest.mark.parametrize("kind", [StorageError, *StorageError.__subclasses__()])
def test_errors_of_the_storage_become_the_same_errors_of_the_log(kind):
    with pytest.raises(LogError, match="the disk; look at it") as caught, translate_storage_errors():
        raise kind("the disk; look at it")
    assert type(caught.value).__name__.removeprefix("Log") == kind.__name__.removeprefix("Storage")
