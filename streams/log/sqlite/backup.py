"""Backups of a log and its state, taken while services run, and their restoration.

A backup is a folder: `log.db`, `state.db` if a state is served, and `manifest.json`. The state is
copied before the log, so the log reaches at least as far. A restore checks the whole backup before
it touches the old log, then puts everything in place at once.
"""

import hashlib
import shutil
from contextlib import closing
from pathlib import Path

import apsw
import msgspec

from tidemark.streams.contracts.family import Stream
from tidemark.streams.log.engine import FileSum, Manifest, Progress
from tidemark.streams.log.errors import LogCorrupt, LogExists, LogMissing, LogTooNew
from tidemark.streams.storage import ignore_step
from tidemark.streams.storage.files import (
    Schema,
    create_file,
    open_reader,
    open_writer,
    remove_database,
    snapshot,
    sync,
)

from .generations import STATE, Generations
from .schema import LOCK_WAIT_S, LOG, Lanes, append_lock, read_identity, translate_errors

FORMAT = 1
LOG_FILE, STATE_FILE, MANIFEST = "log.db", "state.db", "manifest.json"
_PAGES_AT_ONCE = 4_096


def backup_sqlite(log: Path, target: Path, progress: Progress) -> Manifest:
    """Copy log and state into a new folder, which appears when it is complete.

    Raises LogExists if the folder exists. Appends continue; they stay in the write-ahead log
    until the copy is done, so the disk needs room for them.
    """
    if target.exists():
        raise LogExists(f"{target}: exists already; choose a new folder for the backup")
    partial = target.with_name(f"{target.name}.partial")
    with translate_errors(target, LOG):
        shutil.rmtree(partial, ignore_errors=True)
        partial.mkdir(parents=True)
        try:
            manifest = _fill(partial, log, progress)
            partial.rename(target)
        except BaseException:
            shutil.rmtree(partial, ignore_errors=True)
            raise
        sync(target.parent)
    return manifest


def _fill(folder: Path, log: Path, progress: Progress) -> Manifest:
    generations = Generations(log)
    served = generations.read_served()
    if served:
        source = open_reader(generations.file(served), STATE)
        with closing(source), snapshot(source):
            _copy(source, folder / STATE_FILE, progress)
    source = open_reader(log, LOG)
    with closing(source), snapshot(source):
        identity = read_identity(source, log)
        lanes = Lanes(identity.partitions)
        ends = {stream: lanes.ends(source, stream) for stream in Stream}
        _copy(source, folder / LOG_FILE, progress)
    files = {file.name: compute_sum(file) for file in sorted(folder.glob("*.db"))}
    manifest = Manifest(FORMAT, identity, ends, files)
    (folder / MANIFEST).write_bytes(msgspec.json.format(msgspec.json.encode(manifest)))
    for file in (*folder.iterdir(), folder):
        sync(file)
    return manifest


def compute_sum(path: Path) -> FileSum:
    """The length and checksum of a file."""
    with path.open("rb") as file:
        return FileSum(path.stat().st_size, hashlib.file_digest(file, "sha256").hexdigest())


def _copy(source: apsw.Connection, target: Path, progress: Progress) -> None:
    """Copy what the source's snapshot shows. Without a snapshot, every append would restart the copy."""
    with (
        closing(apsw.Connection(str(target))) as connection,
        connection.backup("main", source, "main") as copying,
    ):
        while not copying.done:
            copying.step(_PAGES_AT_ONCE)
            progress(target.name, copying.page_count - copying.remaining, copying.page_count)


def restore_sqlite(source: Path, log: Path, replace: bool = False) -> Manifest:
    """Put a backup's log and state at the path `log`; services must open it again afterwards.

    Raises LogExists over an existing log unless `replace`, LogCorrupt for a backup that does not
    match its manifest, LogLocked while a ledger runs. After a crash there is the old log, the new
    one, or none and the old one set aside as `x.db.replaced`; never a mixture.
    """
    if log.exists() and not replace:
        raise LogExists(f"{log}: a log exists; restore to another address, or repeat with --replace")
    with translate_errors(log, LOG):
        manifest = read_manifest(source)
        log.parent.mkdir(parents=True, exist_ok=True)
        new_log = log.with_name(f"{log.name}.restoring")
        new_state = log.with_name(f"{log.stem}.state.restoring")
        try:
            _copy_checked(source / LOG_FILE, new_log, manifest, LOG)
            if STATE_FILE in manifest.files:
                _copy_checked(source / STATE_FILE, new_state, manifest, STATE)
            _put_in_place(log, new_log, new_state)
        finally:
            remove_database(new_log)
            remove_database(new_state)
    return manifest


def read_manifest(source: Path) -> Manifest:
    """The manifest of a backup. Raises LogMissing, LogCorrupt or LogTooNew."""
    path = source / MANIFEST
    try:
        raw = path.read_bytes()
    except OSError as error:
        raise LogMissing(f"{path}: {error.strerror}; name a folder that `tidemark backup` made") from error
    try:
        manifest = msgspec.json.decode(raw, type=Manifest)
    except msgspec.DecodeError as error:
        raise LogCorrupt(f"{path}: damaged ({error}); use another backup") from error
    if manifest.format > FORMAT:
        raise LogTooNew(f"{path}: format {manifest.format}, this Tidemark knows {FORMAT}; upgrade Tidemark")
    return manifest


def _copy_checked(source: Path, target: Path, manifest: Manifest, schema: Schema) -> None:
    """Copy a file next to its destination and check the copy from end to end."""
    remove_database(target)
    try:
        shutil.copyfile(source, target)
        if compute_sum(target) != manifest.files.get(source.name):
            raise LogCorrupt(f"{source}: does not match its manifest; use another backup")
        open_writer(target, schema).close()
        # A plain connection merges its write-ahead log into the file when it closes.
        with translate_errors(source, schema), closing(apsw.Connection(str(target))) as connection:
            problem = connection.pragma("integrity_check")
            if problem != "ok":
                raise LogCorrupt(f"{source}: {problem}; use another backup")
            if schema is LOG and read_identity(connection, source) != manifest.identity:
                raise LogCorrupt(f"{source}: is not the log that its manifest names; use another backup")
    except FileNotFoundError as error:
        raise LogMissing(f"{source}: the backup lacks this file; use another backup") from error
    sync(target)


def _put_in_place(log: Path, new_log: Path, new_state: Path) -> None:
    """The old state goes first and the new one comes last: no state ever reaches past its log."""
    generations = Generations(log)
    aside = log.with_name(f"{log.name}.replaced")
    with append_lock(log).hold(LOCK_WAIT_S), generations.without_ledger():
        # A number that no reader has seen, so that every reader loads the whole state again.
        generation = max(generations.highest(), generations.read_served()) + 1
        generations.forget()
        if log.exists():
            _set_aside(log, aside)
        remove_database(log)
        new_log.rename(log)
        if new_state.exists():
            new_state.rename(generations.file(generation))
        else:
            create_file(generations.file(generation), STATE).close()
        generations.serve(generation, ignore_step)
        remove_database(aside)


def _set_aside(log: Path, aside: Path) -> None:
    remove_database(aside)
    for suffix in ("", "-wal"):
        file = log.with_name(log.name + suffix)
        if file.exists():
            file.rename(aside.with_name(aside.name + suffix))
