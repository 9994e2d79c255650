"""The interface of engines: an Engine is one log's address and every operation on that log."""

from collections.abc import Callable, Iterable, Mapping
from contextlib import AbstractAsyncContextManager
from pathlib import Path
from typing import NamedTuple, Protocol

import msgspec

from tidemark.streams.contracts.family import Stream
from tidemark.streams.contracts.identity import LogIdentity
from tidemark.streams.storage import OnStep, ignore_step

from .port import EventLog, PartitionAssignment, StateReader, StateRebuild, StateWriter

Progress = Callable[[str, int, int], None]
"""Called with a file's name, the number of its pages copied so far, and the number it has."""

Rights = Mapping[str, Mapping[str, Iterable[str]]]
"""What each user may do to which topics: part → operation → names, as in deploy/kafka/acls.toml."""

MIN_FREE_BYTES = 256 << 20
"""Disk space to leave free, for checkpoints and repairs."""


class FileSum(msgspec.Struct, frozen=True):
    """A file's length in bytes and its SHA-256 in hexadecimal."""

    size: int
    sha256: str


class Manifest(msgspec.Struct, frozen=True):
    """The contents of a backup. `ends`: for each stream and partition, the offset after the last record."""

    format: int
    identity: LogIdentity
    ends: dict[Stream, list[int]]
    files: dict[str, FileSum]


class Topic(NamedTuple):
    """What a topic must be; the operator decides the settings that are not listed here."""

    name: str
    partitions: int
    settings: Mapping[str, str]


class Engine(Protocol):
    """Made from a log's URL, which opens nothing. Every call may raise LogError.

    An operation that the engine does not have raises LogAddressInvalid, which says what to do instead.
    """

    made_by_services: bool
    """Whether a service may create a missing log; it may not where that takes an administrator's rights."""

    async def create(self, identity: LogIdentity) -> None:
        """Create a log, with its folders or topics; does nothing if it exists. LogExists for another log."""
        ...

    async def open_log(
        self, clock: Callable[[], int], min_free_bytes: int = MIN_FREE_BYTES, on_step: OnStep = ignore_step
    ) -> EventLog:
        """Open an existing log. `min_free_bytes` and `on_step` apply to logs in files. LogMissing."""
        ...

    async def open_state_writer(self, on_step: OnStep = ignore_step) -> StateWriter:
        """Write to the generation being served. LogLocked when its file already has a writer."""
        ...

    async def begin_rebuild(self, on_step: OnStep = ignore_step) -> StateRebuild:
        """Write to the next generation, empty, beside the one being served. LogLocked."""
        ...

    async def open_state_reader(self) -> StateReader:
        """Read the generation being served; 0, empty, before the first ledger has started."""
        ...

    async def join(self, partitions: int, instance: str | None = None) -> PartitionAssignment:
        """Join the log's ledger workers, among which its partitions are divided."""
        ...

    def keep_arrivals(self, identity: LogIdentity) -> AbstractAsyncContextManager[None]:
        """A block in which the log accepts the arrival times of the entries; for copying into it."""
        ...

    def free_bytes(self) -> int | None:
        """Free space on the disk of a log that is a file; None for a log on other machines."""
        ...

    def back_up(self, target: Path, progress: Progress) -> Manifest:
        """Copy log and state into a new folder while services run. Blocks. LogExists."""
        ...

    def restore(self, source: Path, replace: bool = False) -> Manifest:
        """Restore a backup, over an existing log only with `replace`. Blocks. LogExists, LogCorrupt."""
        ...

    async def apply_topics(
        self, identity: LogIdentity, replication: int | None = None, dry_run: bool = False
    ) -> list[Topic]:
        """Create the missing topics and return them; with `dry_run`, only return them.

        Safe to repeat. TopicsDiffer, LogExists.
        """
        ...

    async def apply_rights(self, rights: Rights, dry_run: bool) -> list[str]:
        """Give the users exactly these rights; returns a line for each change, made or due. RightsInvalid."""
        ...
