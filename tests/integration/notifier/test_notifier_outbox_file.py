"""Outbox files that cannot be used, and how the commands that open them end."""

from pathlib import Path

import pytest

from tests.support.commands import tidemark
from tidemark.services.notifier.errors import OutboxMissing, OutboxUnusable
from tidemark.services.notifier.outbox import Limits, Outbox, list_undelivered, retry_undelivered
from tidemark.streams.storage import ignore_step


def open_outbox(path: Path) -> Outbox:
    return Outbox(path, lambda: 0, Limits(10, 0), ignore_step)


def test_a_missing_outbox_ends_a_command_with_2(tmp_path: Path) -> None:
    path = tmp_path / "o.db"
    for call in (lambda: list_undelivered(path), lambda: retry_undelivered(path, 0)):
        with pytest.raises(OutboxMissing, match="there is no outbox; start `tidemark notifier`"):
            call()
    done = tidemark("notifications", "list", "--outbox", path)
    assert done.returncode == 2
    assert "there is no outbox; start `tidemark notifier`" in " ".join(done.stderr.split())


def test_a_file_that_is_not_an_outbox_ends_a_command_with_1(tmp_path: Path) -> None:
    path = tmp_path / "o.db"
    path.write_bytes(b"something else" * 500)
    for call in (
        lambda: open_outbox(path),
        lambda: list_undelivered(path),
        lambda: retry_undelivered(path, 0),
    ):
        with pytest.raises(OutboxUnusable, match="move it away and start the notifier"):
            call()
    done = tidemark("notifications", "retry", "--outbox", path)
    assert done.returncode == 1
    assert "move it away and start the notifier" in " ".join(done.stderr.split())


def test_an_outbox_that_another_notifier_holds_is_refused_with_its_process_id(tmp_path: Path) -> None:
    first = open_outbox(tmp_path / "o.db")
    with pytest.raises(OutboxUnusable, match=r"held by process \d+, which sends the messages of this outbox"):
        open_outbox(tmp_path / "o.db")
    first.close()
    open_outbox(tmp_path / "o.db").close()
