"""`tidemark log copy` from one engine to the other and back: the same records, the same totals."""

from pathlib import Path

import pytest

from tests.support.commands import succeed, tidemark
from tests.support.folding import NOON, admission, benefit, count, ms
from tests.support.kafka_logs import check_rows, clock, entries, fold, make_log, opened_log
from tests.support.log_contents import whole_log
from tests.support.log_engines import kafka_url, log_url
from tests.support.states import published_cells
from tidemark.streams.contracts.family import Stream
from tidemark.streams.contracts.identity import LogIdentity
from tidemark.streams.log import copying, engine_of
from tidemark.streams.log.copying import copy_log, open_for_copy
from tidemark.streams.log.errors import LogExists
from tidemark.streams.log.kafka.log import KafkaLog
from tidemark.streams.log.port import Entry, Receipt

SIMULATED = LogIdentity(partitions=3, content="simulated")
REAL = LogIdentity(partitions=3, content="real")
Contents = dict[tuple[Stream, int], list[tuple[int, bytes]]]


@pytest.fixture
def source(tmp_path: Path) -> str:
    return log_url(tmp_path)


@pytest.fixture
def target(kafka: str) -> str:
    return kafka_url(kafka)


def events_of(number: int) -> list[Entry]:
    """Three events per number, over all partitions, with uneven arrival times."""
    batch = entries(
        [
            count(f"c{number}", NOON, number),
            admission(f"a{number}", f"t{number}", NOON),
            benefit(f"b{number}", f"t{number}", NOON),
        ],
        SIMULATED.partitions,
    )
    return [entry._replace(arrival_ms=ms(NOON) + 1_000 * number + 7) for entry in batch]


async def fill(url: str, identity: LogIdentity, numbers: range) -> None:
    await make_log(url, identity)
    async with opened_log(url) as log:
        for number in numbers:
            await log.append(Stream.FACTS, events_of(number))
        await log.append(Stream.SIGNALS, [Entry(2, b"signal", 5)], Receipt("import/x", f"row {numbers.stop}"))


async def contents(url: str) -> tuple[Contents, list[Receipt]]:
    """Arrival time and value of every record in order, and the receipts except the copy's own."""
    async with opened_log(url) as log:
        contents = {
            lane: [(record.arrival_ms, record.value) for record in records]
            for lane, records in (await whole_log(log)).items()
        }
        return contents, [receipt for receipt in await log.receipts() if receipt.name != copying.RECEIPT]


async def copy(source: str, target: str) -> int:
    log = await engine_of(source).open_log(clock)
    try:
        async with open_for_copy(target, log.identity, clock) as into:
            return await copy_log(log, into, lambda _copied: None)
    finally:
        await log.close()


@pytest.mark.parametrize("identity", [SIMULATED, REAL], ids=["simulated", "real"])
async def test_a_log_copied_to_kafka_and_back_is_the_same(
    source: str, target: str, tmp_path: Path, identity: LogIdentity
) -> None:
    back = f"sqlite:///{tmp_path}/back.db"
    await fill(source, identity, range(1, 30))
    assert await copy(source, target) == await copy(target, back) == 88
    expected = await contents(source)
    assert await contents(target) == expected
    assert await contents(back) == expected
    for url in (source, target, back):
        await fold(url)
        await check_rows(url)
    cells = await published_cells(source)
    assert identity is REAL or cells
    assert await published_cells(target) == await published_cells(back) == cells


async def test_after_a_copy_the_broker_sets_the_arrival_times_of_a_real_log_again(
    source: str, target: str
) -> None:
    await fill(source, REAL, range(1, 3))
    await copy(source, target)
    assert await engine_of(target).apply_topics(REAL, dry_run=True) == []
    async with opened_log(target) as log:
        await log.append(Stream.FACTS, [Entry(0, b"now", 7)])
        last = (await whole_log(log))[Stream.FACTS, 0][-1]
    assert last.value == b"now"
    assert last.arrival_ms > ms(NOON)


async def test_a_second_copy_appends_the_new_records(source: str, target: str) -> None:
    await fill(source, SIMULATED, range(1, 10))
    assert "28 records copied" in succeed("log", "copy", source, target)
    assert await copy(source, target) == 0
    await fill(source, SIMULATED, range(10, 12))
    assert await copy(source, target) == 7
    assert await contents(target) == await contents(source)


class Interrupted(Exception):
    """Ends the copy."""


@pytest.mark.parametrize("after", [1, 3, 6])
async def test_an_interrupted_copy_continues_where_it_stopped(
    source: str, target: str, monkeypatch: pytest.MonkeyPatch, after: int
) -> None:
    monkeypatch.setattr(copying, "_BATCH_SIZE", 7)
    await fill(source, REAL, range(1, 20))
    with monkeypatch.context() as patch:
        interrupt(patch, after)
        with pytest.raises(Interrupted):
            await copy(source, target)
    assert 0 < await copy(source, target) < 58
    assert await contents(target) == await contents(source)
    assert await engine_of(target).apply_topics(REAL, dry_run=True) == []


def interrupt(patch: pytest.MonkeyPatch, appends: int) -> None:
    original = KafkaLog.append
    left = appends

    async def append(self: KafkaLog, stream: Stream, batch: list[Entry], receipt: Receipt) -> list[int]:
        nonlocal left
        if not left:
            raise Interrupted
        left -= 1
        return await original(self, stream, batch, receipt)

    patch.setattr(KafkaLog, "append", append)


async def test_a_target_with_records_of_its_own_is_refused_and_not_changed(source: str, target: str) -> None:
    await fill(source, REAL, range(1, 3))
    await fill(target, REAL, range(5, 6))
    before = await contents(target)
    done = tidemark("log", "copy", source, target)
    assert done.returncode == 2
    assert "copy to an address without a log" in " ".join(done.stderr.split())
    assert await contents(target) == before
    assert await engine_of(target).apply_topics(REAL, dry_run=True) == []


async def test_a_target_that_is_another_log_is_refused(source: str, target: str) -> None:
    await fill(source, REAL, range(1, 3))
    await make_log(target, SIMULATED)
    with pytest.raises(LogExists, match="holds another log"):
        await copy(source, target)
