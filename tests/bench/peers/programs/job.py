"""The job of every peer: total entries by place and quarter-hour, place and day, sensor and day."""

from argparse import ArgumentParser, Namespace
from datetime import datetime
from functools import cache
from zoneinfo import ZoneInfo

import msgspec

COMMIT_S = 1.0
"""The publish interval of every peer that publishes."""

QUARTER_S = 900
ZONE = ZoneInfo("Asia/Shanghai")


class Data(msgspec.Struct, gc=False):
    """The fields of the payload that the job needs."""

    sensor_id: str
    window_start: datetime
    entered: int


class Counted(msgspec.Struct, gc=False):
    """The fields of an event that the job needs."""

    subject: str
    data: Data


decode = msgspec.json.Decoder(Counted).decode


@cache
def periods(quarter: int) -> tuple[str, str]:
    """A quarter-hour since 1970 and its civil day, as text."""
    start = datetime.fromtimestamp(quarter * QUARTER_S, ZONE)
    return f"{start:%Y-%m-%dT%H:%M}", f"{start:%Y-%m-%d}"


def keys(counted: Counted) -> tuple[str, str, str]:
    """The totals an event adds to: "PLACE 2026-03-02T18:15", "PLACE 2026-03-02", "SENSOR 2026-03-02"."""
    data = counted.data
    quarter, day = periods(int(data.window_start.timestamp()) // QUARTER_S)
    return f"{counted.subject} {quarter}", f"{counted.subject} {day}", f"{data.sensor_id} {day}"


def arguments() -> Namespace:
    """The arguments of every peer: broker, topic to read, consumer group, and a folder for its own files."""
    parser = ArgumentParser()
    for name in ("broker", "topic", "group", "folder"):
        parser.add_argument(f"--{name}", required=True)
    return parser.parse_args()
