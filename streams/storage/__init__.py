"""Files of SQLite in which a program keeps what it must not lose; they know nothing of their contents.

files.py opens them, writing.py is for whoever writes: its lock, many rows a statement, checkpoints.
The event log's files and the notifier's outbox are such files; each says in its own words what is
raised here. Nothing in this module needs the library.
"""

from collections.abc import Callable

OnStep = Callable[[str], None]
"""Called with a step's name before the step; a fault test ends the process in there."""


def ignore_step(_step: str) -> None:
    """The OnStep of everyday life."""


class StorageError(Exception):
    """A file could not be used; the message says what is wrong, where, and what to do."""


class StorageMissing(StorageError):
    """There is no such file, or it was never finished."""


class StorageTooNew(StorageError):
    """A newer version of Tidemark wrote this file; this one cannot read it."""


class StorageCorrupt(StorageError):
    """The stored bytes are damaged or are not what the file should hold."""


class StorageLocked(StorageError):
    """Another process holds what this one needs."""


class StorageFull(StorageError):
    """There is no room to write."""


class StorageUnavailable(StorageError):
    """The disk refused: an input or output error, or no permission."""


class StorageUnsafe(StorageError):
    """The library is too old to be trusted with what must not be lost."""
