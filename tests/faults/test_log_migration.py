"""Files of earlier versions are migrated in one step by the process that opens them first."""

from contextlib import closing
from dataclasses import replace

import pytest

from tests.support.log_engines import log_url, new_log
from tidemark.streams.contracts.family import Stream
from tidemark.streams.log import engine_of
from tidemark.streams.log.errors import LogTooNew
from tidemark.streams.log.port import Entry
from tidemark.streams.log.sqlite.schema import LOG
from tidemark.streams.storage import StorageCorrupt
from tidemark.streams.storage.files import create_file, open_reader, open_writer

LATER = replace(
    LOG,
    migrations=(
        *LOG.migrations,
        "CREATE TABLE second (a); INSERT INTO second VALUES (2);",
        "ALTER TABLE second ADD COLUMN b;",
    ),
)
BROKEN = replace(
    LATER, migrations=(*LATER.migrations, "CREATE TABLE third (a); INSERT INTO nowhere VALUES (1);")
)


@pytest.fixture
async def path(tmp_path):
    log = await new_log(tmp_path, lambda: 0)
    await log.append(Stream.FACTS, [Entry(0, b"a")])
    await log.close()
    return tmp_path / "x.db"


@pytest.mark.parametrize("open_file", [open_writer, open_reader, create_file])
def test_an_older_file_is_brought_up_to_date_with_its_records(path, open_file):
    with closing(open_file(path, LATER)) as connection:
        assert connection.pragma("user_version") == 3
        assert connection.execute("SELECT a, b FROM second").get == (2, None)
        assert connection.execute("SELECT value FROM records").get == b"a"


async def test_the_previous_version_refuses_the_file_from_then_on(path, tmp_path):
    open_writer(path, LATER).close()
    with pytest.raises(LogTooNew):
        await engine_of(log_url(tmp_path)).open_log(lambda: 0)


async def test_a_migration_that_fails_changes_nothing(path, tmp_path):
    with pytest.raises(StorageCorrupt, match="nowhere"):
        open_writer(path, BROKEN)
    log = await engine_of(log_url(tmp_path)).open_log(lambda: 0)
    assert await log.ends(Stream.FACTS) == [1, 0, 0, 0]
    await log.close()
