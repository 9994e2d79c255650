"""The outbox's file: one row for each message, which is for one channel about an alert's start or end."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tidemark.streams.storage import StorageError, StorageMissing, files

from .errors import OutboxMissing, OutboxUnusable

_FIRST = """
CREATE TABLE messages (
    id INTEGER PRIMARY KEY,
    channel TEXT NOT NULL,
    fingerprint TEXT NOT NULL,
    starts_at TEXT NOT NULL,
    status TEXT NOT NULL CHECK (status IN ('firing', 'resolved')),
    grouped_by TEXT NOT NULL, -- messages of equal value may be sent as one
    alert BLOB NOT NULL,
    state TEXT NOT NULL CHECK (state IN ('waiting', 'sending', 'sent', 'dead', 'moot')),
    repeated INTEGER NOT NULL DEFAULT 0, -- 1 when an attempt without an outcome may have arrived
    tries INTEGER NOT NULL DEFAULT 0,
    reason TEXT NOT NULL DEFAULT '',
    received_ms INTEGER NOT NULL,
    due_ms INTEGER NOT NULL,
    seen_ms INTEGER NOT NULL, -- when Alertmanager last spoke of it
    UNIQUE (channel, fingerprint, starts_at, status)
);
CREATE INDEX unsettled ON messages (channel, state, due_ms) WHERE state IN ('waiting', 'sending');
CREATE INDEX forgotten ON messages (seen_ms);
"""

OUTBOX = files.Schema(
    name="outbox",
    application_id=int.from_bytes(b"TDMO"),
    migrations=(_FIRST,),
    synchronous="FULL",
    missing="start `tidemark notifier`, which creates it",
    damaged="move it away and start the notifier; Alertmanager sends alerts that still fire again",
)

RECOVER = "UPDATE messages SET state = 'waiting', repeated = 1, due_ms = ? WHERE state = 'sending'"
SEEN = "UPDATE messages SET seen_ms = ? WHERE channel = ? AND fingerprint = ? AND starts_at = ?"
STATE_OF_START = """
SELECT state FROM messages WHERE channel = ? AND fingerprint = ? AND starts_at = ? AND status = 'firing'
"""
INSERT = """
INSERT INTO messages
    (channel, fingerprint, starts_at, status, grouped_by, alert, state, received_ms, due_ms, seen_ms)
VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT DO NOTHING
"""
DUE = """
SELECT id, grouped_by, status, repeated, tries FROM messages AS m
WHERE channel = ?1 AND state = 'waiting' AND due_ms <= ?2 AND (status = 'firing' OR EXISTS (
    SELECT 1 FROM messages AS f WHERE f.channel = m.channel AND f.fingerprint = m.fingerprint
    AND f.starts_at = m.starts_at AND f.status = 'firing' AND f.state = 'sent'))
ORDER BY due_ms, id
"""
TAKE = "UPDATE messages SET state = 'sending', tries = tries + 1 WHERE id = ? RETURNING alert, received_ms"
SENT = "UPDATE messages SET state = 'sent' WHERE id = ?"
FAILED = "UPDATE messages SET state = 'waiting', repeated = repeated OR ?, due_ms = ? WHERE id = ?"
DEAD = "UPDATE messages SET state = 'dead', reason = ? WHERE id = ?"
CANCEL_ENDS = """
UPDATE messages SET state = 'moot' WHERE status = 'resolved' AND state = 'waiting' AND EXISTS (
    SELECT 1 FROM messages AS f WHERE f.channel = messages.channel
    AND f.fingerprint = messages.fingerprint AND f.starts_at = messages.starts_at
    AND f.status = 'firing' AND f.state = 'dead')
"""
DELETE_OLD = """
DELETE FROM messages WHERE id IN (
    SELECT id FROM messages WHERE seen_ms < ? AND state IN ('sent', 'dead', 'moot') LIMIT ?)
"""
BACKLOG = "SELECT count(*), min(received_ms) FROM messages WHERE state IN ('waiting', 'sending')"
UNDELIVERED = "SELECT channel, reason, received_ms, alert FROM messages WHERE state = 'dead' ORDER BY id"
RETRY = """
UPDATE messages SET state = 'waiting', tries = 0, received_ms = ?1, due_ms = ?1, seen_ms = ?1
WHERE state = ?2
"""


@contextmanager
def translate_errors(path: Path) -> Iterator[None]:
    """Turn errors of SQLite, the system and the storage into the notifier's errors."""
    try:
        with files.translate_errors(path, OUTBOX):
            yield
    except StorageMissing as error:
        raise OutboxMissing(str(error)) from error
    except StorageError as error:
        raise OutboxUnusable(str(error)) from error
