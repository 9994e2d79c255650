"""What every writer of a file needs: a lock, many rows per statement, checkpoints."""

import fcntl
import os
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from itertools import chain
from pathlib import Path

import apsw
import structlog

from . import StorageLocked, StorageUnavailable

_RETRY_S = 0.001
_ROWS_PER_STATEMENT = (512, 64, 8, 1)
_PASSIVE_BYTES = 16 << 20
_TRUNCATE_BYTES = 64 << 20

log = structlog.get_logger()


class FileLock:
    """Held by one process at a time. `purpose` completes the sentence "… is held by process 12, which …"."""

    def __init__(self, path: Path, purpose: str) -> None:
        self._path = path
        self._purpose = purpose
        self._file: int | None = None

    def acquire(self, wait_s: float) -> None:
        """Take the lock, trying for `wait_s` seconds. Raises StorageLocked naming the holder."""
        file = self._open()
        deadline = time.monotonic() + wait_s
        while True:
            with suppress(BlockingIOError):
                fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
                break
            if time.monotonic() >= deadline:
                holder = os.pread(file, 20, 0).decode(errors="replace").strip() or "unknown"
                os.close(file)
                raise StorageLocked(
                    f"{self._path} is held by process {holder}, which {self._purpose}; "
                    "stop that process or wait until it ends, then try again"
                )
            time.sleep(_RETRY_S)
        # Padded, to overwrite a longer number of an earlier holder.
        os.pwrite(file, f"{os.getpid():<20}".encode(), 0)
        self._file = file

    def release(self) -> None:
        """Release the lock. The file stays: removing it would let two processes hold a lock each."""
        if self._file is not None:
            os.close(self._file)
            self._file = None

    @contextmanager
    def hold(self, wait_s: float) -> Iterator[None]:
        """Hold the lock for the length of a block."""
        self.acquire(wait_s)
        try:
            yield
        finally:
            self.release()

    def _open(self) -> int:
        try:
            return os.open(self._path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o644)
        except OSError as error:
            raise StorageUnavailable(
                f"{self._path} cannot be opened ({error.strerror}); "
                "let this user create and write files in that folder"
            ) from error


def execute_rows(connection: apsw.Connection, sql: str, rows: Sequence[tuple[object, ...]]) -> None:
    """Run `sql` for all rows in few statements; its %s is replaced by the rows' placeholders.

    Each statement lets other threads run; with one row per statement, a writer next to a busy
    thread would wait a switch interval (5 ms) for every row.
    """
    for chunk in _chunks(rows):
        row = f"({','.join('?' * len(chunk[0]))})"
        values = ",".join([row] * len(chunk))
        connection.execute(sql % values, tuple(chain.from_iterable(chunk)))


def _chunks(rows: Sequence[tuple[object, ...]]) -> Iterator[Sequence[tuple[object, ...]]]:
    start = 0
    for size in _ROWS_PER_STATEMENT:
        while len(rows) - start >= size:
            yield rows[start : start + size]
            start += size


class Checkpointer:
    """Checkpoints the write-ahead log into its file once it has grown. Used under the writer's lock."""

    def __init__(self, connection: apsw.Connection) -> None:
        self._connection = connection
        self._page_bytes = int(connection.pragma("page_size"))
        self._waiting_bytes = 0
        connection.set_wal_hook(self._note)

    def run(self) -> None:
        """Checkpoint if due. Committed data is safe already, so a failure only postpones it."""
        if self._waiting_bytes < _PASSIVE_BYTES:
            return
        large = self._waiting_bytes > _TRUNCATE_BYTES
        mode = apsw.SQLITE_CHECKPOINT_TRUNCATE if large else apsw.SQLITE_CHECKPOINT_PASSIVE
        busy_ms = self._connection.pragma("busy_timeout")
        # A reader in the middle of a backup may hold the log for long; the next commit tries again.
        self._connection.set_busy_timeout(0)
        try:
            self._connection.wal_checkpoint(mode=mode)
        except apsw.BusyError:
            pass
        except apsw.Error as error:
            log.warning("checkpoint postponed", file=self._connection.filename, error=str(error))
        finally:
            self._connection.set_busy_timeout(busy_ms)

    def _note(self, _connection: apsw.Connection, _database: str, pages: int) -> int:
        self._waiting_bytes = pages * self._page_bytes
        return apsw.SQLITE_OK
