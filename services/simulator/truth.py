"""The truth: every net cell, latest value and count of the records sent so far."""

from collections import Counter
from collections.abc import Iterator
from typing import Any

import msgspec

from tidemark.streams.contracts.civil import FUTURE_TOLERANCE_MS, Civil, Grain
from tidemark.streams.contracts.family import Family
from tidemark.streams.contracts.published import CellKey, encode_key
from tidemark.streams.families.table import FAMILIES, FAMILY_OF, MEASURES

from .planned import Fact, Planned
from .truth_sessions import Sessions, has_sessions
from .truth_sums import Dated, Sums, list_portions, moment_ms

FORMAT = 1
_INACTIVITY_GAPS_MS = {
    family.name: family.inactivity_gap_ms for family in FAMILIES if family.inactivity_gap_ms is not None
}
_SHORTEST = {
    family.name: min(
        (
            (kept.keep_ms, kept.grain)
            for measure in MEASURES
            if measure.family == family.name
            for kept in measure.retentions
            if kept.keep_ms is not None
        ),
        default=None,
    )
    for family in FAMILIES
}
"""By family, the shortest retention and its grain, whose periods are dropped first."""


class Truth:
    """The truth about the records sent, computed partition by partition."""

    def __init__(self, identity: dict[str, Any], civil: Civil, partitions: int) -> None:
        self.identity = identity
        self.events = 0
        self.dead: Counter[str] = Counter()
        self.counts: dict[str, Counter[str]] = {}
        self._civil = civil
        self._partitions = [_PartitionTruth(civil) for _ in range(partitions)]

    def take(self, planned: Planned) -> bool:
        """Count a record of the facts stream; True if it is accepted, so that a repeat is a duplicate."""
        self.events += 1
        partition = self._partitions[planned.partition]
        partition.records += 1
        fact = planned.meaning
        if not isinstance(fact, Fact):
            self.dead[str(fact)] += 1
            return False
        family = FAMILY_OF[fact.kind]
        counts = self.counts.get(family.name)
        if counts is None:
            counts = self.counts[family.name] = Counter()
        if fact.time_ms > planned.arrival_ms + FUTURE_TOLERANCE_MS:
            self.dead["future"] += 1
            counts["future"] += 1
            return False
        counts["accepted"] += 1
        partition.take(family, fact, counts)
        return True

    def note_repeated(self, planned: Planned) -> None:
        """Count a record whose bytes were accepted before: a duplicate."""
        assert isinstance(planned.meaning, Fact)  # noqa: S101  only facts are repeated
        self.events += 1
        self._partitions[planned.partition].records += 1
        self.counts[FAMILY_OF[planned.meaning.kind].name]["duplicate"] += 1

    @property
    def ends(self) -> list[int]:
        """How many records each partition holds."""
        return [partition.records for partition in self._partitions]

    def cells(self) -> dict[str, list[int]]:
        """Every non-zero net cell, summed over partitions, by the text of its key."""
        whole: dict[tuple[Grain, Dated], list[int]] = {}
        for partition in self._partitions:
            for grain, dated, vector in partition.cells():
                total = whole.setdefault((grain, dated), [0] * len(vector))
                for index, number in enumerate(vector):
                    total[index] += number
        return {
            encode_key(CellKey(measure, grain, period, dimensions)).decode(): vector
            for (grain, (measure, period, dimensions)), vector in whole.items()
            if any(vector)
        }

    def records(self) -> dict[str, Any]:
        """Every latest value, by the text of its key."""
        return {key: value for partition in self._partitions for key, value in partition.sessions.records()}

    def to_json(self) -> bytes:
        """The truth as a file for `tidemark verify`, one line."""
        return msgspec.json.encode(
            {
                "format": FORMAT,
                "identity": self.identity,
                "cells": dict(sorted(self.cells().items())),
                "records": dict(sorted(self.records().items())),
                "counts": {
                    family: dict(sorted(self.counts[family].items())) for family in sorted(self.counts)
                },
                "dead": dict(sorted(self.dead.items())),
                "events": self.events,
                "ends": self.ends,
            }
        )


class _PartitionTruth:
    """One partition; its watermark decides which periods have passed their retention."""

    def __init__(self, civil: Civil) -> None:
        self.records = 0
        self.sessions = Sessions()
        self._civil = civil
        self._watermark_ms = 0
        self._newest: dict[str, int] = {}
        self._sums = Sums(civil)

    def take(self, family: Family, fact: Fact, counts: Counter[str]) -> None:
        time_ms = fact.time_ms
        newest = self._newest.get(family.name, 0)
        if time_ms > newest:
            self._newest[family.name] = time_ms
            self._watermark_ms = max(self._watermark_ms, time_ms)
        elif time_ms < newest - family.lateness_ms:
            counts["late"] += 1
        if has_sessions(family):
            if (
                family.inactivity_gap_ms is not None
                and time_ms < self._watermark_ms - family.inactivity_gap_ms
            ):
                counts["expired"] += 1
            else:
                self.sessions.take(family, fact)
                self._close_sessions()
            return
        if self._is_expired(family, fact):
            counts["expired"] += 1
        for payload, sign in ((fact.before, -1), (fact.after, 1)):
            if payload is not None:
                for portion in list_portions(fact, payload, self._civil):
                    self._sums.add(portion, sign, self._watermark_ms)

    def cells(self) -> Iterator[tuple[Grain, Dated, list[int]]]:
        self._close_sessions()
        yield from self._sums.list_current(self._watermark_ms)
        unfinished = Sums(self._civil)
        for portion in self.sessions.sum_open_sessions():
            unfinished.add(portion, 1, self._watermark_ms)
        yield from unfinished.list_current(self._watermark_ms)

    def _close_sessions(self) -> None:
        for portion in self.sessions.close_sessions(self._watermark_ms, _INACTIVITY_GAPS_MS):
            self._sums.add(portion, 1, self._watermark_ms)

    def _is_expired(self, family: Family, fact: Fact) -> bool:
        """Whether a period of the fact has passed its retention."""
        shortest = _SHORTEST[family.name]
        if shortest is None:
            return False
        inactivity_gap_ms, grain = shortest
        limit_ms = self._watermark_ms - inactivity_gap_ms
        at_ms = moment_ms(fact, fact.before or fact.after, self._civil)
        return at_ms < limit_ms and self._civil.periods(at_ms)[grain] < self._civil.periods(limit_ms)[grain]
