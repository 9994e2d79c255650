"""The engine of logs in SQLite files: `x.db`, beside it the append lock and the generations of the state.

schema.py and generations.py define the files; log.py, state.py and backup.py work with them.
"""

from collections.abc import Callable
from contextlib import AbstractAsyncContextManager, closing, nullcontext
from pathlib import Path
from typing import NoReturn

import msgspec

from tidemark.streams.contracts.identity import LogIdentity
from tidemark.streams.log.engine import MIN_FREE_BYTES, Manifest, Progress, Rights
from tidemark.streams.log.errors import LogAddressInvalid, LogExists
from tidemark.streams.log.port import WholeLog
from tidemark.streams.storage import OnStep, ignore_step
from tidemark.streams.storage.files import create_file, sync, transaction

from .backup import backup_sqlite, restore_sqlite
from .log import SqliteLog, free_bytes
from .schema import LOCK_WAIT_S, LOG, append_lock, read_identity, translate_errors
from .state import SqliteStateReader, SqliteStateWriter


class SqliteEngine:
    """The Engine of sqlite:///var/x.db. Any process that may write to the folder may create a log there."""

    made_by_services = True

    def __init__(self, url: str) -> None:
        self._url = url
        self.path = Path(url.removeprefix("sqlite:///"))

    async def create(self, identity: LogIdentity) -> None:
        with translate_errors(self.path, LOG):
            self.path.parent.mkdir(parents=True, exist_ok=True)
            with append_lock(self.path).hold(LOCK_WAIT_S):
                with closing(create_file(self.path, LOG)) as connection:
                    with transaction(connection):
                        connection.execute(
                            "INSERT OR IGNORE INTO meta (name, value) VALUES ('identity', ?)",
                            (msgspec.json.encode(identity).decode(),),
                        )
                    existing = read_identity(connection, self.path)
                sync(self.path.parent)
        if existing != identity:
            raise LogExists(
                f"{self.path}: already holds a log of {existing.content} events of {existing.district}, "
                f"zone {existing.zone}, {existing.partitions} partitions; open it as it is or choose "
                "another address"
            )

    async def open_log(
        self, clock: Callable[[], int], min_free_bytes: int = MIN_FREE_BYTES, on_step: OnStep = ignore_step
    ) -> SqliteLog:
        return SqliteLog(self.path, clock, min_free_bytes, on_step=on_step)

    async def open_state_writer(self, on_step: OnStep = ignore_step) -> SqliteStateWriter:
        return SqliteStateWriter.open(self.path, on_step)

    async def begin_rebuild(self, on_step: OnStep = ignore_step) -> SqliteStateWriter:
        return SqliteStateWriter.rebuild(self.path, on_step)

    async def open_state_reader(self) -> SqliteStateReader:
        return SqliteStateReader(self.path)

    async def join(self, partitions: int, instance: str | None = None) -> WholeLog:
        return WholeLog(partitions)

    def keep_arrivals(self, identity: LogIdentity) -> AbstractAsyncContextManager[None]:
        """A log in a file always accepts them."""
        return nullcontext()

    def free_bytes(self) -> int:
        path = self.path.absolute()
        return free_bytes(next(existing for existing in (path, *path.parents) if existing.exists()))

    def back_up(self, target: Path, progress: Progress) -> Manifest:
        return backup_sqlite(self.path, target, progress)

    def restore(self, source: Path, replace: bool = False) -> Manifest:
        return restore_sqlite(source, self.path, replace)

    async def apply_topics(
        self, identity: LogIdentity, replication: int | None = None, dry_run: bool = False
    ) -> NoReturn:
        raise LogAddressInvalid(f"{self._url}: is a file and has no topics; `tidemark log create` creates it")

    async def apply_rights(self, rights: Rights, dry_run: bool) -> NoReturn:
        raise LogAddressInvalid(
            f"{self._url}: is a file and has no users; set the file's permissions instead"
        )
