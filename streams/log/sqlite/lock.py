"""A lock that threads and processes share, freed by the kernel when its holder dies."""

import fcntl
import os
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from tidemark.streams.log.errors import LogLocked, LogUnavailable

_RETRY_S = 0.001


class FileLock:
    """Held by one at a time. `purpose` completes the sentence "… is held by process 12, which …"."""

    def __init__(self, path: Path, purpose: str) -> None:
        self._path = path
        self._purpose = purpose
        self._file: int | None = None

    def acquire(self, wait_s: float) -> None:
        """Take the lock, trying for `wait_s` seconds. Raises LogLocked naming the holder."""
        file = self._open()
        deadline = time.monotonic() + wait_s
        while True:
            with suppress(BlockingIOError):
                fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
                break
            if time.monotonic() >= deadline:
                holder = os.pread(file, 20, 0).decode(errors="replace").strip() or "unknown"
                os.close(file)
                raise LogLocked(
                    f"{self._path} is held by process {holder}, which {self._purpose}; "
                    "stop that process or wait until it ends, then try again"
                )
            time.sleep(_RETRY_S)
        # Padded, so that a longer number of an earlier holder does not shine through.
        os.pwrite(file, f"{os.getpid():<20}".encode(), 0)
        self._file = file

    def release(self) -> None:
        """Let go. The file stays: removing it would let two processes hold two locks."""
        if self._file is not None:
            os.close(self._file)
            self._file = None

    @contextmanager
    def held(self, wait_s: float) -> Iterator[None]:
        """The lock for the length of a block."""
        self.acquire(wait_s)
        try:
            yield
        finally:
            self.release()

    def _open(self) -> int:
        try:
            return os.open(self._path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o644)
        except OSError as error:
            raise LogUnavailable(
                f"{self._path} cannot be opened ({error.strerror}); "
                "let this user create and write files in that folder"
            ) from error
