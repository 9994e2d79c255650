"""What the writers of a log and of a state have in common: many rows a statement, checkpoints."""

from collections.abc import Callable, Iterator, Sequence
from itertools import chain

import apsw
import structlog

OnStep = Callable[[str], None]
"""Called with a step's name before the step; a fault test ends the process in there."""

_ROWS_PER_STATEMENT = (512, 64, 8, 1)
_PASSIVE_BYTES = 16 << 20
_TRUNCATE_BYTES = 64 << 20

log = structlog.get_logger()


def ignore_step(_step: str) -> None:
    """The OnStep of everyday life."""


def execute_rows(connection: apsw.Connection, sql: str, rows: Sequence[tuple[object, ...]]) -> None:
    """Run `sql`, its %s standing for the rows' placeholders, over all rows in few statements.

    Each statement lets other threads run; with a row per statement a writer beside a busy
    thread waits a switch interval (5 ms) for every row.
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
    """Moves the write-ahead log into its file when it has grown. Used under the writer's lock."""

    def __init__(self, connection: apsw.Connection) -> None:
        self._connection = connection
        self._page_bytes = int(connection.pragma("page_size"))
        self._waiting_bytes = 0
        connection.set_wal_hook(self._note)

    def run(self) -> None:
        """Checkpoint if due. What was committed is safe already, so a failure only postpones."""
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
