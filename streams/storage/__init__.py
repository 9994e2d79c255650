"""Durable SQLite files, independent of their contents.

files.py opens them; writing.py has what a writer needs: a lock, many rows per statement, checkpoints.
The event log's files and the notifier's outbox are such files; each translates the errors below into
its own. This module does not import SQLite.
"""

from collections.abc import Callable

OnStep = Callable[[str], None]
"""Called with a step's name before the step; fault tests kill the process in it."""


def ignore_step(_step: str) -> None:
    """The OnStep outside of fault tests."""


class StorageError(Exception):
    """A file could not be used; the message says what is wrong, where, and what to do."""


class StorageMissing(StorageError):
    """The file does not exist, or its creation was never finished."""


class StorageTooNew(StorageError):
    """A newer version of Tidemark wrote this file; this one cannot read it."""


class StorageCorrupt(StorageError):
    """The stored bytes are damaged or are not what the file should hold."""


class StorageLocked(StorageError):
    """Another process holds what this one needs."""


class StorageFull(StorageError):
    """There is no disk space left to write."""


class StorageUnavailable(StorageError):
    """The file cannot be read or written: an I/O error, or a missing permission."""


class StorageUnsafe(StorageError):
    """The SQLite library is too old: it can lose committed data."""
