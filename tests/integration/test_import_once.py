"""The log contains each row's event once after repeated and interrupted imports and rejected rows."""

import csv
import gzip
import json
from itertools import pairwise
from pathlib import Path

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.support.imports import (
    LONG,
    MAPPINGS,
    NOW_MS,
    FailingLog,
    ForgetfulLog,
    events_in,
    memory_log,
    read_appended,
    run,
    seed_mapping,
)
from tidemark.services.importer import importing
from tidemark.services.importer.errors import ImportRefused, TooManyRejects
from tidemark.services.importer.files import InputFile
from tidemark.services.importer.importing import ImportPosition, compute_receipt_name
from tidemark.services.importer.loading import load_mapping, with_zone
from tidemark.streams.contracts.family import Stream
from tidemark.streams.contracts.identity import LogIdentity

DOORS = seed_mapping("door-counters-cumulative")
IDENTITY = LogIdentity()


def doors(path: Path, count: int) -> Path:
    """Readings of five doors; some fall back to zero, and some rows are damaged."""
    with path.open("w", encoding="utf-8") as out:
        for i in range(count):
            minute, door = divmod(i, 5)
            total = minute * 3 % 25 + door
            row = {
                "device": {"id": f"d{door}", "mall": "coco_park"},
                "at": 1767225600 + 60 * minute,
                "total": {"in": total, "out": total // 2 if i % 17 else "?"},
            }
            out.write(json.dumps(row) + "\n")
    return path


@pytest.fixture(autouse=True)
def small_batches(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(importing, "BATCH", 10)


async def importing_again_changes_nothing(log: ForgetfulLog | FailingLog, tmp_path: Path) -> None:
    path = doors(tmp_path / "doors.ndjson", 95)
    first = await run(path, DOORS, log, tmp_path / "r.ndjson")
    before = await read_appended(log)
    packed = tmp_path / "again.gz"
    packed.write_bytes(gzip.compress(path.read_bytes()))
    second = await run(packed, DOORS, log, tmp_path / "r2.ndjson")
    assert await read_appended(log) == before
    assert second.before == second.after == first.after
    assert not (tmp_path / "r2.ndjson").exists()


async def test_a_second_import_changes_nothing_even_if_compressed(tmp_path: Path) -> None:
    await importing_again_changes_nothing(FailingLog(IDENTITY), tmp_path)


async def test_without_receipts_the_second_import_is_caught(tmp_path: Path) -> None:
    with pytest.raises(AssertionError):
        await importing_again_changes_nothing(ForgetfulLog(IDENTITY, lambda: NOW_MS), tmp_path)


@pytest.mark.parametrize("appends", [0, 1, 5, 9])
async def test_an_interrupted_import_ends_like_an_uninterrupted_one(tmp_path: Path, appends: int) -> None:
    path = doors(tmp_path / "doors.ndjson", 95)
    whole, broken = FailingLog(IDENTITY), FailingLog(IDENTITY)
    expected = await run(path, DOORS, whole, tmp_path / "whole.ndjson")
    broken.appends_left = appends
    with pytest.raises(InterruptedError):
        await run(path, DOORS, broken, tmp_path / "broken.ndjson")
    broken.appends_left = LONG
    summary = await run(path, DOORS, broken, tmp_path / "broken.ndjson")
    assert await read_appended(broken) == await read_appended(whole)
    assert await broken.receipts() == await whole.receipts()
    assert (tmp_path / "broken.ndjson").read_bytes() == (tmp_path / "whole.ndjson").read_bytes()
    assert summary.before.row == appends * 10
    assert summary.after == expected.after


@given(stops=st.lists(st.integers(0, 4), max_size=6), count=st.integers(0, 60))
async def test_any_interruptions_give_the_same_events(
    tmp_path_factory: pytest.TempPathFactory, stops: list[int], count: int
) -> None:
    folder = tmp_path_factory.mktemp("import")
    path = doors(folder / "doors.ndjson", count)
    whole, broken = FailingLog(IDENTITY), FailingLog(IDENTITY)
    await run(path, DOORS, whole, folder / "r")
    for stop in stops:
        broken.appends_left = stop
        try:
            await run(path, DOORS, broken, folder / "r")
        except InterruptedError:
            continue
    broken.appends_left = LONG
    await run(path, DOORS, broken, folder / "r")
    assert await read_appended(broken) == await read_appended(whole)


async def test_differences_add_up_to_what_the_doors_counted(tmp_path: Path) -> None:
    """Doors that count 3 a minute and restart at 25, so that the truth follows by arithmetic."""
    path = tmp_path / "doors.ndjson"
    doors(path, 100)
    path.write_text(path.read_text().replace('"?"', "0"), encoding="utf-8")
    log = memory_log()
    await run(path, DOORS, log, tmp_path / "r.ndjson")
    readings = [minute * 3 % 25 for minute in range(20)]
    counted = sum(3 if b > a else b for a, b in pairwise(readings))
    door_0 = [event.data.entered for event in await events_in(log) if event.data.sensor_id == "d0"]
    assert readings != sorted(readings)
    assert sum(door_0) == counted


def test_a_receipt_depends_on_content_and_meaning_not_on_names_comments_or_the_log(tmp_path: Path) -> None:
    text = (MAPPINGS / "door-counters-cumulative.toml").read_text(encoding="utf-8")
    first, second = doors(tmp_path / "a.ndjson", 5), doors(tmp_path / "b.txt", 5)
    name = compute_receipt_name(InputFile(first), DOORS)
    assert name == compute_receipt_name(InputFile(second), load_mapping("# a comment\n" + text))
    assert name == compute_receipt_name(InputFile(first), with_zone(DOORS, "Europe/Dublin"))
    assert name != compute_receipt_name(
        InputFile(first), load_mapping(text.replace("window_s = 60", "window_s = 30"))
    )
    assert name != compute_receipt_name(InputFile(doors(tmp_path / "c.ndjson", 6)), DOORS)


async def test_rejected_rows_are_written_to_a_file_with_line_reason_and_text(tmp_path: Path) -> None:
    path = tmp_path / "sales.csv"
    head = "Day;Hour;Category;Orders;Gross;Returned;Online;Reporting;Expected"
    rows = [head, "2026-01-01;09;餐饮;1;1;;;3;4", "2026-01-01;10;餐饮;1;0.005;;;3;4", '2026-01-01;"10']
    path.write_text("\n".join(rows), encoding="gb18030")
    log = memory_log()
    summary = await run(path, seed_mapping("mall-sales"), log, tmp_path / "rejected.csv")
    with (tmp_path / "rejected.csv").open(encoding="utf-8", newline="") as file:
        rejected = list(csv.DictReader(file))
    assert [(row["line"], row["field"], row["row"]) for row in rejected] == [
        ("3", "data.gross_fen", rows[2]),
        ("4", "", rows[3]),
    ]
    assert all(row["problem"] and row["remedy"] for row in rejected)
    assert (summary.after.row, summary.after.events, summary.after.rejected) == (3, 1, 2)
    assert len(await events_in(log)) == 1


async def test_too_many_rejected_rows_stop_the_import(tmp_path: Path) -> None:
    path = doors(tmp_path / "doors.ndjson", 95)
    log = FailingLog(IDENTITY)
    with pytest.raises(TooManyRejects, match="more than 3 rows"):
        await run(path, DOORS, log, tmp_path / "r.ndjson", max_rejects=3)
    ((_, value),) = await log.receipts()
    reached = msgspec.json.decode(value, type=ImportPosition)
    assert (reached.row, reached.done) == (50, False)
    assert len(await events_in(log)) == reached.events


async def test_real_events_are_refused_by_a_simulated_log(tmp_path: Path) -> None:
    path = doors(tmp_path / "doors.ndjson", 5)
    log = memory_log(content="simulated")
    with pytest.raises(ImportRefused, match="real or mixed"):
        await run(path, DOORS, log, tmp_path / "r.ndjson")
    assert await log.receipts() == []
    await run(path, DOORS, memory_log(content="mixed"), tmp_path / "r.ndjson")


async def test_a_log_of_another_zone_is_refused(tmp_path: Path) -> None:
    path = doors(tmp_path / "doors.ndjson", 5)
    log = memory_log("Europe/Dublin")
    with pytest.raises(ImportRefused, match=r"the log's time zone is Europe/Dublin, but"):
        await run(path, DOORS, log, tmp_path / "r.ndjson")
    await run(path, with_zone(DOORS, "Europe/Dublin"), log, tmp_path / "r.ndjson")
    assert sum(await log.ends(Stream.FACTS)) == 0


async def test_a_file_that_grows_while_it_is_read_is_not_recorded_as_complete(tmp_path: Path) -> None:
    path = doors(tmp_path / "doors.ndjson", 95)

    class Growing(FailingLog):
        async def append(self, *args: object, **kwargs: object) -> list[int]:
            with path.open("a", encoding="utf-8") as out:
                out.write("\n")
            return await super().append(*args, **kwargs)  # type: ignore[arg-type]

    log = Growing(IDENTITY)
    with pytest.raises(ImportRefused, match="changed while it was read"):
        await run(path, DOORS, log, tmp_path / "r.ndjson")
    assert all(not msgspec.json.decode(value, type=ImportPosition).done for _, value in await log.receipts())
