"""The events that all peers read, and their totals, computed independently of the peers."""

from collections import Counter
from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from tests.bench.events import SENSORS, START, Maker
from tidemark.streams.log.port import Entry

PARTITIONS = 8
BEGIN = START + timedelta(hours=23, minutes=55)
"""Close to midnight, so that even a short topic covers two days."""

WINDOW_S = 60
ZONE = ZoneInfo("Asia/Shanghai")

Totals = dict[str, int]
"""Visitors who entered, by "PLACE 2026-03-02T18:15", "PLACE 2026-03-02" and "SENSOR 2026-03-02"."""


def make_facts(count: int) -> Iterator[Entry]:
    """The first `count` windows of 2,000 sensors, minute by minute; all ids are unique."""
    maker = Maker(PARTITIONS)
    for n in range(count):
        minute, sensor = divmod(n, SENSORS)
        yield maker.window(sensor, BEGIN + timedelta(seconds=minute * WINDOW_S), WINDOW_S)


class Truth:
    """Sums events decoded as plain JSON."""

    def __init__(self) -> None:
        self.totals: Counter[str] = Counter()

    def add(self, event: dict[str, Any]) -> None:
        """Add one event."""
        data = event["data"]
        start = datetime.fromisoformat(data["window_start"]).astimezone(ZONE)
        quarter = start - timedelta(minutes=start.minute % 15)
        self.totals[f"{event['subject']} {quarter:%Y-%m-%dT%H:%M}"] += data["entered"]
        self.totals[f"{event['subject']} {start:%Y-%m-%d}"] += data["entered"]
        self.totals[f"{data['sensor_id']} {start:%Y-%m-%d}"] += data["entered"]


def describe_difference(totals: Totals, truth: Totals) -> str:
    """The number of totals that differ, and an example; empty if all are equal."""
    wrong = sorted(key for key in totals.keys() | truth.keys() if totals.get(key, 0) != truth.get(key, 0))
    if not wrong:
        return ""
    first = wrong[0]
    return f"{len(wrong)} wrong: {first} is {totals.get(first, 0)}, not {truth.get(first, 0)}"
