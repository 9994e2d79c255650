"""How many seconds of counting the registered sensors should deliver, and how many arrived."""

from collections.abc import Iterator, Mapping

from tidemark.streams.contracts.civil import Grain
from tidemark.streams.contracts.family import SECOND
from tidemark.streams.families.footfall import FOOTFALL_PLACE
from tidemark.streams.indicators.reading.reading import Reading, name_components
from tidemark.streams.view.entities import Registration
from tidemark.streams.view.feeds import feeds

from .footfall import QUARTER_MS, list_whole_quarters

_EVERYWHERE: frozenset[str] = frozenset()
_WINDOWS = {"1h": 4, "1d": 96}
"""Windows by name, in whole quarter-hours."""

LONGEST_WINDOW = 96
"""A counting window is at most a day long, in quarter-hours."""


def sum_expected_s(reading: Reading, first_ms: int, end_ms: int, places: frozenset[str] = _EVERYWHERE) -> int:
    """Seconds in which sensors were active from `first_ms` until `end_ms`, at these or all places."""
    return sum(
        max(0, min(until_ms, end_ms) - max(since_ms, first_ms)) // SECOND
        for sensor in reading.registrations.get("sensor", [])
        if not places or sensor.place in places
        for since_ms, until_ms in _list_active_spans(reading, sensor, end_ms)
    )


def compute_received_share(reading: Reading) -> dict[str, float]:
    """Received ÷ expected seconds of counting, 0 to 1, over the hour and day of whole quarter-hours up
    to the newest count; empty without one, and where no sensor is registered."""
    newest = feeds(reading.view.heads.values())["footfall"].newest_ms // QUARTER_MS
    stop = min(list_whole_quarters(reading, 1).stop, newest)
    counted = dict(_read_counts(reading, range(stop - max(_WINDOWS.values()) - LONGEST_WINDOW, stop)))
    shares = {}
    for name, number in _WINDOWS.items():
        quarters = range(stop - number, stop)
        expected_s = sum_expected_s(reading, quarters.start * QUARTER_MS, quarters.stop * QUARTER_MS)
        if expected_s:
            shares[name] = min(sum_covered_s(counted, quarters) / expected_s, 1.0)
    return shares


def sum_covered_s(counted: Mapping[int, tuple[int, int]], quarters: range) -> float:
    """Seconds of counting within the quarter-hours, from the number and the summed seconds of the counting
    windows, by the quarter-hour in which they begin.

    Windows longer than a quarter-hour are assumed to begin with it and to have their mean length.
    """
    return sum(_sum_seconds_within(start, *windows, quarters) for start, windows in counted.items())


def _sum_seconds_within(start: int, windows: int, seconds: int, quarters: range) -> float:
    quarter_s = QUARTER_MS // SECOND
    if windows <= 0 or seconds <= windows * quarter_s:
        return seconds if start in quarters else 0.0
    until = min(start + seconds / windows / quarter_s, quarters.stop)
    return windows * max(0.0, until - max(start, quarters.start)) * quarter_s


def _read_counts(reading: Reading, quarters: range) -> Iterator[tuple[int, tuple[int, int]]]:
    for quarter in quarters:
        vector = reading.view.total((FOOTFALL_PLACE, Grain.QUARTER), range(quarter, quarter + 1))
        counts = name_components(FOOTFALL_PLACE, vector)
        yield quarter, (counts["windows"], counts["seconds"])


def _list_active_spans(reading: Reading, sensor: Registration, end_ms: int) -> Iterator[tuple[int, int]]:
    """The spans in which the sensor was active, as start and end in ms."""
    entries = [(entry.data.status, entry.data.valid_from) for entry in sensor.timeline]
    starts = [reading.start_ms(since) for _, since in entries]
    for (status, _), since_ms, until_ms in zip(entries, starts, [*starts[1:], end_ms], strict=True):
        if status == "active":
            yield since_ms, until_ms
