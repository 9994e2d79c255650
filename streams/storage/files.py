"""Opens each file safely or not at all, with errors that state the remedy."""

import errno
import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

import apsw

from . import (
    StorageCorrupt,
    StorageError,
    StorageFull,
    StorageLocked,
    StorageMissing,
    StorageTooNew,
    StorageUnavailable,
    StorageUnsafe,
)

OLDEST_SAFE = (3, 51, 3)
"""Up to 3.51.2 two connections that commit and checkpoint at once can lose a commit."""

_BUSY_MS = 5_000


@dataclass(frozen=True)
class Schema:
    """What a file holds. `migrations[n]` brings it from version n to n + 1; `missing` and `damaged` are the
    remedies in messages."""

    name: str
    application_id: int
    migrations: tuple[str, ...]
    synchronous: Literal["FULL", "NORMAL"]
    missing: str
    damaged: str


def refuse_old_library(version: str) -> None:
    """Raises StorageUnsafe for a version of SQLite that can lose committed data."""
    if tuple(int(part) for part in version.split(".")) < OLDEST_SAFE:
        oldest = ".".join(map(str, OLDEST_SAFE))
        raise StorageUnsafe(
            f"SQLite {version} can lose committed records; install apsw with {oldest} or newer"
        )


def create_file(path: Path, schema: Schema) -> apsw.Connection:
    """A writing connection to a file, which is created or completed if necessary."""
    with translate_errors(path, schema):
        connection = _connect(path, schema, apsw.SQLITE_OPEN_READWRITE | apsw.SQLITE_OPEN_CREATE)
        try:
            if _is_empty(connection) and connection.pragma("journal_mode", "WAL") != "wal":
                raise StorageUnavailable(
                    f"{path}: its file system does not support SQLite's shared memory; use a local disk"
                )
            _migrate(connection, path, schema)
        except BaseException:
            connection.close()
            raise
        return connection


def open_writer(path: Path, schema: Schema) -> apsw.Connection:
    """A writing connection to an existing file, which is migrated to this version."""
    return _open(path, schema, apsw.SQLITE_OPEN_READWRITE)


def open_reader(path: Path, schema: Schema) -> apsw.Connection:
    """A read-only connection to an existing file; an older version is migrated first."""
    connection = _open(path, schema, apsw.SQLITE_OPEN_READONLY)
    if _read_version(connection) < len(schema.migrations):
        connection.close()
        open_writer(path, schema).close()
        connection = _open(path, schema, apsw.SQLITE_OPEN_READONLY)
    return connection


@contextmanager
def transaction(connection: apsw.Connection) -> Iterator[None]:
    """All writes of the block, or none."""
    connection.execute("BEGIN IMMEDIATE")
    try:
        yield
        connection.execute("COMMIT")
    except BaseException:
        if connection.in_transaction:
            connection.execute("ROLLBACK")
        raise


@contextmanager
def snapshot(connection: apsw.Connection) -> Iterator[None]:
    """Every read of the block sees the file as it was when the block began."""
    connection.execute("BEGIN")
    try:
        _read_version(connection)  # the snapshot is taken by the first read
        yield
    finally:
        if connection.in_transaction:
            connection.execute("ROLLBACK")


@contextmanager
def translate_errors(path: Path, schema: Schema) -> Iterator[None]:
    """Turn errors of SQLite and of the system into a StorageError with its remedy."""
    try:
        yield
    except apsw.Error as error:
        kind, remedy = _classify(error, schema)
        raise kind(f"{path}: {error}; {remedy}") from error
    except OSError as error:
        refusal = StorageFull if error.errno == errno.ENOSPC else StorageUnavailable
        raise refusal(
            f"{error.filename or path}: {error.strerror}; check the disk and its permissions"
        ) from error
    except UnicodeDecodeError as error:
        raise StorageCorrupt(f"{path}: text is damaged; {schema.damaged}") from error


def sync(path: Path) -> None:
    """Flush a file's content, or the names in a folder, to disk, so that it survives a power failure."""
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def remove_database(path: Path) -> None:
    """Remove a file, its write-ahead log first: that must never be applied to another file."""
    for suffix in ("-wal", "-shm", ""):
        path.with_name(path.name + suffix).unlink(missing_ok=True)


def _classify(error: apsw.Error, schema: Schema) -> tuple[type[StorageError], str]:
    match error:
        case apsw.FullError():
            return StorageFull, "free some disk space; acknowledged data is safe"
        case apsw.BusyError() | apsw.LockedError():
            return StorageLocked, "another program has this file open for writing; close it and try again"
        case apsw.CorruptError() | apsw.NotADBError() | apsw.SQLError() | apsw.MismatchError():
            return StorageCorrupt, schema.damaged
        case apsw.ReadOnlyError() | apsw.CantOpenError() | apsw.PermissionsError():
            return StorageUnavailable, "let this user read and write the file and its folder"
        case apsw.IOError():
            return StorageUnavailable, "check the disk and its mount, then start again"
        case _:
            return StorageError, schema.damaged


def _open(path: Path, schema: Schema, flags: int) -> apsw.Connection:
    if not path.exists():
        raise StorageMissing(f"{path}: there is no {schema.name}; {schema.missing}")
    with translate_errors(path, schema):
        connection = _connect(path, schema, flags)
        try:
            if _is_empty(connection):
                raise StorageMissing(f"{path}: the {schema.name} was never finished; {schema.missing}")
            if flags & apsw.SQLITE_OPEN_READONLY:
                _check(connection, path, schema)
            else:
                _migrate(connection, path, schema)
        except BaseException:
            connection.close()
            raise
        return connection


def _connect(path: Path, schema: Schema, flags: int) -> apsw.Connection:
    refuse_old_library(apsw.sqlite_lib_version())
    connection = apsw.Connection(str(path), flags=flags)
    connection.set_busy_timeout(_BUSY_MS)
    connection.pragma("synchronous", schema.synchronous)
    connection.pragma("cell_size_check", True)
    # Only the writer checkpoints, under its lock; SQLite must not do so on its own.
    connection.pragma("wal_autocheckpoint", 0)
    connection.config(apsw.SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, 1)
    return connection


def _migrate(connection: apsw.Connection, path: Path, schema: Schema) -> None:
    with transaction(connection):
        if _is_empty(connection):
            connection.pragma("application_id", schema.application_id)
        _check(connection, path, schema)
        for script in schema.migrations[_read_version(connection) :]:
            connection.execute(script)
        if _read_version(connection) != len(schema.migrations):
            connection.pragma("user_version", len(schema.migrations))


def _check(connection: apsw.Connection, path: Path, schema: Schema) -> None:
    if connection.pragma("application_id") != schema.application_id:
        raise StorageCorrupt(f"{path}: this is not a Tidemark {schema.name}; check the address")
    version = _read_version(connection)
    if version > len(schema.migrations):
        raise StorageTooNew(
            f"{path}: the {schema.name} has version {version}, and this Tidemark reads up to "
            f"{len(schema.migrations)}; upgrade Tidemark"
        )


def _read_version(connection: apsw.Connection) -> int:
    return int(connection.pragma("user_version"))


def _is_empty(connection: apsw.Connection) -> bool:
    tables: int = connection.execute("SELECT count(*) FROM sqlite_schema").get
    return tables == 0 and int(connection.pragma("application_id")) == 0
