"""What engines differ in: an Engine is one log's address and all that can be done there."""

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
"""Called with a file's name, how many of its pages are copied, and how many it has."""

Rights = Mapping[str, Mapping[str, Iterable[str]]]
"""What each user may do to which topics: part → operation → names, as deploy/kafka/acls.toml has it."""

MIN_FREE_BYTES = 256 << 20
"""Leave this much on the disk, for checkpoints and for whoever has to repair things."""


class FileSum(msgspec.Struct, frozen=True):
    """A file's length in bytes and its SHA-256 in hexadecimal."""

    size: int
    sha256: str


class Manifest(msgspec.Struct, frozen=True):
    """What a backup holds. `ends`: for each stream and partition the offset after the last record."""

    format: int
    identity: LogIdentity
    ends: dict[Stream, list[int]]
    files: dict[str, FileSum]


class Topic(NamedTuple):
    """What a topic must be: settings not named here are the operator's."""

    name: str
    partitions: int
    settings: Mapping[str, str]


class Engine(Protocol):
    """Made from a log's URL, which opens nothing. Every call raises LogError.

    What the engine does not have raises LogAddressInvalid with what to do instead.
    """

    made_by_services: bool
    """Whether a service may make a log that is missing; where that takes an admin's rights it may not."""

    async def create(self, identity: LogIdentity) -> None:
        """Make a log, with its folders or topics; nothing if it exists. LogExists if it is another."""
        ...

    async def open_log(
        self, clock: Callable[[], int], min_free_bytes: int = MIN_FREE_BYTES, on_step: OnStep = ignore_step
    ) -> EventLog:
        """Open a log that exists. `min_free_bytes` and `on_step` are for logs in files. LogMissing."""
        ...

    async def open_state_writer(self, on_step: OnStep = ignore_step) -> StateWriter:
        """Write the generation being served. LogLocked when a file has its writer already."""
        ...

    async def begin_rebuild(self, on_step: OnStep = ignore_step) -> StateRebuild:
        """Write the next generation, empty, beside the one being served. LogLocked."""
        ...

    async def open_state_reader(self) -> StateReader:
        """Read what is being served; generation 0, empty, before the first ledger has started."""
        ...

    async def join(self, partitions: int, instance: str | None = None) -> PartitionAssignment:
        """Take a part of the partitions among all the log's ledger workers."""
        ...

    def keep_arrivals(self, identity: LogIdentity) -> AbstractAsyncContextManager[None]:
        """A block in which the log takes the arrival times that records bring; for copying into it."""
        ...

    def free_bytes(self) -> int | None:
        """Room on the disk of a log that is a file; None for a log on other machines."""
        ...

    def back_up(self, target: Path, progress: Progress) -> Manifest:
        """Copy log and state into a new folder while services run. Blocks. LogExists."""
        ...

    def restore(self, source: Path, replace: bool = False) -> Manifest:
        """Bring a backup back, over an existing log only with `replace`. Blocks. LogExists, LogCorrupt."""
        ...

    async def apply_topics(
        self, identity: LogIdentity, replication: int | None = None, dry_run: bool = False
    ) -> list[Topic]:
        """Make the topics that are missing and return them; with `dry_run` say which those are.

        Safe to run again. TopicsDiffer, LogExists.
        """
        ...

    async def apply_rights(self, rights: Rights, dry_run: bool) -> list[str]:
        """Make the users' rights those; what was changed, or would be, a line each. RightsInvalid."""
        ...
