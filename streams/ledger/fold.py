"""The fold: a partition's records in; cells, latest values and dead letters out.

A partition's state is a function of its log's prefix and of FOLD_VERSION alone: no clock,
configuration or batch boundary has an influence on it.
"""

from collections.abc import Iterable

import msgspec

from tidemark.streams.contracts.civil import Civil
from tidemark.streams.contracts.envelope import Event, changes
from tidemark.streams.contracts.facts import Contribution, negate_contributions
from tidemark.streams.contracts.identity import LogIdentity
from tidemark.streams.contracts.payload import Payload
from tidemark.streams.contracts.published import (
    HEAD_KEY,
    DeadLetter,
    Feed,
    Head,
    Kind,
    Row,
    dead_key,
    decode_head,
    encode_head,
)
from tidemark.streams.families.definitions import ADDITIVE_REDUCERS, ENTITY_REDUCERS

from .admission import Admission, RecentIds, Refused
from .cells import Cells
from .entities import Entities

FOLD_VERSION = 2
"""Raised whenever the same log would give another state; older states are then rebuilt."""


class OtherFoldVersion(Exception):
    """The published state has another fold version."""

    def __init__(self, version: int) -> None:
        super().__init__(
            f"the state was made by fold version {version}, this program has version {FOLD_VERSION}; "
            "rebuild the state from the log with `tidemark rebuild`"
        )


class PartitionFold:
    """The state of one partition. `fold` takes the records in order, `drain_changes` returns the changes."""

    def __init__(self, identity: LogIdentity, partition: int) -> None:
        self._partition = partition
        self._civil = Civil(identity.zone)
        self._admission = Admission(identity, partition)
        self._recent = RecentIds()
        self._cells = Cells(self._civil)
        self._entities = Entities(self._civil)
        self._head = Head(fold_version=FOLD_VERSION, feeds={})
        self._dead: list[DeadLetter] = []
        self._changed = False

    @property
    def position(self) -> int:
        """The offset to read next."""
        return self._head.position

    @property
    def last_arrival_ms(self) -> int:
        """When the last record before the position arrived."""
        return self._head.arrival_ms

    def fold(self, records: Iterable[tuple[int, int, bytes]]) -> None:
        """Fold (offset, arrival_ms, value) in the order of the log."""
        admit, recent, feeds = self._admission.admit, self._recent, self._head.feeds
        offset, arrival_ms = -1, 0
        for offset, arrival_ms, raw in records:
            if offset >= recent.next_start:
                recent.advance(offset, arrival_ms)
            try:
                event, time_ms = admit(raw, arrival_ms)
            except Refused as refused:
                self._add_dead_letter(refused, offset, arrival_ms, raw)
                continue
            family = event.family.name
            feed = feeds.get(family)
            if feed is None:
                feed = feeds[family] = Feed()
            if recent.add(event.source, event.id):
                self._accept(event, time_ms, feed)
            else:
                feed.duplicate += 1
        if offset >= 0:
            self._head.position, self._head.arrival_ms = offset + 1, arrival_ms
            self._changed = True

    def skip_to(self, offset: int) -> None:
        """Move the position up to an offset before which the log holds no more records."""
        if offset > self._head.position:
            self._head.position = offset
            self._changed = True

    def drain_changes(self) -> list[Row]:
        """The rows changed since the last drain, the head last; empty if nothing changed."""
        if not self._changed:
            return []
        self._changed = False
        self._head.segments = self._recent.segments
        rows = self._cells.drain_changes(self._head.watermark_ms)
        rows += self._entities.drain_changes(self._head.watermark_ms)
        rows += [
            Row(Kind.DEAD, dead_key(letter.offset), msgspec.json.encode(letter)) for letter in self._dead
        ]
        self._dead.clear()
        rows.append(Row(Kind.HEAD, HEAD_KEY, encode_head(self._head)))
        return rows

    def take_contributions(self) -> list[Contribution]:
        """Take out the contributions since the last drain, without adding them to the totals."""
        return self._cells.take_contributions()

    def restore(self, rows: Iterable[Row]) -> int:
        """Take over published rows. Raises OtherFoldVersion.

        Returns the first offset that `remember_ids` needs before anything is folded.
        """
        by_kind: dict[Kind, list[Row]] = {kind: [] for kind in Kind}
        for row in rows:
            by_kind[row.kind].append(row)
        for row in by_kind[Kind.HEAD]:
            if row.value is not None:
                self._head = decode_head(row.value)
        if self._head.fold_version != FOLD_VERSION:
            raise OtherFoldVersion(self._head.fold_version)
        self._cells.restore(by_kind[Kind.CELL])
        self._entities.restore(by_kind[Kind.ENTITY])
        return RecentIds.first_needed(self._head.position)

    def remember_ids(self, records: Iterable[tuple[int, int, bytes]]) -> None:
        """Remember the ids of records before the position, without counting the records again."""
        for offset, arrival_ms, raw in records:
            if offset >= self._recent.next_start:
                self._recent.advance(offset, arrival_ms)
            try:
                event, _ = self._admission.admit(raw, arrival_ms)
            except Refused:
                continue
            self._recent.add(event.source, event.id)

    def sizes(self) -> dict[str, int]:
        """How many cells, entities and ids are held."""
        return {"cells": len(self._cells), "entities": len(self._entities), "ids": len(self._recent)}

    def _accept(self, event: Event, time_ms: int, feed: Feed) -> None:
        head = self._head
        family = event.family
        feed.accepted += 1
        if time_ms < feed.newest_ms - family.lateness_ms:
            feed.late += 1
        elif time_ms > feed.newest_ms:
            feed.newest_ms = time_ms
            head.watermark_ms = max(head.watermark_ms, time_ms)
        contributions: Iterable[Contribution]
        if family.name in ENTITY_REDUCERS:
            gap_ms = family.inactivity_gap_ms
            if gap_ms is not None and time_ms < head.watermark_ms - gap_ms:
                feed.expired += 1
                return
            contributions = self._entities.apply(event, time_ms, head.watermark_ms)
        else:
            contributions = self._reduce_event(event, time_ms)
        if self._cells.misses_a_period(contributions, head.watermark_ms):
            feed.expired += 1
        self._cells.add(contributions)

    def _reduce_event(self, event: Event, time_ms: int) -> Iterable[Contribution]:
        if event.op == "create":
            return self._reduce_payload(event, event.data, time_ms)
        contributions: list[Contribution] = []
        for payload, count in changes(event):
            of_payload = self._reduce_payload(event, payload, time_ms)
            contributions += of_payload if count > 0 else negate_contributions(of_payload)
        return contributions

    def _reduce_payload(self, event: Event, payload: Payload, time_ms: int) -> list[Contribution]:
        reducer = ADDITIVE_REDUCERS[event.kind]
        when = self._civil.periods(reducer.event_time_ms(payload, time_ms, self._civil))
        return reducer.contributions(payload, event.subject, when)

    def _add_dead_letter(self, refused: Refused, offset: int, arrival_ms: int, raw: bytes) -> None:
        dead = self._head.dead
        dead[refused.reason] = dead.get(refused.reason, 0) + 1
        if refused.reason == "future" and refused.family is not None:
            self._head.feeds.setdefault(refused.family, Feed()).future += 1
        self._dead.append(
            DeadLetter(self._partition, offset, arrival_ms, refused.reason, refused.detail, raw)
        )
