"""The files of a log's published state: one per generation, and a pointer to the generation served.

For `x.db` these are `x.state.1.db`, `x.state.2.db` … and `x.state.json`. The writer of a generation
holds its lock, so a rebuild can fill the next one while the ledger runs.
"""

import os
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from functools import partial
from pathlib import Path
from time import sleep

import msgspec

from tidemark.streams.log.errors import LogCorrupt, LogLocked
from tidemark.streams.retries import Backoff, RetryPolicy, retry
from tidemark.streams.storage import OnStep
from tidemark.streams.storage.files import Schema, remove_database, sync
from tidemark.streams.storage.writing import FileLock

_FIRST = """
CREATE TABLE published (version INTEGER NOT NULL);
INSERT INTO published (version) VALUES (0);
CREATE TABLE state (
    partition INTEGER NOT NULL,
    kind INTEGER NOT NULL,
    key BLOB NOT NULL,
    value BLOB NOT NULL,
    version INTEGER NOT NULL, -- the publish that wrote it
    PRIMARY KEY (partition, kind, key)
) WITHOUT ROWID;
-- Heads, cells and latest values: what readers poll for.
CREATE INDEX polled ON state (version) WHERE kind <= 2;
"""

# The state is a function of the log: a power failure may cost the last publishes, which the
# ledger then repeats, so their commits need not wait for the disk.
STATE = Schema(
    name="state",
    application_id=int.from_bytes(b"TDMS"),
    migrations=(_FIRST,),
    synchronous="NORMAL",
    missing="create it with `tidemark rebuild`",
    damaged="rebuild it with `tidemark rebuild`",
)


class _ServedChanged(LogLocked):
    """The generation served changed after the choice."""


_CLAIMING = RetryPolicy(
    event="the generation served has changed, choosing again",
    tries=5,
    backoff=Backoff(first_s=0.0, longest_s=0.0),
    on=_ServedChanged,
)


class Pointer(msgspec.Struct, frozen=True):
    """The content of `x.state.json`."""

    generation: int


class Generations:
    """The state files of one log."""

    def __init__(self, log_path: Path) -> None:
        self._folder = log_path.parent
        self._stem = f"{log_path.stem}.state"
        self._pointer = self._folder / f"{self._stem}.json"

    def file(self, generation: int) -> Path:
        """The file of a generation."""
        return self._folder / f"{self._stem}.{generation}.db"

    @contextmanager
    def claim(self, choose: Callable[[], int]) -> Iterator[tuple[int, FileLock]]:
        """The chosen generation and its lock, which stays held unless the block fails.

        The choice depends on the generation served, which can change until the lock is held.
        """
        generation, lock = retry(_CLAIMING, partial(self._claim, choose), sleep)
        try:
            yield generation, lock
        except BaseException:
            lock.release()
            raise

    def without_ledger(self) -> AbstractContextManager[None]:
        """A block during which no ledger can start. Raises LogLocked while one runs."""
        return self._lock(self.read_served() or 1).hold(0)

    def read_served(self) -> int:
        """The generation that readers follow, 0 before the first. Raises LogCorrupt."""
        try:
            raw = self._pointer.read_bytes()
        except FileNotFoundError:
            return 0
        try:
            return msgspec.json.decode(raw, type=Pointer).generation
        except msgspec.DecodeError as error:
            raise LogCorrupt(
                f"{self._pointer}: damaged ({error}); delete it and start the ledger, which catches up"
            ) from error

    def serve(self, generation: int, on_step: OnStep) -> None:
        """Point readers to a generation: at every moment they see the old pointer or the new."""
        temporary = self._pointer.with_suffix(".json.new")
        on_step("promote.write")
        with temporary.open("wb") as file:
            file.write(msgspec.json.encode(Pointer(generation)))
            file.flush()
            os.fsync(file.fileno())
        on_step("promote.rename")
        temporary.replace(self._pointer)
        on_step("promote.sync")
        sync(self._folder)

    def highest(self) -> int:
        """The highest generation number in use, 0 if there is none."""
        return max([0, *self._numbers()])

    def forget(self) -> None:
        """Stop serving and remove every generation, the pointer first."""
        self._pointer.unlink(missing_ok=True)
        self.remove_before(self.highest() + 1)

    def remove_before(self, generation: int) -> None:
        """Remove the files of earlier generations. Their locks stay with their holders."""
        for number in self._numbers():
            if number < generation:
                self.remove(number)

    def remove(self, generation: int) -> None:
        """Remove a generation's file and its write-ahead log."""
        remove_database(self.file(generation))

    def _claim(self, choose: Callable[[], int]) -> tuple[int, FileLock]:
        """Choose and lock. Raises _ServedChanged if the choice differs once the lock is held."""
        generation = choose()
        lock = self._lock(generation)
        lock.acquire(0)
        try:
            if choose() != generation:
                raise _ServedChanged(
                    f"{self._pointer}: the generation served keeps changing; try again later"
                )
        except BaseException:
            lock.release()
            raise
        return generation, lock

    def _lock(self, generation: int) -> FileLock:
        return FileLock(self._folder / f"{self._stem}.{generation}.lock", "writes this state")

    def _numbers(self) -> list[int]:
        names = (file.name for file in self._folder.glob(f"{self._stem}.*.db"))
        middles = [name.removeprefix(f"{self._stem}.").removesuffix(".db") for name in names]
        return [int(middle) for middle in middles if middle.isdecimal()]
