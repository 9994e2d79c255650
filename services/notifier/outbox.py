"""The outbox: messages to be sent, being sent and sent, stored durably at every step.

A message is `waiting`, then `sending` (recorded before the channel is called), then `sent` (recorded
after the channel's answer), or `dead` after too many failures. A message that a restart finds in the
state `sending` may or may not have arrived: it is sent once more, marked as repeated. The end of an
alert is sent only after its start; if the start is dead, the end is cancelled (`moot` in the file).
"""

from collections.abc import Callable, Sequence
from contextlib import closing
from pathlib import Path
from typing import Any, NamedTuple, TypeVar

import msgspec

from tidemark.streams.storage import OnStep
from tidemark.streams.storage.files import create_file, open_reader, open_writer, transaction
from tidemark.streams.storage.writing import Checkpointer, FileLock

from . import outbox_file as sql
from .errors import OutboxFull
from .webhook import Alert

T = TypeVar("T")

_MAX_BATCH = 500
_MAX_DELETED = 1_000


class Limits(NamedTuple):
    """The most unsent messages, and the time for which each waits for others to be sent with it, in
    milliseconds."""

    messages: int
    window_ms: int


class Batch(NamedTuple):
    """Messages to a channel that are sent as one text. `received_ms` is that of the newest message."""

    channel: str
    ids: tuple[int, ...]
    alerts: tuple[Alert, ...]
    repeated: bool
    tries: int
    received_ms: int


class Backlog(NamedTuple):
    """The number of unsent messages, and when the oldest was received (None if there is none)."""

    messages: int
    oldest_ms: int | None


class UndeliveredMessage(NamedTuple):
    """A message that could not be delivered, with the reason of the last failure."""

    channel: str
    reason: str
    received_ms: int
    alert: Alert


class _Kind(NamedTuple):
    """The columns that must agree in messages of one batch."""

    grouped_by: str
    status: str
    repeated: int
    tries: int


class Outbox:
    """A notifier's outbox; blocking, for one thread at a time. `clock` gives milliseconds since 1970.

    Raises OutboxUnusable if the file cannot be used or another notifier holds it.
    """

    def __init__(self, path: Path, clock: Callable[[], int], limits: Limits, on_step: OnStep) -> None:
        path.parent.mkdir(parents=True, exist_ok=True)
        self._path = path
        self._clock = clock
        self._limits = limits
        self._on_step = on_step
        self._lock = FileLock(path.with_name(f"{path.name}.lock"), "sends the messages of this outbox")
        with sql.translate_errors(path):
            self._lock.acquire(0)
            try:
                self._connection = create_file(path, sql.OUTBOX)
                self._checkpointer = Checkpointer(self._connection)
                self._write("recover", lambda: self._connection.execute(sql.RECOVER, (self._clock(),)))
            except BaseException:
                self._lock.release()
                raise

    def close(self) -> None:
        """Close the file and release its lock."""
        self._connection.close()
        self._lock.release()

    def receive(self, messages: Sequence[tuple[str, Alert]]) -> None:
        """Store alerts, each with a channel; an alert that is already stored is ignored.

        Durable on return. Raises OutboxFull, in which case nothing was stored.
        """

        def store() -> None:
            before = self.measure_backlog().messages
            for channel, alert in sorted(messages, key=lambda pair: pair[1].status):  # starts before ends
                self._insert(channel, alert)
            if self.measure_backlog().messages > max(before, self._limits.messages):
                raise OutboxFull(f"{self._limits.messages} messages wait to be sent; check the channels")

        self._write("receive", store)

    def take(self, channel: str) -> Batch | None:
        """The next batch, recorded as being sent; None if nothing is due."""
        with sql.translate_errors(self._path):
            due: list[Any] = self._connection.execute(sql.DUE, (channel, self._clock())).fetchall()
        if not due:
            return None
        kind = _Kind(*due[0][1:])
        ids = tuple(row[0] for row in due if row[1:] == kind)[:_MAX_BATCH]
        return self._write("take", lambda: self._take(channel, kind, ids))

    def record_sent(self, batch: Batch) -> None:
        """The channel has confirmed receipt: these messages are never sent again."""
        self._write("sent", lambda: self._record(batch, sql.SENT))

    def record_failed(self, batch: Batch, due_ms: int, unclear: bool) -> None:
        """The attempt failed: try again at `due_ms`, marked as a repeat if `unclear`, that is, if the
        messages may have arrived nevertheless."""
        self._write("failed", lambda: self._record(batch, sql.FAILED, unclear, due_ms))

    def record_dead(self, batch: Batch, reason: str) -> None:
        """Stop sending these messages and keep them as dead letters."""

        def give_up() -> None:
            self._record(batch, sql.DEAD, reason)
            self._connection.execute(sql.CANCEL_ENDS)

        self._write("dead", give_up)

    def delete_old(self, retention_ms: int) -> None:
        """Delete finished messages that Alertmanager last sent longer ago than this, some at a time."""
        bounds = (self._clock() - retention_ms, _MAX_DELETED)
        self._write("forget", lambda: self._connection.execute(sql.DELETE_OLD, bounds))

    def measure_backlog(self) -> Backlog:
        """Count the messages that are not sent yet."""
        with sql.translate_errors(self._path):
            rows: list[Any] = self._connection.execute(sql.BACKLOG).fetchall()
        return Backlog(*rows[0])

    def _write(self, step: str, work: Callable[[], T]) -> T:
        """Do the work in a transaction of its own, which is durable on return."""
        self._on_step(f"{step}.begin")
        with sql.translate_errors(self._path):
            with transaction(self._connection):
                result = work()
                self._on_step(f"{step}.commit")
            self._checkpointer.run()
        self._on_step(f"{step}.return")
        return result

    def _insert(self, channel: str, alert: Alert) -> None:
        key = (channel, alert.fingerprint, alert.starts_at.isoformat())
        now = self._clock()
        self._connection.execute(sql.SEEN, (now, *key))
        state = "waiting" if alert.status == "firing" else self._state_of_end(key)
        if state:
            content = (alert.status, _create_group_key(alert), msgspec.json.encode(alert), state)
            row = (*key, *content, now, now + self._limits.window_ms, now)
            self._connection.execute(sql.INSERT, row)

    def _state_of_end(self, key: tuple[str, str, str]) -> str:
        """The first state of an alert's end; empty if its start is not stored, so nobody was notified."""
        start: str | None = self._connection.execute(sql.STATE_OF_START, key).get
        if start is None:
            return ""
        return "moot" if start == "dead" else "waiting"

    def _take(self, channel: str, kind: _Kind, ids: tuple[int, ...]) -> Batch:
        rows: list[Any] = self._connection.executemany(sql.TAKE, [(row,) for row in ids]).fetchall()
        alerts = tuple(msgspec.json.decode(alert, type=Alert) for alert, _ in rows)
        newest_ms = max(received_ms for _, received_ms in rows)
        return Batch(channel, ids, alerts, bool(kind.repeated), kind.tries + 1, newest_ms)

    def _record(self, batch: Batch, statement: str, *values: str | int) -> None:
        self._connection.executemany(statement, [(*values, row) for row in batch.ids])


def list_undelivered(outbox: Path) -> list[UndeliveredMessage]:
    """All dead letters, oldest first; works while the notifier runs. Raises OutboxUnusable."""
    with sql.translate_errors(outbox), closing(open_reader(outbox, sql.OUTBOX)) as connection:
        rows: list[Any] = connection.execute(sql.UNDELIVERED).fetchall()
    return [
        UndeliveredMessage(channel, reason, received_ms, msgspec.json.decode(alert, type=Alert))
        for channel, reason, received_ms, alert in rows
    ]


def retry_undelivered(outbox: Path, now_ms: int) -> int:
    """Queue all dead letters and the ends of their alerts again; return the number of dead letters.

    Raises OutboxUnusable.
    """
    with sql.translate_errors(outbox), closing(open_writer(outbox, sql.OUTBOX)) as connection:
        with transaction(connection):
            connection.execute(sql.RETRY, (now_ms, "dead"))
            queued = connection.changes()
            connection.execute(sql.RETRY, (now_ms, "moot"))
        return queued


def _create_group_key(alert: Alert) -> str:
    labels = alert.labels
    return "/".join((alert.name, labels.get("audience", ""), labels.get("severity", "")))
