"""Importing into a log on Kafka: each row once, even if the import is interrupted."""

from collections.abc import Iterator
from contextlib import contextmanager
from itertools import count
from pathlib import Path

import pytest
from aiokafka import AIOKafkaProducer

from tests.support.commands import succeed
from tests.support.imports import MAPPINGS, MELBOURNE, read_appended, run, seed_mapping
from tests.support.kafka_logs import make_log, opened_log
from tests.support.log_engines import kafka_url
from tidemark.services.importer import importing
from tidemark.streams.contracts.identity import LogIdentity
from tidemark.streams.log.kafka.log import KafkaLog
from tidemark.streams.log.port import Receipt

NAME = "melbourne-pedestrians"
REAL = LogIdentity(district="melbourne", zone="Australia/Melbourne", partitions=2)
IMPORT = ("import", MELBOURNE, "--mapping", MAPPINGS / f"{NAME}.toml", "--log")


class Killed(BaseException):
    """Ends the importer."""


async def contents(url: str) -> tuple[list[list[bytes]], list[Receipt]]:
    async with opened_log(url) as log:
        return await read_appended(log), await log.receipts()


async def import_here(url: str, rejects: Path) -> int:
    """Import in this process; return the row after which it continued."""
    async with opened_log(url) as log:
        summary = await run(MELBOURNE, seed_mapping(NAME), log, rejects)
    return summary.before.row


async def test_a_file_is_imported_once_with_its_receipt(kafka: str, tmp_path: Path) -> None:
    url = kafka_url(kafka)
    await make_log(url, REAL)
    rejects = ("--rejects", tmp_path / "r.csv")
    assert "10,513 events" in succeed(*IMPORT, url, *rejects)
    lanes, receipts = await contents(url)
    assert sum(map(len, lanes)) == 10_513
    assert [receipt.name.partition("/")[0] for receipt in receipts] == ["import"]
    assert "already imported: 10,513 rows" in succeed(*IMPORT, url, *rejects)
    assert await contents(url) == (lanes, receipts)


@pytest.mark.parametrize(
    ("kind", "step", "row"),
    [
        (AIOKafkaProducer, "commit_transaction", 4_000),
        (KafkaLog, "append", 6_000),
    ],
    ids=["within an append", "between two"],
)
async def test_a_killed_import_continues_to_the_same_log(
    kafka: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, kind: type, step: str, row: int
) -> None:
    """Killed before its third commit, the third batch does not count; after its third append it does."""
    monkeypatch.setattr(importing, "BATCH", 2_000)
    whole, broken = kafka_url(kafka), kafka_url(kafka)
    for url in (whole, broken):
        await make_log(url, REAL)
    await import_here(whole, tmp_path / "whole.csv")
    with killed_at_third(kind, step), pytest.raises(Killed):
        await import_here(broken, tmp_path / "broken.csv")
    assert await import_here(broken, tmp_path / "broken.csv") == row
    assert (await contents(broken))[0] == (await contents(whole))[0]


@contextmanager
def killed_at_third(kind: type, step: str) -> Iterator[None]:
    """Raise Killed at the third call: before a commit, after an append."""
    original = getattr(kind, step)
    times = count(1)

    async def last(self: object, *arguments: object) -> object:
        third = next(times) == 3
        if third and kind is AIOKafkaProducer:
            raise Killed
        done = await original(self, *arguments)
        if third:
            raise Killed
        return done

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(kind, step, last)
        yield
