"""The write-ahead log stays short, and a long reader delays that without stopping appends."""

from contextlib import closing

from tests.support.log_engines import new_log
from tidemark.streams.contracts.family import Stream
from tidemark.streams.log.port import Entry
from tidemark.streams.log.sqlite.schema import LOG
from tidemark.streams.storage.files import open_reader, snapshot

MIB = 1 << 20
MEGABYTE = [Entry(0, b"x" * MIB)]


async def test_the_write_ahead_log_stays_short(tmp_path):
    log = await new_log(tmp_path, lambda: 0)
    for _ in range(60):
        await log.append(Stream.FACTS, MEGABYTE)
    await log.close()
    assert (tmp_path / "x.db-wal").stat().st_size < 20 * MIB
    assert (tmp_path / "x.db").stat().st_size > 40 * MIB


async def test_during_a_long_read_the_write_ahead_log_grows_only_until_the_read_ends(tmp_path):
    log = await new_log(tmp_path, lambda: 0)
    await log.append(Stream.FACTS, MEGABYTE)
    with closing(open_reader(tmp_path / "x.db", LOG)) as reader, snapshot(reader):
        for _ in range(70):
            await log.append(Stream.FACTS, MEGABYTE)
        assert reader.execute("SELECT count(*) FROM records").get == 1
    assert (tmp_path / "x.db-wal").stat().st_size > 64 * MIB
    await log.append(Stream.FACTS, MEGABYTE)
    assert (tmp_path / "x.db-wal").stat().st_size < MIB
    assert await log.ends(Stream.FACTS) == [72, 0, 0, 0]
    await log.close()
