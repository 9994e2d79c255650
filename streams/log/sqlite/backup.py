"""A copy of a log and its state, taken while services run.

A backup is a folder: `log.db`, `state.db` where a state is served, and `manifest.json`. The
state is copied before the log, so the log reaches at least as far.
"""

import hashlib
import shutil
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import apsw
import msgspec

from tidemark.streams.contracts.family import Stream
from tidemark.streams.log.errors import LogExists
from tidemark.streams.log.port import LogIdentity

from .files import open_reader, snapshot, sync, translated
from .generations import STATE, Generations
from .log import read_identity
from .schema import LOG, Lanes

FORMAT = 1
Progress = Callable[[str, int, int], None]
"""Called with a file's name, how many of its pages are copied, and how many it has."""

LOG_FILE, STATE_FILE, MANIFEST = "log.db", "state.db", "manifest.json"
_PAGES_AT_ONCE = 4_096


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


def backup_sqlite(log: Path, target: Path, progress: Progress) -> Manifest:
    """Copy log and state into a new folder, which appears when it is whole.

    Raises LogExists if the folder exists. Appends go on meanwhile; they are kept in the
    write-ahead log until the copy is done, so the disk needs room for them.
    """
    if target.exists():
        raise LogExists(f"{target}: exists already; choose a new folder for the backup")
    partial = target.with_name(f"{target.name}.partial")
    with translated(target, LOG):
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
    served = generations.served()
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
    files = {file.name: file_sum(file) for file in sorted(folder.glob("*.db"))}
    manifest = Manifest(FORMAT, identity, ends, files)
    (folder / MANIFEST).write_bytes(msgspec.json.format(msgspec.json.encode(manifest)))
    for file in (*folder.iterdir(), folder):
        sync(file)
    return manifest


def file_sum(path: Path) -> FileSum:
    """The sum of a file as it is."""
    with path.open("rb") as file:
        return FileSum(path.stat().st_size, hashlib.file_digest(file, "sha256").hexdigest())


def _copy(source: apsw.Connection, target: Path, progress: Progress) -> None:
    """Copy what the source's snapshot shows. Without one, every append would begin it anew."""
    with (
        closing(apsw.Connection(str(target))) as connection,
        connection.backup("main", source, "main") as copying,
    ):
        while not copying.done:
            copying.step(_PAGES_AT_ONCE)
            progress(target.name, copying.page_count - copying.remaining, copying.page_count)
