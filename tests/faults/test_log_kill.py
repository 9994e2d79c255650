"""A process killed at any step of append, publish or promote leaves a consistent log and state."""

import signal

import pytest

from tests.support.log_child import state_at
from tests.support.log_contents import check_batches
from tests.support.log_engines import log_url, new_log
from tests.support.log_processes import run_child
from tidemark.streams.contracts.published import Kind
from tidemark.streams.log import engine_of

APPEND = ("lock", "records", "receipt", "commit", "checkpoint", "return")
PUBLISH = ("begin", "rows", "commit", "checkpoint", "return")
PROMOTE = ("write", "rename", "sync", "remove")


@pytest.fixture
async def url(tmp_path):
    await (await new_log(tmp_path, lambda: 0)).close()
    return log_url(tmp_path)


async def kill_while_appending(what, folder, step):
    ended = await run_child(what, folder / "x.db", "child", 10, f"append.{step}", "4")
    assert ended.status == -signal.SIGKILL, ended.errors
    return ended.acknowledged


@pytest.mark.parametrize("step", APPEND)
async def test_acknowledged_records_are_there_and_nothing_is_half_written(step, url, tmp_path):
    acknowledged = await kill_while_appending("append", tmp_path, step)
    assert acknowledged == 3
    log = await engine_of(url).open_log(lambda: 0, 0)
    await check_batches(log, "child", acknowledged)
    await log.close()


@pytest.mark.parametrize("step", APPEND)
async def test_the_next_process_appends_where_the_killed_one_ended(step, url, tmp_path):
    await kill_while_appending("append", tmp_path, step)
    ended = await run_child("append", tmp_path / "x.db", "next", 3)
    assert (ended.status, ended.acknowledged) == (0, 3), ended.errors
    log = await engine_of(url).open_log(lambda: 0, 0)
    await check_batches(log, "child", 3)
    await check_batches(log, "next", 3)
    await log.close()


async def test_a_receipt_in_a_transaction_of_its_own_is_caught(url, tmp_path):
    acknowledged = await kill_while_appending("append-split", tmp_path, "receipt")
    log = await engine_of(url).open_log(lambda: 0, 0)
    with pytest.raises(AssertionError, match="the receipt says"):
        await check_batches(log, "child", acknowledged)
    await log.close()


async def check_state(url, acknowledged):
    """Readers and the next writer see one complete publish, the last acknowledged or the next."""
    reader = await engine_of(url).open_state_reader()
    page = await reader.poll(0, 0)
    cells = await reader.rows(Kind.CELL)
    await reader.close()
    writer = await engine_of(url).open_state_writer()
    loaded = [(partition, row) for partition in range(4) for row in await writer.load(partition)]
    await writer.close()
    wholes = {
        number: sorted((update.partition, row) for update in state_at(number) for row in update.rows)
        for number in (acknowledged, acknowledged + 1)
    }
    wholes[0] = []
    assert sorted(page.rows) in [wholes[acknowledged], wholes[acknowledged + 1]]
    assert sorted(loaded) == sorted(page.rows)
    assert cells == [row for row in sorted(page.rows) if row[1].kind is Kind.CELL]


@pytest.mark.parametrize("nth", [1, 4])
@pytest.mark.parametrize("step", PUBLISH)
async def test_a_publish_is_seen_whole_or_not_at_all(step, nth, url, tmp_path):
    ended = await run_child("publish", tmp_path / "x.db", "child", 10, f"publish.{step}", str(nth))
    assert (ended.status, ended.acknowledged) == (-signal.SIGKILL, nth - 1), ended.errors
    await check_state(url, ended.acknowledged)


@pytest.mark.parametrize("step", PROMOTE)
async def test_a_promotion_serves_the_old_generation_or_the_new(step, url, tmp_path):
    ended = await run_child("promote", tmp_path / "x.db", "child", 10, f"promote.{step}", "3")
    assert (ended.status, ended.acknowledged) == (-signal.SIGKILL, 2), ended.errors
    await check_state(url, ended.acknowledged)
    again = await run_child("promote", tmp_path / "x.db", "child", 1)
    assert (again.status, again.acknowledged) == (0, 1), again.errors
    await check_state(url, 1)


@pytest.mark.parametrize("step", ["write", "rename", "sync"])
async def test_the_first_ledger_killed_while_it_begins_is_followed_by_another(step, url, tmp_path):
    ended = await run_child("publish", tmp_path / "x.db", "child", 1, f"promote.{step}", "1")
    assert ended.status == -signal.SIGKILL, ended.errors
    await check_state(url, 0)
