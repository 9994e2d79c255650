"""Compare what is published with what should be, cell by cell."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import zip_longest
from typing import Any

import msgspec

from tidemark.streams.contracts.published import Vector

from .published import Published


class Truth(msgspec.Struct):
    """What a simulator meant to happen; see the simulator for how it is made."""

    format: int
    cells: dict[str, Vector]
    records: dict[str, Any]
    counts: dict[str, dict[str, int]]
    dead: dict[str, int]
    events: int
    ends: list[int]


@dataclass(frozen=True)
class Difference:
    """Something published that is not what it should be; None stands for nothing at all."""

    what: str
    key: str
    expected: object
    found: object


@dataclass(frozen=True)
class Verdict:
    """How much was compared, by family, and what differs."""

    compared: dict[str, int]
    differences: list[Difference]

    @property
    def total(self) -> int:
        """All values compared."""
        return sum(self.compared.values())


def verify_truth(truth: Truth, published: Published) -> Verdict:
    """Every cell, record and count of either side."""
    cells = {key.decode(): vector for key, vector in published.cells.items() if any(vector)}
    records = {key.decode(): value for key, value in published.records.items()}
    expected_cells = {key: vector for key, vector in truth.cells.items() if any(vector)}
    counts = _counters(truth.counts, truth.dead)
    differences = [
        *_differences("cell", expected_cells, cells),
        *_differences("record", truth.records, records),
        *_differences("count", counts, _counters(published.counts(), published.dead())),
    ]
    compared: dict[str, int] = {}
    for key in (*(expected_cells.keys() | cells.keys()), *(truth.records.keys() | records.keys())):
        family = str(msgspec.json.decode(key)[0]).partition(".")[0]
        compared[family] = compared.get(family, 0) + 1
    compared["counts"] = len(counts)
    return Verdict(dict(sorted(compared.items())), differences)


def verify_states(expected: Mapping[bytes, bytes], found: Mapping[bytes, bytes]) -> Verdict:
    """Two states, byte by byte; keys are (partition, kind, key) as printable bytes."""
    differences = _differences(
        "row",
        {k.decode(): v.decode() for k, v in expected.items()},
        {k.decode(): v.decode() for k, v in found.items()},
    )
    return Verdict({"rows": len(expected.keys() | found.keys())}, list(differences))


def by_partition(what: str, expected: Sequence[int], found: Sequence[int]) -> list[Difference]:
    """Where two numbers of every partition differ."""
    return [
        Difference(what, f"partition {partition}", *pair)
        for partition, pair in enumerate(zip_longest(expected, found))
        if pair[0] != pair[1]
    ]


def _counters(counts: Mapping[str, Mapping[str, int]], dead: Mapping[str, int]) -> dict[str, int]:
    found = {
        f"{family} {name}": number
        for family, numbers in counts.items()
        for name, number in numbers.items()
        if name in ("accepted", "duplicate") and number
    }
    return found | {f"dead {reason}": number for reason, number in dead.items() if number}


def _differences(what: str, expected: Mapping[str, Any], found: Mapping[str, Any]) -> Iterator[Difference]:
    for key in sorted(expected.keys() | found.keys()):
        if expected.get(key) != found.get(key):
            yield Difference(what, key, expected.get(key), found.get(key))
