"""Bringing back a backup: checked whole before anything is touched, then put in place at once."""

import shutil
from contextlib import closing
from pathlib import Path

import apsw
import msgspec

from tidemark.streams.log.errors import LogCorrupt, LogExists, LogMissing, LogTooNew

from .append import append_lock
from .backup import FORMAT, LOG_FILE, MANIFEST, STATE_FILE, Manifest, file_sum
from .files import Schema, create_file, open_writer, sync, translated
from .generations import STATE, Generations, remove_database
from .log import read_identity
from .schema import LOG
from .writing import ignore_step

_LOCK_WAIT_S = 10.0


def restore_sqlite(source: Path, log: Path, replace: bool = False) -> Manifest:
    """Put a backup's log and state where `log` says; services open it anew afterwards.

    Raises LogExists over an existing log unless `replace`, LogCorrupt for a backup that is not
    what its manifest says, LogLocked while a ledger runs. A crash on the way leaves the old
    log, the new one, or none with the old one set aside as `x.db.replaced`; never a mixture.
    """
    if log.exists() and not replace:
        raise LogExists(f"{log}: a log exists; restore to another address, or repeat it with --replace")
    with translated(log, LOG):
        manifest = read_manifest(source)
        log.parent.mkdir(parents=True, exist_ok=True)
        new_log = log.with_name(f"{log.name}.restoring")
        new_state = log.with_name(f"{log.stem}.state.restoring")
        try:
            _fetch(source / LOG_FILE, new_log, manifest, LOG)
            if STATE_FILE in manifest.files:
                _fetch(source / STATE_FILE, new_state, manifest, STATE)
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


def _fetch(source: Path, target: Path, manifest: Manifest, schema: Schema) -> None:
    """Copy a file beside its place and check the copy from end to end."""
    remove_database(target)
    try:
        shutil.copyfile(source, target)
        if file_sum(target) != manifest.files.get(source.name):
            raise LogCorrupt(f"{source}: not what its manifest says; use another backup")
        open_writer(target, schema).close()
        # A plain connection folds its write-ahead log into the file when it closes.
        with translated(source, schema), closing(apsw.Connection(str(target))) as connection:
            verdict = connection.pragma("integrity_check")
            if verdict != "ok":
                raise LogCorrupt(f"{source}: {verdict}; use another backup")
            if schema is LOG and read_identity(connection, source) != manifest.identity:
                raise LogCorrupt(f"{source}: another log than its manifest says; use another backup")
    except FileNotFoundError as error:
        raise LogMissing(f"{source}: the backup lacks this file; use another backup") from error
    sync(target)


def _put_in_place(log: Path, new_log: Path, new_state: Path) -> None:
    """The old state goes first and the new one comes last: no state ever reaches past its log."""
    generations = Generations(log)
    aside = log.with_name(f"{log.name}.replaced")
    with append_lock(log).held(_LOCK_WAIT_S), generations.without_ledger():
        # A number that no reader has seen, so that all of them start anew.
        generation = max(generations.highest(), generations.served()) + 1
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
