"""Backups taken while a writer appends, restored completely or not at all."""

import asyncio
import json
from contextlib import suppress
from pathlib import Path

import pytest

from tests.support.log_contents import whole_log
from tests.support.log_engines import IDENTITY, log_url, new_log
from tests.support.log_processes import run_child
from tidemark.streams.contracts.family import Stream
from tidemark.streams.contracts.published import Kind, Row
from tidemark.streams.log import engine_of
from tidemark.streams.log.errors import LogCorrupt, LogExists, LogLocked, LogMissing, LogTooNew
from tidemark.streams.log.port import Entry, Receipt, Update
from tidemark.streams.log.sqlite import backup as sqlite_backup


def ignore_progress(_name, _done, _total):
    pass


def state(value):
    return [Update(0, [Row(Kind.HEAD, b"head", value)], 0)]


async def read_published(url):
    reader = await engine_of(url).open_state_reader()
    page = await reader.poll(0, 0)
    await reader.close()
    return page.rows


async def contents(url):
    log = await engine_of(url).open_log(lambda: 0, 0)
    records = await whole_log(log)
    await log.close()
    return records


@pytest.fixture
async def site(tmp_path):
    """A log with a state, and the folder of its backup."""
    (tmp_path / "site").mkdir()
    log = await new_log(tmp_path / "site", lambda: 0)
    url = log_url(tmp_path / "site")
    await log.append(Stream.FACTS, [Entry(n % 4, b"%d" % n * 50) for n in range(3_000)], Receipt("file", "9"))
    await log.append(Stream.SIGNALS, [Entry(1, b"signal")])
    ledger = await engine_of(url).open_state_writer()
    await ledger.publish(state(b"at 3000"))
    await ledger.close()
    await log.close()
    return url, tmp_path / "backup"


def elsewhere(target):
    return f"sqlite:///{target.parent / 'other' / 'y.db'}"


async def test_a_restored_log_and_state_equal_what_was_backed_up(site):
    url, target = site
    steps = []
    manifest = engine_of(url).back_up(target, lambda *step: steps.append(step))
    assert manifest.identity == IDENTITY
    assert manifest.ends == {Stream.FACTS: [750] * 4, Stream.SIGNALS: [0, 1, 0, 0]}
    assert {name for name, _, _ in steps} == {"state.db", "log.db"}
    assert steps[-1][1] == steps[-1][2]
    assert sorted(file.name for file in target.iterdir()) == ["log.db", "manifest.json", "state.db"]
    assert engine_of(elsewhere(target)).restore(target) == manifest
    assert await contents(elsewhere(target)) == await contents(url)
    assert await read_published(elsewhere(target)) == [(0, state(b"at 3000")[0].rows[0])]
    log = await engine_of(elsewhere(target)).open_log(lambda: 0, 0)
    assert await log.receipts() == [Receipt("file", "9")]
    assert await log.append(Stream.FACTS, [Entry(0, b"next")]) == [750]
    assert (target.parent / "other" / "y.db-wal").exists(), "the copy is still in write-ahead mode"
    await log.close()


async def test_a_backup_taken_while_others_append_is_the_log_up_to_its_ends(site, tmp_path):
    url, target = site
    children = [
        asyncio.create_task(run_child("append", tmp_path / "site" / "x.db", name, 150)) for name in "ab"
    ]
    manifests = []
    while not all(child.done() for child in children):
        folder = target / str(len(manifests))
        manifests.append((folder, await asyncio.to_thread(engine_of(url).back_up, folder, ignore_progress)))
    for child in children:
        assert (await child).acknowledged == 150
    original = await contents(url)
    for folder, manifest in manifests[:: max(1, len(manifests) // 5)]:
        copy = f"sqlite:///{folder / 'restored' / 'x.db'}"
        engine_of(copy).restore(folder)
        expected = {
            (stream, partition): records[: manifest.ends[stream][partition]]
            for (stream, partition), records in original.items()
        }
        assert await contents(copy) == expected
    lengths = [manifest.ends[Stream.FACTS][0] for _, manifest in manifests]
    assert lengths == sorted(lengths)


async def test_records_appended_between_two_pages_are_not_in_the_backup(site, monkeypatch):
    url, target = site
    monkeypatch.setattr(sqlite_backup, "_PAGES_AT_ONCE", 1)
    before = await contents(url)
    log = await engine_of(url).open_log(lambda: 0, 0)
    loop = asyncio.get_running_loop()

    turns = iter(range(20))

    def append_meanwhile(name, _done, _total):
        if name == "log.db" and next(turns, None) is not None:
            append = log.append(Stream.FACTS, [Entry(0, b"meanwhile")])
            asyncio.run_coroutine_threadsafe(append, loop).result()

    await asyncio.to_thread(engine_of(url).back_up, target, append_meanwhile)
    assert await log.ends(Stream.FACTS) == [770, 750, 750, 750]
    await log.close()
    engine_of(elsewhere(target)).restore(target)
    assert await contents(elsewhere(target)) == before


async def test_a_backup_without_a_state_restores_to_an_empty_one(tmp_path):
    log = await new_log(tmp_path, lambda: 0)
    await log.append(Stream.FACTS, [Entry(0, b"a")])
    await log.close()
    target = tmp_path / "backup"
    engine_of(log_url(tmp_path)).back_up(target, ignore_progress)
    engine_of(elsewhere(target)).restore(target)
    assert await read_published(elsewhere(target)) == []
    assert await contents(elsewhere(target)) == await contents(log_url(tmp_path))


async def test_an_existing_log_is_replaced_only_on_request(site, tmp_path):
    url, target = site
    engine_of(url).back_up(target, ignore_progress)
    before = await contents(url)
    reader = await engine_of(url).open_state_reader()
    seen = await reader.poll(0, 0)
    log = await engine_of(url).open_log(lambda: 0, 0)
    await log.append(Stream.FACTS, [Entry(0, b"later")])
    await log.close()
    ledger = await engine_of(url).open_state_writer()
    await ledger.publish(state(b"later"))
    with pytest.raises(LogExists, match="restore to another address"):
        engine_of(url).restore(target)
    with pytest.raises(LogLocked, match="writes this state"):
        engine_of(url).restore(target, replace=True)
    assert not list((tmp_path / "site").glob("*restoring*"))
    await ledger.close()
    engine_of(url).restore(target, replace=True)
    assert await contents(url) == before
    page = await reader.poll(seen.generation, seen.version + 1)
    assert page.generation != seen.generation
    assert page.rows == [(0, state(b"at 3000")[0].rows[0])]
    await reader.close()
    left = {file.name for file in (tmp_path / "site").iterdir()}
    assert not [name for name in left if "restoring" in name or "replaced" in name]


async def test_a_damaged_log_can_be_replaced(site, tmp_path):
    url, target = site
    before = await contents(url)
    engine_of(url).back_up(target, ignore_progress)
    (tmp_path / "site" / "x.db").write_bytes(b"damaged" * 1000)
    engine_of(url).restore(target, replace=True)
    assert await contents(url) == before


async def test_the_state_being_served_is_the_one_backed_up(site):
    url, target = site
    rebuilt = await engine_of(url).begin_rebuild()
    await rebuilt.publish(state(b"rebuilt"))
    await rebuilt.promote()
    await rebuilt.close()
    engine_of(url).back_up(target, ignore_progress)
    engine_of(elsewhere(target)).restore(target)
    assert await read_published(elsewhere(target)) == [(0, state(b"rebuilt")[0].rows[0])]


@pytest.mark.parametrize("name", ["log.db", "state.db", "manifest.json"])
async def test_a_backup_that_was_changed_is_refused_and_nothing_is_touched(site, name):
    url, target = site
    engine_of(url).back_up(target, ignore_progress)
    raw = bytearray((target / name).read_bytes())
    raw[len(raw) // 2] ^= 1
    (target / name).write_bytes(raw)
    before = await contents(url)
    with pytest.raises(LogCorrupt, match="use another backup"):
        engine_of(url).restore(target, replace=True)
    assert await contents(url) == before
    assert await read_published(url) == [(0, state(b"at 3000")[0].rows[0])]


async def test_a_backup_that_is_incomplete_or_newer_is_refused(site):
    url, target = site
    with pytest.raises(LogMissing, match="name a folder that `tidemark backup` made"):
        engine_of(elsewhere(target)).restore(target)
    engine_of(url).back_up(target, ignore_progress)
    with pytest.raises(LogExists, match="choose a new folder"):
        engine_of(url).back_up(target, ignore_progress)
    (target / "log.db").rename(target / "gone.db")
    with pytest.raises(LogMissing, match="lacks this file"):
        engine_of(elsewhere(target)).restore(target)
    manifest = json.loads((target / "manifest.json").read_text())
    (target / "manifest.json").write_text(json.dumps(manifest | {"format": 2}))
    with pytest.raises(LogTooNew, match="upgrade Tidemark"):
        engine_of(elsewhere(target)).restore(target)


@pytest.mark.parametrize("nth", range(1, 7))
async def test_a_restore_cut_short_leaves_the_old_log_or_the_new_and_can_be_repeated(
    site, tmp_path, monkeypatch, nth
):
    url, target = site
    engine_of(url).back_up(target, ignore_progress)
    backed_up = await contents(url)
    log = await engine_of(url).open_log(lambda: 0, 0)
    await log.append(Stream.FACTS, [Entry(0, b"later")])
    await log.close()
    newer = await contents(url)
    with monkeypatch.context() as patched:
        fail_at(patched, nth)
        with suppress(Interrupted):
            engine_of(url).restore(target, replace=True)
    if (tmp_path / "site" / "x.db").exists():
        present = await contents(url)
        assert present in (newer, backed_up)
        if present == newer:
            assert await read_published(url) in ([], [(0, state(b"at 3000")[0].rows[0])])
    engine_of(url).restore(target, replace=True)
    assert await contents(url) == backed_up
    assert await read_published(url) == [(0, state(b"at 3000")[0].rows[0])]


class Interrupted(Exception):
    pass


def fail_at(patched, nth):
    """Interrupt before the nth renaming."""
    counts = iter(range(1, 100))

    def before(original):
        def call(path, *arguments, **options):
            if next(counts) == nth:
                raise Interrupted
            return original(path, *arguments, **options)

        return call

    patched.setattr(Path, "rename", before(Path.rename))
    patched.setattr(Path, "replace", before(Path.replace))
