"""Compare what is published with what should be, cell by cell."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import zip_longest
from typing import Any

import msgspec

from tidemark.streams.contracts.civil import Civil
from tidemark.streams.contracts.published import Head, Vector, decode_vector, encode_key
from tidemark.streams.log.port import Page
from tidemark.streams.view.feeds import dead_letters, feeds
from tidemark.streams.view.view import EVERYTHING, build_view


class Truth(msgspec.Struct):
    """The totals, latest values and counts that a simulation must lead to, as the simulator wrote them."""

    format: int
    cells: dict[str, Vector]
    records: dict[str, Any]
    counts: dict[str, dict[str, int]]
    dead: dict[str, int]
    events: int
    ends: list[int]


class Difference(msgspec.Struct, frozen=True, rename={"actual": "found"}):
    """A published value that is not what it should be; None where there is no value."""

    what: str
    key: str
    expected: object
    actual: object


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
    """Compare every cell, latest value and count of both sides, read the way every reader reads them.

    A published cell that a view does not take, for example one past its retention, is a difference.
    """
    view = build_view(page, civil, EVERYTHING)
    cells = {encode_key(key).decode(): vector for key, vector in view.list_cells() if any(vector)}
    cells |= {row.key.decode(): decode_vector(row.value or b"") for row in view.find_missing_cells(page)}
    records = {key.decode(): msgspec.json.decode(value) for key, value in view.latest_values.items()}
    expected_cells = {key: vector for key, vector in truth.cells.items() if any(vector)}
    counts = _name_counts(truth.counts, truth.dead)
    differences = [
        *_find_differences("cell", expected_cells, cells),
        *_find_differences("record", truth.records, records),
        *_find_differences(
            "count", counts, _name_counts(_count_families(view.heads), dead_letters(view.heads.values()))
        ),
    ]
    compared: dict[str, int] = {}
    for key in (*(expected_cells.keys() | cells.keys()), *(truth.records.keys() | records.keys())):
        family = str(msgspec.json.decode(key)[0]).partition(".")[0]
        compared[family] = compared.get(family, 0) + 1
    compared["counts"] = len(counts)
    return Verdict(dict(sorted(compared.items())), differences)


def verify_states(expected: Mapping[bytes, bytes], actual: Mapping[bytes, bytes]) -> Verdict:
    """Two states, byte by byte; keys are (partition, kind, key) as printable bytes."""
    differences = _find_differences(
        "row",
        {k.decode(): v.decode() for k, v in expected.items()},
        {k.decode(): v.decode() for k, v in actual.items()},
    )
    return Verdict({"rows": len(expected.keys() | actual.keys())}, list(differences))


def compare_partitions(what: str, expected: Sequence[int], actual: Sequence[int]) -> list[Difference]:
    """Where two numbers of every partition differ."""
    return [
        Difference(what, f"partition {partition}", *pair)
        for partition, pair in enumerate(zip_longest(expected, actual))
        if pair[0] != pair[1]
    ]


def count_records(head: Head) -> int:
    """The number of records that a partition has read, accepted or not."""
    return sum(head.dead.values()) + sum(feed.accepted + feed.duplicate for feed in head.feeds.values())


def _count_families(heads: Mapping[int, Head]) -> dict[str, dict[str, int]]:
    return {
        family: {"accepted": feed.accepted, "duplicate": feed.duplicate}
        for family, feed in feeds(heads.values()).items()
    }


def _name_counts(counts: Mapping[str, Mapping[str, int]], dead: Mapping[str, int]) -> dict[str, int]:
    events = {
        f"{family} {name}": number
        for family, numbers in counts.items()
        for name, number in numbers.items()
        if name in ("accepted", "duplicate") and number
    }
    return events | {f"dead {reason}": number for reason, number in dead.items() if number}


def _find_differences(
    what: str, expected: Mapping[str, Any], actual: Mapping[str, Any]
) -> Iterator[Difference]:
    for key in sorted(expected.keys() | actual.keys()):
        if expected.get(key) != actual.get(key):
            yield Difference(what, key, expected.get(key), actual.get(key))
