"""The outbox: what is to be sent, what is being sent and what was sent, durable at every step.

A message is waiting, then sending (recorded before the channel is called), then sent (recorded
after its answer), or after too many failures dead. What a restart finds at sending may have
arrived or not: it is sent once more, marked as repeated. An alert's end is told only after its
start; where the start is dead, the end is cancelled, which the file calls moot.
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

_MOST_TOGETHER = 500
_SWEPT_AT_ONCE = 1_000


class Limits(NamedTuple):
    """Most messages not sent yet, and how long each waits for others to go with it, in milliseconds."""

    messages: int
    window_ms: int


class Batch(NamedTuple):
    """Messages to one channel that are sent as one text. `received_ms` is the youngest's."""

    channel: str
    ids: tuple[int, ...]
    alerts: tuple[Alert, ...]
    repeated: bool
    tries: int
    received_ms: int


class Backlog(NamedTuple):
    """How many messages are not sent yet, and since when the oldest waits (None without one)."""

    messages: int
    oldest_ms: int | None


class Notification(NamedTuple):
    """A message that was given up, and why."""

    channel: str
    reason: str
    received_ms: int
    alert: Alert


class _Kind(NamedTuple):
    """What messages have in common that are sent as one."""

    grouped_by: str
    status: str
    repeated: int
    tries: int


class Outbox:
    """One notifier's outbox; blocking, for one thread at a time. `clock` tells milliseconds since 1970.

    Raises OutboxUnusable where the file cannot be used or another notifier has it.
    """

    def __init__(self, path: Path, clock: Callable[[], int], limits: Limits, on_step: OnStep) -> None:
        path.parent.mkdir(parents=True, exist_ok=True)
        self._path = path
        self._clock = clock
        self._limits = limits
        self._on_step = on_step
        self._lock = FileLock(path.with_name(f"{path.name}.lock"), "sends what this outbox holds")
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
        """Let go of the file."""
        self._connection.close()
        self._lock.release()

    def receive(self, messages: Sequence[tuple[str, Alert]]) -> None:
        """Take in alerts, each with a channel; what is known already is not taken twice.

        Durable on return. Raises OutboxFull, and then nothing was taken.
        """

        def take_in() -> None:
            before = self.measure_backlog().messages
            for channel, alert in sorted(messages, key=lambda pair: pair[1].status):  # starts before ends
                self._insert(channel, alert)
            if self.measure_backlog().messages > max(before, self._limits.messages):
                raise OutboxFull(f"{self._limits.messages} messages wait to be sent; look at the channels")

        self._write("receive", take_in)

    def take(self, channel: str) -> Batch | None:
        """The messages to send next, recorded as being sent; None when nothing is due."""
        with sql.translate_errors(self._path):
            due: list[Any] = self._connection.execute(sql.DUE, (channel, self._clock())).fetchall()
        if not due:
            return None
        kind = _Kind(*due[0][1:])
        ids = tuple(row[0] for row in due if row[1:] == kind)[:_MOST_TOGETHER]
        return self._write("take", lambda: self._take(channel, kind, ids))

    def record_sent(self, batch: Batch) -> None:
        """The channel has answered: these are never sent again."""
        self._write("sent", lambda: self._record(batch, sql.SENT))

    def record_failed(self, batch: Batch, due_ms: int, unclear: bool) -> None:
        """The attempt failed: try again at `due_ms`, as a repeat if it may have arrived all the same."""
        self._write("failed", lambda: self._record(batch, sql.FAILED, unclear, due_ms))

    def record_dead(self, batch: Batch, reason: str) -> None:
        """No more attempts; the messages are kept as dead letters."""

        def give_up() -> None:
            self._record(batch, sql.DEAD, reason)
            self._connection.execute(sql.CANCEL_ENDS)

        self._write("dead", give_up)

    def forget(self, kept_ms: int) -> None:
        """Delete messages with an outcome that Alertmanager has not spoken of for so long, some at a time."""
        spoken_before = (self._clock() - kept_ms, _SWEPT_AT_ONCE)
        self._write("forget", lambda: self._connection.execute(sql.FORGET, spoken_before))

    def measure_backlog(self) -> Backlog:
        """What is not sent yet."""
        with sql.translate_errors(self._path):
            rows: list[Any] = self._connection.execute(sql.BACKLOG).fetchall()
        return Backlog(*rows[0])

    def _write(self, step: str, work: Callable[[], T]) -> T:
        """Do the work in a transaction of its own, which is on the disk when this returns."""
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
            content = (alert.status, _group(alert), msgspec.json.encode(alert), state)
            row = (*key, *content, now, now + self._limits.window_ms, now)
            self._connection.execute(sql.INSERT, row)

    def _state_of_end(self, key: tuple[str, str, str]) -> str:
        """What becomes of an alert's end; empty where its start is not known."""
        start: str | None = self._connection.execute(sql.STATE_OF_START, key).get
        if start is None:
            return ""
        return "moot" if start == "dead" else "waiting"

    def _take(self, channel: str, kind: _Kind, ids: tuple[int, ...]) -> Batch:
        rows: list[Any] = self._connection.executemany(sql.TAKE, [(row,) for row in ids]).fetchall()
        alerts = tuple(msgspec.json.decode(alert, type=Alert) for alert, _ in rows)
        youngest_ms = max(received_ms for _, received_ms in rows)
        return Batch(channel, ids, alerts, bool(kind.repeated), kind.tries + 1, youngest_ms)

    def _record(self, batch: Batch, statement: str, *values: str | int) -> None:
        self._connection.executemany(statement, [(*values, row) for row in batch.ids])


def dead_letters(outbox: Path) -> list[Notification]:
    """All of them, oldest first, whether the outbox's notifier runs or not. Raises OutboxUnusable."""
    with sql.translate_errors(outbox), closing(open_reader(outbox, sql.OUTBOX)) as connection:
        rows: list[Any] = connection.execute(sql.DEAD_LETTERS).fetchall()
    return [
        Notification(channel, reason, received_ms, msgspec.json.decode(alert, type=Alert))
        for channel, reason, received_ms, alert in rows
    ]


def try_again(outbox: Path, now_ms: int) -> int:
    """Let all dead letters wait to be sent, and the ends of their alerts; how many letters.

    Raises OutboxUnusable.
    """
    with sql.translate_errors(outbox), closing(open_writer(outbox, sql.OUTBOX)) as connection:
        with transaction(connection):
            connection.execute(sql.REVIVE, (now_ms, "dead"))
            revived = connection.changes()
            connection.execute(sql.REVIVE, (now_ms, "moot"))
        return revived


def _group(alert: Alert) -> str:
    labels = alert.labels
    return "/".join((alert.name, labels.get("audience", ""), labels.get("severity", "")))
