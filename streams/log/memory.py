"""The log and its state in memory: for tests, and for folding a log again without a file."""

from collections.abc import Callable, Sequence

from tidemark.streams.contracts.family import Stream
from tidemark.streams.contracts.identity import LogIdentity
from tidemark.streams.contracts.published import Kind, Row

from .port import Batch, Entry, Page, Receipt, Record, Update, make_batch


class MemoryLog:
    """An EventLog that is gone when the process ends."""

    def __init__(self, identity: LogIdentity, clock: Callable[[], int]) -> None:
        self.identity = identity
        self._clock = clock
        self._records: dict[tuple[Stream, int], list[Record]] = {
            (stream, partition): [] for stream in Stream for partition in range(identity.partitions)
        }
        self._receipts: dict[str, str] = {}

    async def append(
        self, stream: Stream, entries: Sequence[Entry], receipt: Receipt | None = None
    ) -> list[int]:
        now = self._clock()
        lanes = [self._lane(stream, entry.partition) for entry in entries]
        offsets = []
        for entry, lane in zip(entries, lanes, strict=True):
            offsets.append(len(lane))
            lane.append(Record(len(lane), now if entry.arrival_ms is None else entry.arrival_ms, entry.value))
        if receipt is not None:
            self._receipts[receipt.name] = receipt.value
        return offsets

    async def read(self, stream: Stream, partition: int, start: int, limit: int) -> Batch:
        return make_batch(self._lane(stream, partition)[start : start + limit], start, limit)

    async def ends(self, stream: Stream) -> list[int]:
        return [len(self._lane(stream, partition)) for partition in range(self.identity.partitions)]

    async def receipt(self, name: str) -> str | None:
        return self._receipts.get(name)

    async def receipts(self) -> list[Receipt]:
        return [Receipt(name, value) for name, value in sorted(self._receipts.items())]

    async def close(self) -> None:
        """Nothing to release."""

    def _lane(self, stream: Stream, partition: int) -> list[Record]:
        if not 0 <= partition < self.identity.partitions:
            raise ValueError(f"partition: {partition} is not one of 0 to {self.identity.partitions - 1}")
        return self._records[stream, partition]


class MemoryState:
    """StateWriter and StateReader at once; one generation."""

    def __init__(self) -> None:
        self._rows: dict[tuple[int, Kind, bytes], tuple[int, bytes]] = {}
        self._version = 0

    async def load(self, partition: int) -> list[Row]:
        return [
            Row(kind, key, value)
            for (owner, kind, key), (_, value) in self._rows.items()
            if owner == partition and kind is not Kind.DEAD
        ]

    async def publish(self, updates: Sequence[Update]) -> None:
        self._version += 1
        for partition, rows, _ in updates:
            for kind, key, value in rows:
                if value is None:
                    self._rows.pop((partition, kind, key), None)
                else:
                    self._rows[partition, kind, key] = (self._version, value)

    async def release(self, partition: int) -> None:
        """No other worker can own it."""

    async def poll(self, generation: int, version: int) -> Page:
        since = version if generation == 1 else 0
        rows = [
            (partition, Row(kind, key, value))
            for (partition, kind, key), (changed, value) in self._rows.items()
            if changed > since and kind in (Kind.HEAD, Kind.CELL, Kind.LATEST)
        ]
        return Page(1, self._version, rows)

    async def rows(self, kind: Kind, prefix: bytes = b"") -> list[tuple[int, Row]]:
        rows = [
            (partition, Row(kind, key, value))
            for (partition, row_kind, key), (_, value) in self._rows.items()
            if row_kind is kind and key.startswith(prefix)
        ]
        return sorted(rows)

    async def close(self) -> None:
        """Nothing to release."""
