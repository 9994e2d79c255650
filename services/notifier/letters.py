"""Dead letters of an outbox: to be read, and to be tried again, while its notifier runs or not."""

from contextlib import closing
from pathlib import Path
from typing import Any, NamedTuple

import msgspec

from tidemark.streams.log.sqlite.files import open_reader, open_writer, transaction, translated

from .outbox_file import OUTBOX
from .webhook import Alert

_DEAD = "SELECT channel, reason, received_ms, alert FROM messages WHERE state = 'dead' ORDER BY id"
_REVIVE = """
UPDATE messages SET state = 'waiting', tries = 0, received_ms = ?1, due_ms = ?1, seen_ms = ?1
WHERE state = ?2
"""


class Letter(NamedTuple):
    """A message that was given up, and why."""

    channel: str
    reason: str
    received_ms: int
    alert: Alert


def dead_letters(outbox: Path) -> list[Letter]:
    """All of them, oldest first. Raises LogError."""
    with closing(open_reader(outbox, OUTBOX)) as connection, translated(outbox, OUTBOX):
        rows: list[Any] = connection.execute(_DEAD).fetchall()
    return [
        Letter(channel, reason, received_ms, msgspec.json.decode(alert, type=Alert))
        for channel, reason, received_ms, alert in rows
    ]


def try_again(outbox: Path, now_ms: int) -> int:
    """Let all dead letters wait to be sent, and the ends of their alerts; how many. Raises LogError."""
    with closing(open_writer(outbox, OUTBOX)) as connection, translated(outbox, OUTBOX):
        with transaction(connection):
            connection.execute(_REVIVE, (now_ms, "dead"))
            revived = connection.changes()
            connection.execute(_REVIVE, (now_ms, "moot"))
        return revived
