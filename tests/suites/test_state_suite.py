"""What every engine of the published state must do."""

import pytest

from tests.support.log_engines import Engine, State
from tidemark.streams.contracts.published import Kind, Row
from tidemark.streams.log.port import Page, Update

POLLS = 1_000


@pytest.fixture
async def state(engine: Engine):
    log = await engine.new_log(lambda: 0)
    opened = await engine.new_state()
    yield opened
    await opened.close()
    await log.close()


def update(partition: int, rows: list[Row]) -> Update:
    return Update(partition, rows, position=1)


def head(value: bytes) -> Row:
    return Row(Kind.HEAD, b"head", value)


def cell(key: bytes, value: bytes | None) -> Row:
    return Row(Kind.CELL, key, value)


async def test_what_is_published_is_loaded_again(state: State):
    rows = [head(b"1"), cell(b"a", b"5"), Row(Kind.LATEST, b"r", b"x"), Row(Kind.ENTITY, b"e", b"y")]
    await state.writer.publish([update(0, rows), update(1, [head(b"2")])])
    assert sorted(await state.writer.load(0)) == sorted(rows)
    assert await state.writer.load(1) == [head(b"2")]
    assert await state.writer.load(2) == []


async def test_dead_letters_are_not_loaded_but_can_be_listed(state: State):
    letter = Row(Kind.DEAD, b"00000000000000000007", b"why")
    await state.writer.publish([update(3, [letter, head(b"1")])])
    assert await state.writer.load(3) == [head(b"1")]
    assert await state.reader.rows(Kind.DEAD) == [(3, letter)]


async def test_values_are_absolute_and_the_last_one_wins(state: State):
    await state.writer.publish([update(0, [cell(b"a", b"5")])])
    await state.writer.publish([update(0, [cell(b"a", b"7")])])
    await state.writer.publish([update(0, [cell(b"a", b"8"), cell(b"a", b"9")])])
    assert await state.writer.load(0) == [cell(b"a", b"9")]


async def test_a_row_without_a_value_is_deleted(state: State):
    await state.writer.publish([update(0, [cell(b"a", b"5"), cell(b"b", b"6"), cell(b"c", b"7")])])
    await state.writer.publish(
        [update(0, [cell(b"a", None), cell(b"z", None)]), update(1, [cell(b"b", None)])]
    )
    assert sorted(await state.writer.load(0)) == [cell(b"b", b"6"), cell(b"c", b"7")]


async def poll_rows(state: State, page: Page, count: int) -> tuple[list[tuple[int, Row]], Page]:
    """At least `count` rows after the page, and the page with the last of them.

    Kafka confirms a commit a moment before every partition shows it, so rows may arrive one by one.
    """
    rows: list[tuple[int, Row]] = []
    for _ in range(POLLS):
        page = await state.reader.poll(page.generation, page.version)
        rows += page.rows
        if len(rows) >= count:
            break
    return rows, page


async def test_readers_receive_each_change_once(state: State):
    await state.writer.publish([update(0, [head(b"1"), cell(b"a", b"5")])])
    first = await state.reader.poll(0, 0)
    assert sorted(first.rows) == [(0, head(b"1")), (0, cell(b"a", b"5"))]
    assert (await state.reader.poll(first.generation, first.version)).rows == []
    await state.writer.publish([update(0, [head(b"2")]), update(1, [cell(b"b", b"6")])])
    rows, second = await poll_rows(state, first, 2)
    assert sorted(rows) == [(0, head(b"2")), (1, cell(b"b", b"6"))]
    assert second.version > first.version
    assert second.generation == first.generation
    assert (await state.reader.poll(second.generation, second.version)).rows == []


async def test_readers_do_not_receive_entities_and_dead_letters(state: State):
    await state.writer.publish([update(0, [Row(Kind.ENTITY, b"e", b"1"), Row(Kind.DEAD, b"d", b"2")])])
    assert (await state.reader.poll(0, 0)).rows == []


async def test_another_generation_gives_the_whole_state(state: State):
    await state.writer.publish([update(0, [cell(b"a", b"5")])])
    page = await state.reader.poll(0, 0)
    assert (await state.reader.poll(page.generation + 1, page.version)).rows == page.rows


async def test_rows_are_selected_by_the_beginning_of_their_key(state: State):
    keys = [b"a", b"ab", b"ab\xff", b"ab\xff\xff", b"ac", b"b", b"\xff", b"\xff\xff"]
    await state.writer.publish([update(p, [cell(key, b"1") for key in keys]) for p in (2, 0)])
    for prefix, expected in {b"": sorted(keys), b"ab": keys[1:4], b"\xff": keys[6:], b"x": []}.items():
        rows = await state.reader.rows(Kind.CELL, prefix)
        assert rows == [(p, cell(key, b"1")) for p in (0, 2) for key in expected]
    assert await state.reader.rows(Kind.LATEST) == []


async def test_many_rows_come_back_whole(state: State):
    rows = [cell(b"%05d" % n, b"%d" % n) for n in range(21_003)]
    await state.writer.publish([update(1, rows)])
    assert sorted(await state.writer.load(1)) == rows
    assert len((await state.reader.poll(0, 0)).rows) == len(rows)
    await state.writer.publish([update(1, [Row(row.kind, row.key, None) for row in rows[3:]])])
    assert sorted(await state.writer.load(1)) == rows[:3]
