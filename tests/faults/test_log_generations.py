"""Rebuilding the state beside the one being served."""

import pytest

from tests.support.log_engines import log_url, new_log
from tidemark.streams.contracts.published import Kind, Row
from tidemark.streams.log import engine_of
from tidemark.streams.log.errors import LogCorrupt, LogMissing, StateSuperseded
from tidemark.streams.log.port import Update


@pytest.fixture
async def url(tmp_path):
    await (await new_log(tmp_path, lambda: 0)).close()
    return log_url(tmp_path)


def update(value):
    return [Update(0, [Row(Kind.CELL, b"a", value)], 0)]


def values(page):
    return [row.value for _, row in page.rows]


async def test_before_any_ledger_readers_find_nothing(url):
    reader = await engine_of(url).open_state_reader()
    assert await reader.poll(0, 0) == (0, 0, [])
    assert await reader.rows(Kind.CELL) == []
    await reader.close()


async def test_readers_switch_to_the_generation_that_was_promoted(url):
    reader = await engine_of(url).open_state_reader()
    ledger = await engine_of(url).open_state_writer()
    for value in (b"1", b"2", b"3"):
        await ledger.publish(update(value))
    before = await reader.poll(0, 0)
    rebuilt = await engine_of(url).begin_rebuild()
    await rebuilt.publish(update(b"new"))
    assert values(await reader.poll(before.generation, before.version)) == []
    await rebuilt.promote()
    after = await reader.poll(before.generation, before.version)
    assert values(after) == [b"new"]
    assert after.generation == before.generation + 1
    await rebuilt.publish(update(b"newer"))
    assert values(await reader.poll(after.generation, after.version)) == [b"newer"]
    for closed in (reader, ledger, rebuilt):
        await closed.close()


async def test_the_ledger_of_the_previous_generation_is_refused_with_the_remedy(url):
    ledger = await engine_of(url).open_state_writer()
    await ledger.publish(update(b"1"))
    rebuilt = await engine_of(url).begin_rebuild()
    await rebuilt.promote()
    with pytest.raises(StateSuperseded, match="generation 2 is served now; restart this ledger"):
        await ledger.publish(update(b"2"))
    await ledger.close()
    await rebuilt.close()
    again = await engine_of(url).open_state_writer()
    await again.publish(update(b"3"))
    assert await again.load(0) == update(b"3")[0].rows
    await again.close()


async def test_an_unfinished_rebuild_starts_over(url):
    abandoned = await engine_of(url).begin_rebuild()
    await abandoned.publish(update(b"half"))
    await abandoned.close()
    rebuilt = await engine_of(url).begin_rebuild()
    assert await rebuilt.load(0) == []
    await rebuilt.close()


async def test_the_previous_generation_is_kept_and_older_ones_are_removed(url, tmp_path):
    await (await engine_of(url).open_state_writer()).close()
    for _ in range(3):
        rebuilt = await engine_of(url).begin_rebuild()
        await rebuilt.promote()
        await rebuilt.close()
    assert {file.name for file in tmp_path.glob("x.state.*.db")} == {"x.state.3.db", "x.state.4.db"}


async def test_a_damaged_state_is_reported_with_its_remedy(url, tmp_path):
    await (await engine_of(url).open_state_writer()).close()
    for file in tmp_path.glob("x.state.1.db*"):
        file.write_bytes(b"damaged " * 1000)
    reader = await engine_of(url).open_state_reader()
    with pytest.raises(LogCorrupt, match="tidemark rebuild"):
        await reader.poll(0, 0)
    with pytest.raises(LogCorrupt, match="tidemark rebuild"):
        await engine_of(url).open_state_writer()
    rebuilt = await engine_of(url).begin_rebuild()
    await rebuilt.publish(update(b"1"))
    await rebuilt.promote()
    assert values(await reader.poll(0, 0)) == [b"1"]
    await rebuilt.close()
    await reader.close()


async def test_a_damaged_pointer_or_a_missing_state_is_reported_with_its_remedy(url, tmp_path):
    ledger = await engine_of(url).open_state_writer()
    await ledger.publish(update(b"1"))
    await ledger.close()
    reader = await engine_of(url).open_state_reader()
    (tmp_path / "x.state.json").write_text("{")
    with pytest.raises(LogCorrupt, match="delete it and start the ledger"):
        await reader.poll(0, 0)
    (tmp_path / "x.state.json").write_text('{"generation":7}')
    with pytest.raises(LogMissing, match="tidemark rebuild"):
        await reader.poll(0, 0)
    await reader.close()
