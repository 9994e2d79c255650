"""Compare what is published with what should be, cell by cell."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import zip_longest
from typing import Any

import msgspec

from tidemark.streams.contracts.civil import Civil
from tidemark.streams.contracts.published import Head, Vector, decode_vector, encode_key
from tidemark.streams.log.state import Page
from tidemark.streams.view.feeds import dead_letters, feeds
from tidemark.streams.view.view import EVERYTHING, view_of


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


def verify_truth(truth: Truth, page: Page, civil: Civil) -> Verdict:
    """Every cell, record and count of either side, read as every reader reads what is published.

    A published cell that a view does not take, for example one past its lifetime, is a difference.
    """
    view = view_of(page, civil, EVERYTHING)
    cells = {encode_key(key).decode(): vector for key, vector in view.cells() if any(vector)}
    cells |= {row.key.decode(): decode_vector(row.value or b"") for row in view.lacks(page)}
    records = {key.decode(): msgspec.json.decode(value) for key, value in view.records.items()}
    expected_cells = {key: vector for key, vector in truth.cells.items() if any(vector)}
    counts = _counters(truth.counts, truth.dead)
    differences = [
        *_differences("cell", expected_cells, cells),
        *_differences("record", truth.records, records),
        *_differences("count", counts, _counters(_counts(view.heads), dead_letters(view.heads.values()))),
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


def count_records(head: Head) -> int:
    """How many records a partition took in, whatever became of them."""
    return sum(head.dead.values()) + sum(feed.accepted + feed.duplicate for feed in head.feeds.values())


def _counts(heads: Mapping[int, Head]) -> dict[str, dict[str, int]]:
    return {
        family: {"accepted": feed.accepted, "duplicate": feed.duplicate}
        for family, feed in feeds(heads.values()).items()
    }


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
