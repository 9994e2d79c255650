"""A real file imported through its mapping: every sum equals the sum that awk computes from the file."""

import shutil
import subprocess
from collections import Counter
from datetime import date
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from tests.support.imports import MELBOURNE, events_in, memory_log, read_appended, run, seed_mapping
from tidemark.streams.contracts.envelope import key_of
from tidemark.streams.contracts.partitions import partition_of
from tidemark.streams.families.codec import decode
from tidemark.streams.log.memory import MemoryLog

ZONE = ZoneInfo("Australia/Melbourne")
MONTHS = {"DEC": 12, "JAN": 1}


def awk(program: str) -> dict[str, int]:
    """The lines `name,number` that an awk program prints about the file."""
    if shutil.which("awk") is None:
        pytest.skip("awk is not installed; apt-get install mawk")
    done = subprocess.run(
        ["awk", "-F,", program, str(MELBOURNE)], check=True, capture_output=True, text=True, timeout=60
    )
    return {
        name: int(number) for name, _, number in (line.rpartition(",") for line in done.stdout.splitlines())
    }


def day_of(text: str) -> date:
    day, month, year = text.strip().split("-")
    return date(int(year), MONTHS[month], int(day))


@pytest.fixture
async def log(tmp_path: Path) -> MemoryLog:
    log = memory_log("Australia/Melbourne")
    summary = await run(MELBOURNE, seed_mapping("melbourne-pedestrians"), log, tmp_path / "rejected.csv")
    assert (summary.after.row, summary.after.events, summary.after.rejected) == (10_513, 10_513, 0)
    return log


async def test_rows_sensors_and_persons_are_those_of_the_file(log: MemoryLog) -> None:
    events = await events_in(log)
    truth = awk(
        "{ n += 1; sum += $NF; if (!($4 in seen)) { seen[$4]; s += 1 } }"
        'END { print "rows," n; print "sensors," s; print "persons," sum }'
    )
    sums = {
        "rows": len(events),
        "sensors": len({event.data.sensor_id for event in events}),
        "persons": sum(event.data.entered for event in events),
    }
    assert sums == truth == {"rows": 10_513, "sensors": 34, "persons": 5_971_990}
    assert len({event.id for event in events}) == 10_513


async def test_every_sensor_adds_up(log: MemoryLog) -> None:
    persons: Counter[str] = Counter()
    for event in await events_in(log):
        assert event.subject == "landmark." + event.data.sensor_id.replace("-", "_")
        persons[event.data.sensor_id.removeprefix("melbourne-")] += event.data.entered
    assert persons == awk('{ s[$4] += $NF } END { for (i in s) print i "," s[i] }')


async def test_every_day_of_melbourne_adds_up(log: MemoryLog) -> None:
    persons: Counter[date] = Counter()
    for event in await events_in(log):
        persons[event.data.window_start.astimezone(ZONE).date()] += event.data.entered
    by_day = awk('{ split($1, t, " "); s[t[1]] += $NF } END { for (i in s) print i "," s[i] }')
    assert len(by_day) == 14
    assert persons == {day_of(text): count for text, count in by_day.items()}


async def test_every_event_is_real_and_in_the_partition_of_its_sensor(log: MemoryLog) -> None:
    for partition, values in enumerate(await read_appended(log)):
        for event in map(decode, values):
            assert partition_of(key_of(event), log.identity.partitions) == partition
            assert not event.simulated
